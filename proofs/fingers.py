"""Types as a person does: one key after the other. What comes faster is a scan, or a line that stalled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

STROKE_S: Final = 0.12
"""From one character to the next: slow enough for a machine that is busy meanwhile."""

_STROKE: Final = re.compile(r"\x1b(?:\[\[.|\[[0-9;]*[@-~]|O.)?|.", re.DOTALL)


def strokes(keys: str) -> Iterator[tuple[bytes, float]]:
    """Yield the bytes of each key, and how many seconds pass after it: a scanner sends characters only."""
    for one in _STROKE.findall(keys):
        yield one.encode(), STROKE_S if one.isprintable() or one in "\r\n\x1b" else 0.0
