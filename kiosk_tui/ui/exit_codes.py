"""What the app returns at its end, beside 0."""

from __future__ import annotations

from typing import Final

FAILED: Final = 70
"""The screen failed (sysexits: software)."""

RESTART: Final = 64_000
"""The program is to begin anew; no process ever ends with it."""
