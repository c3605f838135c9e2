"""What the screens of a configured kiosk share: its settings, the service key, the way back to rest."""

from __future__ import annotations

from textual.content import Content
from textual.timer import Timer

from kiosk_tui.locales.texts import _
from kiosk_tui.messages import LeaveAsked, Left, ServiceAsked
from kiosk_tui.screens.frame import Frame
from kiosk_tui.screens.settings import Mode, ScreenSettings


class KioskScreen(Frame, inherit_bindings=False):
    """A screen that knows the settings."""

    def __init__(self, settings: ScreenSettings) -> None:
        super().__init__()
        self.settings = settings
        self._idle: Timer | None = None

    @property
    def locale(self) -> str:
        """The language that amounts and times are written in."""
        return self.settings.languages[0]

    def head(self) -> Content:
        """Say whose kiosk it is, what this screen is, and that a demo is one."""
        demo = _("DEMO - no money moves") if self.settings.demo else ""
        width = self.app.size.width - 4  # the line's own margins
        side = max(0, (width - len(self.heading())) // 2)
        left = f"{self.settings.kiosk_id[:side].ljust(side)}{self.heading()}"
        return Content.assemble(left, (demo.rjust(width - len(left)), "bold ansi_bright_yellow"))

    def on_mount(self) -> None:
        """Begin to wait for somebody who never presses a key."""
        if self.IDLE:
            self._idle = self.set_timer(self.settings.idle_s, self._walked_away)

    def touched(self) -> None:
        """Begin to wait anew."""
        if self._idle is not None:
            self._idle.reset()

    def service(self) -> None:
        """Ask for the service PIN, where that is possible."""
        if self.SERVICE:
            self.tell_last(ServiceAsked())

    def quit(self) -> None:
        """Leave the program, where that is allowed."""
        if self.settings.mode is not Mode.KIOSK:
            self.tell_last(LeaveAsked())

    def _walked_away(self) -> None:
        self.tell_last(Left())
