"""The first picture, before the register is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.text.texts import _
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.stylesheets import sheet


class Starting(Frame, inherit_bindings=False):
    """Asks for a moment."""

    CSS_PATH = sheet("starting")
    RESTING: ClassVar[bool] = True

    def body(self) -> Iterator[Widget]:
        yield Static(_("One moment, please"), classes="title", markup=False)
