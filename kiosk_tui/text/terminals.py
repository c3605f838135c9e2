"""What a terminal is called where it cannot be drawn on. Light: the start asks it."""

from __future__ import annotations

from typing import Final

DUMB: Final = frozenset({"", "dumb", "unknown"})
"""What `TERM` says where no cursor can be moved."""
