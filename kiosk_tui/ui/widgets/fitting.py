"""What looks otherwise in another room."""

from __future__ import annotations

from textual.widget import Widget

from kiosk_tui.ui.widgets.room import ScreenStep, step_of


class Fitting(Widget):
    """Is as large as the screen's step says. Its own room may stay the same, so it is told of another step."""

    def fit(self) -> None:
        """Be laid out anew: the step is another one."""
        self.refresh(layout=True)

    @property
    def step(self) -> ScreenStep:
        """How large everything is here."""
        return step_of(self.app.size)

    @property
    def rich(self) -> bool:
        """Whether half blocks and quadrants may be drawn."""
        return self.screen.has_class("-rich")
