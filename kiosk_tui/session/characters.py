"""What the terminal of a session can draw: its encoding, and a Linux console's font."""

from __future__ import annotations

import sys

from kiosk_tui.diagnosis.console.font_map import characters
from kiosk_tui.text.glyphs import draw_with, writable


def draw_with_what_there_is(console: int) -> None:
    """Do without the characters that its encoding, or a Linux console's font, lacks."""
    # not `sys.stderr`: Textual puts something else in its place
    stream = sys.__stdout__ if console == 1 else sys.__stderr__
    encoding = "utf-8" if stream is None else stream.encoding
    draw_with(writable(encoding, characters(console)))
