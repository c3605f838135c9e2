"""What a cashier's status line tells: service, terminal, printer, cancellations due. A pure value.

It is kept up by what the register and the printer tell anyway: nobody is asked for it, and nothing goes
over the line.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk_tui.domain.lifecycle import RUNNING, State
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.slip import Condition, PrinterState
from kiosk_tui.payment.notifications import (
    Notification,
    ReadinessChanged,
    TerminalTold,
)
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.records import dataclass

STEADY: Final = 2.0
"""A latency is told anew when it is more than so many times, or less than one so-manyth of, the one shown:
a figure that changes at every look costs bytes and tells nobody anything."""


@dataclass(frozen=True, slots=True)
class LaneStatus:
    """`service_ms` is how long the service took to answer, None where nobody knows.

    `reachable` is None before the first look. `terminal` is what it told last, `READY` after an
    approval, and `UNKNOWN` where nobody knows. `printer` is None where there is none, or before it was
    looked at.
    """

    service_ms: float | None = None
    reachable: bool | None = None
    terminal: TerminalState = TerminalState.UNKNOWN
    printer: Condition | None = None
    due: int = 0

    def heard(self, notification: Notification) -> LaneStatus:
        """Return the status after the register's news."""
        if isinstance(notification, ReadinessChanged):
            return self.ready(notification.readiness)
        if isinstance(notification, TerminalTold):
            return replace(self, terminal=notification.state)
        return replace(self, terminal=_terminal(notification.transaction.state))

    def ready(self, readiness: Readiness) -> LaneStatus:
        """Return the status with what keeps the register closed, and what is due."""
        reachable = readiness.obstacle is not Obstacle.UNREACHABLE
        known = readiness.obstacle is not Obstacle.STARTING
        return replace(
            self,
            reachable=reachable if known else None,
            service_ms=self.service_ms if reachable and known else None,
            due=len(readiness.due),
        )

    def served(self, after_s: float | None) -> LaneStatus:
        """Return the status with how long the service took to answer, in seconds."""
        now = None if after_s is None else after_s * 1000
        before = self.service_ms
        if now is not None and before and before / STEADY <= now <= before * STEADY:
            return self
        return replace(self, service_ms=now if self.reachable else None)

    def printing(self, state: PrinterState | None) -> LaneStatus:
        """Return the status with how the printer is; None where there is none."""
        return replace(self, printer=None if state is None else state.condition)


def _terminal(state: State) -> TerminalState:
    """Return what a transaction's state tells of the terminal that it runs on."""
    if state is State.APPROVED:
        return TerminalState.READY
    return TerminalState.BUSY if state in RUNNING else TerminalState.UNKNOWN
