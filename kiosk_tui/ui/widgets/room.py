"""How much room a terminal has: for figures and letters as large as pictures, or for plain ones only."""

from __future__ import annotations

from typing import Final

from textual.geometry import Size
from textual.widget import Widget

SMALLEST: Final = (80, 24)
"""Columns and rows that every screen fits into. In less, everything is written in plain characters."""


def is_small(room: Size) -> bool:
    """Whether large figures would be cut here: a small display, or a window that was made smaller."""
    return room.width < SMALLEST[0] or room.height < SMALLEST[1]


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
        raise NotImplementedError
