"""Types as a person does: one key after the other. What comes faster is a scan, or a line that stalled."""

from __future__ import annotations

import re
from typing import Final

STROKE_S: Final = 0.08
"""From one key to the next: slow enough for a machine that is busy meanwhile."""

_STROKE: Final = re.compile(r"\x1b(?:\[\[.|\[[0-9;]*[@-~]|O.)?|.", re.DOTALL)


def strokes(keys: str) -> list[bytes]:
    """Return the bytes of each key."""
    return [one.encode() for one in _STROKE.findall(keys)]
