"""What looks otherwise in another room."""

from __future__ import annotations

from textual.widget import Widget

from kiosk_tui.ui.widgets.room import ScreenStep, step_of


class Fitting(Widget):
    """Looks otherwise in another room. Its own size may be the same, so it is told of the room's."""

    def on_mount(self) -> None:
        """Begin as large as there is room."""
        self.fit()

    def on_resize(self) -> None:
        """Be as large, or as small, as there is room."""
        self.fit()

    def fit(self) -> None:
        """Look as the app's size allows."""
        self.refresh(layout=True)

    @property
    def step(self) -> ScreenStep:
        """How large everything is here."""
        return step_of(self.app.size)

    @property
    def rich(self) -> bool:
        """Whether half blocks and quadrants may be drawn."""
        return self.screen.has_class("-rich")
