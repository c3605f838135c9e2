"""What the reader of the keyboard tells the app beside single keys."""

from __future__ import annotations

from textual.message import Message

from kiosk_tui.records import dataclass


@dataclass
class Burst(Message):
    """Characters that came faster than a person types, or in one piece: a scanner, or a line that stalled.

    `entered`: there was an Enter behind them, which is never a person's; what came behind it is dropped.
    """

    text: str
    entered: bool = False


@dataclass
class Noise(Message):
    """Bytes came that are no key: an undecodable one, a sequence that nobody asked for, a cut one."""
