"""What the keyboard's reader tells beside single keys, passed on to the screen that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk_tui.ui.journeys.path import Path

if TYPE_CHECKING:
    from kiosk_tui.ui.driver.typed import Burst, Noise


class TypedPath(Path):
    """Passes on what is no key. A screen hears it in turn with the keys before and after it."""

    def on_burst(self, event: Burst) -> None:
        """Let the screen see what came in one piece: somebody is there."""
        self.somebody_is_there()
        screen = self.frame
        screen.call_later(screen.take_burst, event)

    def on_noise(self, _event: Noise) -> None:
        """Let the screen know of bytes that are no key: nobody need be there."""
        screen = self.frame
        screen.call_later(screen.noise)
