"""A QR code as a printer takes a picture."""

from __future__ import annotations

from typing import Final

from kiosk_tui.receipt.logo import bands
from kiosk_tui.receipt.qr import modules

_QUIET: Final = 4
"""Light modules around a code (ISO/IEC 18004)."""
_MOST_DOTS: Final = 6
"""For a module's side: three quarters of a millimetre."""


def raster(content: str, dots: int) -> bytes:
    """Return a code in the middle of a line of so many dots, as a printer takes a picture.

    Raises `ValueError` for a text that fits into no code that wide.
    """
    made = modules(content)
    scale = min(_MOST_DOTS, dots // (len(made) + 2 * _QUIET))
    if not scale:
        raise ValueError(f"{len(content)} characters do not fit into a code of {dots} dots")
    before = (dots - scale * len(made)) // 2
    rows = b""
    for row in made:
        ink = "".join(("1" if dark else "0") * scale for dark in row)
        line = f"{'0' * before}{ink}".ljust(dots, "0")
        rows += int(line, 2).to_bytes(dots // 8, "big") * scale
    blank = bytes(dots // 8) * scale * _QUIET
    return bands(blank + rows + blank, dots // 8)
