"""What a session knows of whoever uses its register: screens, lines, POS software, one command.

Named tuples, because the first picture waits for this module, and dataclasses cost three times as much.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    # loaded while the first picture is on the screen
    from kiosk_tui.payment.readiness import Readiness
    from kiosk_tui.remote.link.takeover import Held
    from kiosk_tui.session.register import OpenRegister


class ReloadRefused(NamedTuple):
    """A new configuration was asked for, and not taken; `why` is a sentence."""

    why: str


class Signalled(NamedTuple):
    """Somebody asked for the program's end, with this signal."""

    number: signal.Signals


class Reloading:
    """The program begins anew, with the configuration as it is now."""


class TakeoverGranted(NamedTuple):
    """Another session has asked for the register; `by` names it."""

    by: str


Reason = Signalled | Reloading | TakeoverGranted
"""Why a front has to leave."""


class Front(Protocol):
    """Called in the register's loop. Only `alive` and `attach` may take their time."""

    @property
    def resting(self) -> bool:
        """Whether nobody is in the middle of anything."""

    @property
    def failed(self) -> bool:
        """Whether a screen of it has failed since the program began."""

    async def alive(self) -> bool:
        """Return once it has moved: a terminal took a frame, say. False while it only begins."""

    async def attach(self, opened: OpenRegister) -> None:
        """Work with this register from now on; it looks at the chain after this."""

    def told(self, news: Readiness | Held | ReloadRefused) -> None:
        """Hear why there is no register yet, or why a new configuration was not taken."""

    def leave(self, why: Reason) -> None:
        """End soon: the session closes once the front has returned."""


class Duties(NamedTuple):
    """What a session does for a kind of front, beside opening the register and closing everything.

    `lasting`: it lives on. It replays and looks again and again, counts as a start of the program,
    answers to systemd, can be watched and asked for the register, reloads, and gives a payment that
    runs its time at the end. Without, it does one thing, and waits for that itself.
    `people`: they stand at it. A kiosk keeps trying to open; others may take the register over, and
    are told what nobody has seen.
    `waits`: it shows who holds the register and waits for its turn.
    `alerting`: whoever has to is alerted before the end, which nobody may be waiting for.
    `hands_over`: the command of `[goods]` is run for what is paid here; elsewhere the caller says how it went.
    `ends`: what is told to whoever wants to pay after the end has begun.
    """

    lasting: bool = False
    people: bool = False
    waits: bool = False
    alerting: bool = False
    hands_over: bool = True
    ends: str = "This program ends."


SCREENS: Final = Duties(lasting=True, people=True, waits=True)
LINES: Final = Duties(lasting=True, people=True)
SERVE: Final = Duties(
    lasting=True, hands_over=False, ends="The register ends: connect again when it is back."
)
COMMAND: Final = Duties()
RECOVER: Final = Duties(alerting=True)
