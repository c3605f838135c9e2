"""Colours as a console and as a gentle terminal have them, and whether one can be read on another."""

from __future__ import annotations

import colorsys
import re
from typing import Final

COLOURS: Final = (
    *("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"),
    *("bright_black", "bright_red", "bright_green", "bright_yellow"),
    *("bright_blue", "bright_magenta", "bright_cyan", "bright_white"),
)
"""The 16 colours of a console, by their number. Only the first eight may be a background there."""

DARK: Final = 8

RGB = tuple[int, int, int]

CONSOLE_PALETTE: Final[tuple[RGB, ...]] = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0)),
    *((0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)),
    *((85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)),
)
"""The palette of the Linux console (drivers/tty/vt/vt.c), red green blue."""

_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")


def is_hex(colour: str) -> bool:
    """Whether this is a colour such as `#0B1220`."""
    return _HEX.fullmatch(colour) is not None


def rgb(colour: str, palette: tuple[RGB, ...] = CONSOLE_PALETTE) -> RGB:
    """Return red, green and blue (0 to 255) of `#0B1220`, or of a console's colour by its name."""
    if is_hex(colour):
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
    return palette[COLOURS.index(colour)]


def hexed(colour: RGB) -> str:
    """Write a colour as `#0B1220`."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def mixed(one: RGB, other: RGB, part: float) -> RGB:
    """Return the colour on the way from one to another; `part` is 0 to 1."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def cubed(colour: RGB) -> RGB:
    """Return what a terminal of 256 colours shows instead, as Rich chooses it: a grey, or of the cube."""
    _, light, saturation = colorsys.rgb_to_hls(*(one / 255 for one in colour))
    if saturation < 0.15:  # noqa: PLR2004 - Rich's
        grey = round(light * 25)
        level = {0: 0, 25: 255}.get(grey, 10 * grey - 2)
        return level, level, level
    red, green, blue = (
        55 + 40 * step if step else 0
        for step in (round(one / 95 if one < 95 else 1 + (one - 95) / 40) for one in colour)  # noqa: PLR2004
    )
    return red, green, blue


def contrast(one: RGB, other: RGB) -> float:
    """Return the contrast of two colours as WCAG 2.1 reckons it: 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: RGB) -> float:
    red, green, blue = (
        one / 255 / 12.92 if one / 255 <= 0.04045 else ((one / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for one in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
