"""The line that says how everything stands that a lane needs: service, terminal, printer, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.slip import Condition
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.session.lane_status import LaneStatus
from kiosk_tui.text.cells import shortened
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.text.texts import _
from kiosk_tui.ui.screens.lane.shift import Shift
from kiosk_tui.ui.widgets.fitting import Fitting

_DOT: Final = "•"
_ALERT: Final = "!"
_GAPS: Final = (4, 3, 2, 1)


class StatusItem(NamedTuple):
    """One thing, how it stands, and whether that is good (`ok`), to be looked at (`warn`) or `bad`."""

    name: str
    value: str
    looks: str


def status_of(shift: Shift) -> Sequence[StatusItem]:
    """Say how everything stands, as far as anybody knows.

    What comes and goes stands behind what is always told, which does not move then.
    """
    status, due, tasks = shift.status, len(shift.readiness.due), len(shift.tasks)
    found = [_service(shift.readiness, status)]
    found.append(StatusItem(_("To cancel"), str(due), "warn" if due else "ok"))
    if status.terminal in _TERMINAL:
        found.append(StatusItem(_("Terminal"), *_terminal(status.terminal)))
    if status.printer is not None:
        found.append(StatusItem(_("Printer"), *_printer(status.printer)))
    if tasks:
        found.append(StatusItem(_("Tasks"), str(tasks), "warn"))
    return found


def _service(readiness: Readiness, status: LaneStatus) -> StatusItem:
    name = "TECS"
    if readiness.obstacle is Obstacle.STARTING:
        return StatusItem(name, "..", "warn")
    if readiness.obstacle not in (None, Obstacle.CANCELLATION_DUE, Obstacle.CLOSED_BY_OFFICE):
        return StatusItem(name, _("closed"), "bad")
    took = status.service_ms
    return StatusItem(name, _("ready") if took is None else f"{took:.0f} ms", "ok")


_TERMINAL: Final = frozenset(
    {
        *(TerminalState.READY, TerminalState.BUSY),
        *(TerminalState.WAITING_FOR_CARD, TerminalState.CARD_READ),
    }
)
"""What is known of a terminal; otherwise nothing is said of it."""


def _terminal(state: TerminalState) -> tuple[str, str]:
    words = _("ready"), _("in use")
    told = words[state is not TerminalState.READY]
    return told.ljust(max(map(len, words))), "ok"  # what stands behind it does not move


def _printer(condition: Condition) -> tuple[str, str]:
    return {
        Condition.READY: (_("ready"), "ok"),
        Condition.PAPER_LOW: (_("paper low"), "warn"),
        Condition.PAPER_OUT: (_("no paper"), "bad"),
        Condition.COVER_OPEN: (_("open"), "bad"),
        Condition.OFFLINE: (_("offline"), "bad"),
        Condition.UNKNOWN: (_("unknown"), "warn"),
    }[condition]


class StatusLine(Fitting):
    """Shows the items side by side: as far apart as there is room, the last ones not where there is none."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("status--ok", "status--warn", "status--bad", "status--name"),
    }

    def __init__(self, items: Sequence[StatusItem]) -> None:
        super().__init__(id="status")
        self._items = tuple(items)
        self._instead = ""

    def show(self, items: Sequence[StatusItem], instead: str = "") -> None:
        """Show other items; or, for a while, the rest of a sentence that stands above."""
        if (tuple(items), instead) != (self._items, self._instead):
            self._items, self._instead = tuple(items), instead
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        room, plain = self.size.width, self.rich_style
        if y:
            return Strip.blank(room, plain)
        if self._instead:
            text = shortened(self._instead, room, rich=self.rich).ljust(room)
            return Strip([Segment(text, self.get_component_rich_style("status--warn"))], room)
        gap = next((one for one in _GAPS if self._wide(one) <= room), 1)
        drawn: list[Segment] = []
        for one in self._items:
            looks = self.get_component_rich_style(f"status--{one.looks}")
            dot = "●" if self.rich else drawable(_DOT)
            mark = dot if one.looks == "ok" else _ALERT
            drawn.append(Segment(f"{mark} ", looks))
            drawn.append(Segment(f"{one.name} ", self.get_component_rich_style("status--name")))
            drawn.append(Segment(one.value, looks))
            drawn.append(Segment(" " * gap, plain))
        return Strip(drawn).adjust_cell_length(room, plain)

    def _wide(self, gap: int) -> int:
        return sum(len(f"  {one.name} {one.value}") + gap for one in self._items) - gap
