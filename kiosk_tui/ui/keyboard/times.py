"""How long the reader waits for what. All in seconds."""

from __future__ import annotations

from typing import Final

ESCAPE_S: Final = 0.1
"""So long ESC may still begin a sequence; then it is the Escape key."""

CUT_S: Final = 10.0
"""So long the rest of a sequence that the line has cut is waited for, after its last byte."""

PASTE_S: Final = 1.0
"""A paste that has stood still for so long is over, though its end never came."""
