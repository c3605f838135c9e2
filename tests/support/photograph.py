"""Photographs the cells of a screen: an image as a camera before the terminal sees it.

A cell is 8 by 16 dots, as on a console. Blocks and halves of them are drawn, other characters are left
out: what is read from an image is a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw
from rich.color import Color
from rich.style import Style
from textual.strip import Strip

from kiosk_tui.start.abilities import TUNED
from kiosk_tui.text.colours import CONSOLE_PALETTE, RGB, rgb

TUNED_PALETTE: Final[tuple[RGB, ...]] = tuple(rgb(f"#{one}") for one in TUNED)
CELL: Final = (8, 16)
_GREY: Final = 7
_INKED: Final = {"█": (0, 16), "▀": (0, 8), "▄": (8, 16)}
"""From which dot to which a character is ink, from above."""


def photograph(rows: Sequence[Strip], palette: tuple[RGB, ...] = CONSOLE_PALETTE) -> Image.Image:
    """Return the image of these rows, with this palette for a console's sixteen colours."""
    wide, high = CELL
    picture = Image.new("RGB", (wide * max(row.cell_length for row in rows), high * len(rows)))
    pen = ImageDraw.Draw(picture)
    for y, row in enumerate(rows):
        x = 0
        for part in row:
            front, back = _colours(part.style or Style(), palette)
            for character in part.text:
                left, top = wide * x, high * y
                pen.rectangle((left, top, left + wide - 1, top + high - 1), fill=back)
                if character in _INKED:
                    above, below = _INKED[character]
                    pen.rectangle((left, top + above, left + wide - 1, top + below - 1), fill=front)
                x += 1
    return picture


def _colours(style: Style, palette: tuple[RGB, ...]) -> tuple[RGB, RGB]:
    front = _colour(style.color, palette, _GREY)
    back = _colour(style.bgcolor, palette, 0)
    return (back, front) if style.reverse else (front, back)


def _colour(colour: Color | None, palette: tuple[RGB, ...], default: int) -> RGB:
    if colour is None or colour.is_default:
        return palette[default]
    if colour.triplet is not None:
        return colour.triplet.red, colour.triplet.green, colour.triplet.blue
    assert colour.number is not None
    assert colour.number < len(palette), "a console has sixteen colours"
    return palette[colour.number]
