"""What tells a scanner or a paste from a person who types."""

from __future__ import annotations

from typing import Final

BURST_S: Final = 0.035
"""Characters that come closer together than this, in seconds, were not typed by a person: scanners on USB
send one every 1 to 20 ms; two fingers that roll over two keys are hardly ever closer than 40, and a key
that is held down repeats every 33 to 90."""
