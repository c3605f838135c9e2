"""What is examined, as the checks see it: facts as values, and the questions that can be asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, Protocol

from kiosk_tui.diagnosis.console.facts import ConsoleFacts
from kiosk_tui.domain.evidence import Asked, Connected, Handshake, Resolved, Visit
from kiosk_tui.domain.outcome import StatusOutcome
from kiosk_tui.domain.slip import PrinterState
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.records import dataclass

INPUT_DEVICES: Final = Path("/proc/bus/input/devices")


class Connection(Protocol):
    """The way to TECS. No method raises for a bad line, and none sends a payment."""

    @property
    def mounted(self) -> bool:
        """Whether TECS is the demo's simulator inside this process."""

    @property
    def can_ask(self) -> bool:
        """Whether the terminal can be asked: there is a configuration that can be used."""

    @property
    def answers_at(self) -> str:
        """The address that is asked."""

    async def resolve(self) -> Resolved:
        """Ask for the host's addresses."""

    async def connect(self) -> Connected:
        """Make a connection, and give it back unused."""

    async def handshake(self) -> Handshake:
        """Look at the certificate."""

    async def version(self) -> Visit:
        """Ask for the version."""

    async def status(self) -> tuple[Visit, StatusOutcome]:
        """Ask the terminal what it is doing."""

    def version_request(self) -> Asked:
        """Return the question for the version, unsent."""

    def status_request(self) -> Asked:
        """Return the question for the terminal, unsent."""

    def sale_request(self) -> Asked | None:
        """Return the test sale's request, unsent, as far as the configuration can be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration: where it is, and in a sentence why it cannot be used.

    `place` is where the register stands, as requests tell it.
    """

    where: str
    fault: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The key: where it is, and in a sentence why it cannot be used."""

    where: str
    fault: str = ""
    scheme: str = "raw"


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """The journal: what is wrong with it, what is due, what needs staff. `size` is None for none.

    `anchor` is a sentence about what is not well with its anchor, or empty; `place` about where it lies.
    `newest` is when its newest transaction was begun, by the clock of that moment.
    """

    troubles: Sequence[str] = ()
    due: int = 0
    for_staff: int = 0
    size: int | None = None
    anchor: str = ""
    place: str = ""
    newest: datetime | None = None
    unsigned: str = ""
    """Which signatures a signer owes, in words."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Subject:
    """Everything that can be looked at. None stands for what an unusable configuration hides.

    `sell` makes the test sale: it is None when nobody asked for it, and `no_sale` says why. `heard`
    is the terminal's last answer, which two links are judged by. `probe` is what a register asks to see
    whether it is TECS that answers (`terminal.probe`). `zone` is `terminal.timezone`, where it is set.
    `frozen` names the terminal of whoever holds the register where that takes no output.
    """

    settings: Callable[[], Settings]
    folder: Path
    least_free_bytes: int
    book: Callable[[], JournalFacts]
    console: Callable[[], ConsoleFacts]
    key: Callable[[], KeyFacts] | None = None
    line: Connection | None = None
    printer: Callable[[], Awaitable[PrinterState]] | None = None
    logo: Callable[[], str] = str
    """Why slips have no logo, as a sentence; nothing where that is as configured. It blocks."""
    sell: Callable[[], Awaitable[Transaction | NotStarted]] | None = None
    no_sale: str = "only when asked for"
    probe: str = "version"
    zone: tzinfo | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    frozen: Callable[[], str] = str
    devices: Path = INPUT_DEVICES
    now: Callable[[], datetime] = _now
    heard: tuple[Visit, StatusOutcome] | None = field(default=None, repr=False)
