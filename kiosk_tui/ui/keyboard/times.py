"""How long the reader waits for what. All in seconds."""

from __future__ import annotations

from typing import Final

BURST_S: Final = 0.035
"""Characters that come closer together than this were not typed by a person: scanners on USB send one
every 1 to 20 ms; two fingers that roll over two keys are hardly ever closer than 40, and a key that is
held down repeats every 33 to 90."""

ESCAPE_S: Final = 0.1
"""So long ESC may still begin a sequence; then it is the Escape key."""

CUT_S: Final = 10.0
"""So long the rest of a sequence that the line has cut is waited for, after its last byte."""

PASTE_S: Final = 1.0
"""A paste that has stood still for so long is over, though its end never came."""
