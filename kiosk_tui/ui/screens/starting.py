"""The first picture, before the register is open; it keeps the digits that somebody types meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.text.texts import _
from kiosk_tui.ui.screens.frame import Frame

_MOST: Final = 32
"""So many digits are kept: no amount has more, and what has more than an amount is none."""


class Starting(Frame, inherit_bindings=False):
    """Asks for a moment. Digits and Backspace are for the first screen that takes an amount.

    No other key does anything. But where Enter came behind digits they may be a scan, which must be looked
    at: then `entered`.
    """

    RESTING: ClassVar[bool] = True
    TYPING: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.typed = ""
        self.entered = False

    def body(self) -> Iterator[Widget]:
        told = Static(_("One moment, please"), classes="title", markup=False)
        told.styles.text_align = "center"  # Textual reads no sheet of an app's default screen
        yield told

    def _compositor_refresh(self) -> None:
        """Draw nothing where this very picture stands already: a forked lane has it from its login command."""
        if getattr(self.app._driver, "shows_start", False):  # noqa: SLF001 - a test holds both names
            self._dirty_widgets.clear()
        else:
            super()._compositor_refresh()

    def is_deaf(self) -> bool:
        """Hear everything at once: nothing here leads anywhere."""
        return False

    def digit(self, digit: int) -> None:
        self.typed = f"{self.typed}{digit}"[:_MOST]

    def erase(self) -> None:
        self.typed = self.typed[:-1]

    def enter(self) -> None:
        self.entered = self.entered or bool(self.typed)

    def burst(self, text: str, *, entered: bool) -> None:
        """Keep digits that a line brought in one piece; a scan of anything else is nobody's."""
        if text.isascii() and text.isdigit():
            self.typed = f"{self.typed}{text}"[:_MOST]
            self.entered = self.entered or entered
