"""What the screens need to know of the configuration. Values only; `session.screens` fills them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.limits import Limits
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.rights import Rights
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.totals import Totals
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass
from kiosk_tui.text.looks import TRUE, Rendering
from kiosk_tui.text.themes import THEMES, Theme

if TYPE_CHECKING:  # who only ships events loads no receipts
    from kiosk_tui.receipt.lines import Paper


class Mode(StrEnum):
    """Who sits in front of it."""

    KIOSK = "kiosk"
    LANE = "lane"
    TECHNICIAN = "technician"

    @property
    def attended(self) -> bool:
        """Whether somebody sits there who may leave by a key: at a kiosk nobody does."""
        return self is not Mode.KIOSK

    @property
    def pointed(self) -> bool:
        """Whether the mouse is asked for; a technician needs it to copy what the bench shows."""
        return self is not Mode.TECHNICIAN


def _now() -> datetime:
    return datetime.now(UTC)


def _nobody(_person: str, _pin: str) -> bool:
    return False


def _nothing(_day: date) -> Totals:
    now = _now()
    return Totals(now, now, (), ())


def _no_report() -> DayReport:
    now = _now()
    return DayReport(
        number=None, day=now.date(), opened_at=None, at=now, after=0, last=0, currencies=(), late=(),
        running={}, disagreements=(),
    )  # fmt: skip


def _nowhere(_day: object, _form: str) -> str:
    return ""


def _no_lines(_day: object, _paper: Paper) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """What only a cashier's lane needs to know.

    `extra` are the operations that not every account has, and this lane offers. With `people` somebody
    signs on before anything else; `person_fits` says whether a PIN is that
    person's, and takes a noticeable time. `totals` adds up a day of the journal and raises what the
    journal raises; `day_lines` lays it out on paper, `save_day` writes a file (csv or json) and
    returns its name. `report_so_far` (X) and `close_day` (Z) do so for the business day, and raise what the
    journal raises and `NothingToCloseError`; `report_lines` and `save_report` write a report. All of them
    block, so they are called in a thread. A day begins in `zone`, or in this machine's.
    """

    rights: Rights = field(default_factory=Rights)
    extra: frozenset[Operation] = frozenset()
    people: frozenset[str] = frozenset()
    person_fits: Callable[[str, str], bool] = _nobody
    zone: tzinfo | None = None
    totals: Callable[[date], Totals] = _nothing
    day_lines: Callable[[Totals, Paper], list[str]] = _no_lines
    save_day: Callable[[Totals, str], str] = _nowhere
    report_so_far: Callable[[], DayReport] = _no_report
    close_day: Callable[[], DayReport] = _no_report
    report_lines: Callable[[DayReport, Paper], list[str]] = _no_lines
    save_report: Callable[[DayReport, str], str] = _nowhere


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """Everything that a screen may depend on.

    `pin_fits` says whether a typed service PIN is right, and is None when no PIN is configured.
    It takes a noticeable time (a password hash), so it is called in a thread. `name` is the shop's,
    `machine` this register's id, which only staff is told. `welcome` are the
    merchant's own words, by language. `locale` is the customer's choice among `languages`.
    `code` says what the QR code of a transaction holds; None where none is shown.
    `what_is_wrong` reads the configuration again and says in a sentence why it cannot be
    used. With a `numpad` alone the keys are called what they are called there. With a `price` nobody is asked for an amount.
    `until_goods`: payments stay charged only when goods are handed over. `now` is the wall clock, UTC.

    `days` loads what a kiosk's staff does with business days, when it is asked for: what a lane has.

    `rendering` is what the terminal can draw. `remote` says
    that the screens go over SSH, where a picture costs bytes: what moves, moves at most once a second.
    `motion` says that something may move while the program works; `motion_at_rest`, while nobody pays;
    under `thrift` neither, and figures are small. `service` is the payment service's host, for staff.
    """

    mode: Mode
    demo: bool
    place: Place
    amount_min: Money
    amount_max: Money
    tip: TipPolicy
    languages: tuple[str, ...]
    idle_s: float
    pin_fits: Callable[[str], bool] | None
    demo_pin: str = ""
    name: str = ""
    machine: str = ""
    logo: tuple[str, ...] = ()
    welcome: Mapping[str, str] = field(default_factory=dict)
    rendering: Rendering = field(default_factory=Rendering)
    theme: Theme = field(default_factory=lambda: THEMES["standard"].console)
    price: Money | None = None
    until_goods: bool = False
    presets: tuple[Money, ...] = ()
    may_leave: bool = True
    code: Callable[[Transaction], str] | None = None
    motion: bool = True
    motion_at_rest: bool = True
    thrift: bool = False
    remote: bool = False
    service: str = ""
    numpad: bool = False
    what_is_wrong: Callable[[], str] = str
    lane: LaneSettings = field(default_factory=LaneSettings)
    days: Callable[[], LaneSettings] = LaneSettings
    locale: str = ""
    now: Callable[[], datetime] = _now

    def __post_init__(self) -> None:
        """Begin with the kiosk's own language."""
        if not self.locale:
            object.__setattr__(self, "locale", self.languages[0])

    @property
    def limits(self) -> Limits:
        """What an amount and a tip may be."""
        return Limits(self.amount_min, self.amount_max, self.tip)

    @property
    def still(self) -> bool:
        """Whether figures that are typed stand still, small and from the left: few bytes a key."""
        return self.thrift or self.remote

    @property
    def diagonal(self) -> bool:
        """Whether a drawn card may have a colour of its own in each cell, which costs bytes."""
        return self.rendering.colours == TRUE and not self.still

    @property
    def other_locales(self) -> tuple[str, ...]:
        """The languages after the present one, round to the one before it."""
        here = self.languages.index(self.locale)
        return (*self.languages[here + 1 :], *self.languages[:here])
