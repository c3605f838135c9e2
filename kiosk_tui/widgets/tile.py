"""A choice: the key that picks it, and what it means. A tap or click picks it, too."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class Tile(Static):
    """One of several equal choices."""

    @dataclass
    class Picked(Message):
        """The tile was tapped or clicked."""

        key: str

    def __init__(self, key: str, lines: tuple[str, ...]) -> None:
        cap = Content.styled(f"  {key}  ", "not bold not reverse $cap-front on $cap-back")
        super().__init__(Content("\n").join((cap, *map(Content, lines))))
        self._key = key

    def on_click(self, event: events.Click) -> None:
        """Turn a tap into the key that it stands for."""
        event.stop()
        self.post_message(self.Picked(self._key))
