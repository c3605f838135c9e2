"""The line that says how everything stands that a lane needs: service, terminal, printer, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from kiosk_tui.payment.readiness import Obstacle, Readiness
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
    """Say how everything stands."""
    due, tasks = len(shift.readiness.due), len(shift.tasks)
    found = [_service(shift.readiness)]
    if shift.printer_set:
        found.append(
            StatusItem(
                _("Printer"),
                _("look") if shift.printer else _("ready"),
                "warn" if shift.printer else "ok",
            )
        )
    found.append(StatusItem(_("To cancel"), str(due), "warn" if due else "ok"))
    found.append(StatusItem(_("Tasks"), str(tasks), "warn" if tasks else "ok"))
    return found


def _service(readiness: Readiness) -> StatusItem:
    if readiness.obstacle in (None, Obstacle.CANCELLATION_DUE):
        return StatusItem(_("Service"), _("ready"), "ok")
    if readiness.obstacle is Obstacle.STARTING:
        return StatusItem(_("Service"), _("One moment, please").lower(), "warn")
    return StatusItem(_("Service"), _("closed"), "bad")


class StatusLine(Fitting):
    """Shows the items side by side: as far apart as there is room, the last ones not where there is none."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("status--ok", "status--warn", "status--bad", "status--name"),
    }

    def __init__(self, items: Sequence[StatusItem]) -> None:
        super().__init__(id="status")
        self._items = tuple(items)

    def show(self, items: Sequence[StatusItem]) -> None:
        """Show other items."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        room, plain = self.size.width, self.rich_style
        if y:
            return Strip.blank(room, plain)
        gap = next((one for one in _GAPS if self._wide(one) <= room), 1)
        drawn: list[Segment] = []
        for one in self._items:
            looks = self.get_component_rich_style(f"status--{one.looks}")
            mark = drawable(_DOT) if one.looks == "ok" else _ALERT
            drawn.append(Segment(f"{mark} ", looks))
            drawn.append(Segment(f"{one.name} ", self.get_component_rich_style("status--name")))
            drawn.append(Segment(one.value, looks))
            drawn.append(Segment(" " * gap, plain))
        return Strip(drawn).adjust_cell_length(room, plain)

    def _wide(self, gap: int) -> int:
        return sum(len(f"  {one.name} {one.value}") + gap for one in self._items) - gap
