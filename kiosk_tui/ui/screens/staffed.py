"""What the screens of staff and technicians share: a heading of their own, the shop, and the time."""

from __future__ import annotations

from typing import ClassVar

from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_day_time
from kiosk_tui.ui.screens.base import KioskScreen


class StaffedScreen(KioskScreen):
    """A screen behind a PIN, or of a technician's program."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"title", "dim", "warn", "ok-text", "bad-text"}
    """Roles that single words have here."""

    @property
    def room(self) -> int:
        """Columns between the margins."""
        return max(1, self.app.size.width - 2 * self.step.margin)

    @property
    def rich(self) -> bool:
        """Whether more may be drawn than a console has."""
        return self.settings.rendering.rich

    def heading(self) -> str:
        return _("Service")

    def title_left(self) -> str:
        return "  •  ".join(filter(None, (self.heading(), self.settings.name)))

    def title_right(self) -> str:
        return format_day_time(self.settings.now(), self.locale)
