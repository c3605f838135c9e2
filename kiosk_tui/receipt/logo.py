"""A shop's logo above its slips: a picture in black and white dots, as `GS v 0` prints it.

Pillow, which stands behind `python-escpos`, reads it, once, in the printer's thread.
"""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

DOTS: Final = {32: 384, 42: 512, 48: 576}
"""Dots that a line of so many characters has: 58 mm and 80 mm paper at 203 dpi."""
MOST_BYTES: Final = 1_000_000
MOST_PIXELS: Final = 4_000_000
_HIGHEST: Final = 400
"""Dots: 5 cm of paper."""
_BAND: Final = 128
"""Rows that are sent as one picture: small printers hold no more."""


class LogoError(Exception):
    """A logo that cannot be printed; the text is a sentence."""


class Logo:
    """A file with a picture. A slip is printed without one that cannot be used, which is logged once."""

    def __init__(self, path: Path, columns: int) -> None:
        self._path = path
        self._dots = DOTS[columns]
        self._raster: bytes | None = None

    def raster(self) -> bytes:
        """Return what prints it; nothing where it cannot be used."""
        if self._raster is None:
            try:
                self._raster = raster(self._path, self._dots)
            except LogoError as error:
                log.warning("%s Slips are printed without it.", error)
                self._raster = b""
        return self._raster


def trouble(path: Path, columns: int) -> str:
    """Return why a logo cannot be printed, as a sentence; nothing where it can."""
    try:
        raster(path, DOTS[columns])
    except LogoError as error:
        return str(error)
    return ""


def raster(path: Path, dots: int) -> bytes:
    """Return a picture as a printer of so many dots takes it. Raises `LogoError`.

    It is made smaller where it is too large, never larger, and stands in the middle.
    """
    try:
        return _raster(path, dots)
    except LogoError:
        raise
    except ImportError as error:
        raise LogoError(f"receipt.logo needs kiosk-tui[printer] ({error.name}).") from error
    except OSError as error:
        why = error.strerror or "it is no PNG and no BMP, or is broken"
        raise LogoError(f"receipt.logo = {path} cannot be used: {why}.") from error
    except Exception as error:  # a decoder's, of many kinds: no slip is lost for a picture
        raise LogoError(f"receipt.logo = {path} cannot be used: it is broken.") from error


def _raster(path: Path, dots: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 - dear, and an extra

    Image.MAX_IMAGE_PIXELS = None  # it would warn on stderr, which is the screen; we refuse below
    data = _read(path)
    with Image.open(io.BytesIO(data), formats=("PNG", "BMP")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            size = f"{picture.width} x {picture.height} pixels"
            raise LogoError(f"receipt.logo = {path} has {size}: {MOST_PIXELS:,} are the most.")
        on_white = Image.new("RGBA", picture.size, "white")
        on_white.alpha_composite(picture.convert("RGBA"))
    grey = on_white.convert("L")
    grey.thumbnail((dots, _HIGHEST), Image.Resampling.LANCZOS)
    line = Image.new("L", (dots, grey.height), "white")
    line.paste(grey, ((dots - grey.width) // 2, 0))
    ink = line.convert("1").tobytes()  # dithered; a dot that is printed is 1, and white is 1 here
    return bands(bytes(0xFF ^ one for one in ink), dots // 8)


def _read(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise LogoError(f"receipt.logo = {path} is no file.")  # a pipe would be waited for
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise LogoError(f"receipt.logo = {path} is larger than {MOST_BYTES:,} bytes.")
    return data


def bands(rows: bytes, row: int) -> bytes:
    """Return rows of dots as pictures below each other, each behind its command (Epson: GS v 0)."""
    printed = b""
    for start in range(0, len(rows), row * _BAND):
        band = rows[start : start + row * _BAND]
        printed += b"\x1dv0\x00" + row.to_bytes(2, "little")
        printed += (len(band) // row).to_bytes(2, "little") + band
    return printed
