"""What the screens need to know of the configuration. Values only; `wiring` fills them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.transaction import Place, Transaction
from kiosk_tui.screens.themes import THEMES, Theme


class Mode(StrEnum):
    """Who sits in front of it."""

    KIOSK = "kiosk"
    LANE = "lane"
    TECHNICIAN = "technician"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """Everything that a screen may depend on.

    `pin_fits` says whether a typed service PIN is right, and is None when no PIN is configured.
    It takes a noticeable time (a password hash), so it is called in a thread. `welcome` are the
    merchant's own words, by language. `locale` is the customer's choice among `languages`.
    `code` makes a QR code of a transaction; `halves` says that the console has half blocks.
    `what_is_wrong` reads the configuration again and says in a sentence why it cannot be
    used. With a `numpad` alone the keys are called what they are called there. With a `price` nobody is asked for an amount. `now` is the wall clock, UTC.
    """

    mode: Mode
    demo: bool
    kiosk_id: str
    place: Place
    amount_min: Money
    amount_max: Money
    tip: TipPolicy
    languages: tuple[str, ...]
    idle_s: float
    pin_fits: Callable[[str], bool] | None
    demo_pin: str = ""
    name: str = ""
    logo: tuple[str, ...] = ()
    welcome: Mapping[str, str] = field(default_factory=dict)
    theme: Theme = field(default_factory=lambda: THEMES["standard"])
    price: Money | None = None
    presets: tuple[Money, ...] = ()
    may_leave: bool = True
    code: Callable[[Transaction], Sequence[Sequence[bool]]] | None = None
    halves: bool = False
    numpad: bool = False
    what_is_wrong: Callable[[], str] = str
    locale: str = ""
    now: Callable[[], datetime] = _now

    def __post_init__(self) -> None:
        """Begin with the kiosk's own language."""
        if not self.locale:
            object.__setattr__(self, "locale", self.languages[0])

    @property
    def other_locales(self) -> tuple[str, ...]:
        """The languages after the present one, round to the one before it."""
        here = self.languages.index(self.locale)
        return (*self.languages[here + 1 :], *self.languages[:here])
