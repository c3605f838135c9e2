"""What stands on a screen, cell by cell: the character, its two colours, whether it is bold."""

from __future__ import annotations

from typing import Final, NamedTuple

import pyte
from rich.color import Color
from rich.style import Style
from textual.strip import Strip

from kiosk_tui.text.colours import COLOURS, CONSOLE_PALETTE, DARK, RGB, rgb
from kiosk_tui.text.themes import Theme
from kiosk_tui.ui.driver.shading import Shading

_FRONT: Final = CONSOLE_PALETTE[7]
_BACK: Final = CONSOLE_PALETTE[0]


class Cell(NamedTuple):
    """One character as it is seen."""

    text: str
    front: RGB = _FRONT
    back: RGB = _BACK
    bold: bool = False


Grid = list[list[Cell]]


def from_strips(strips: list[Strip], theme: Theme) -> Grid:
    """Return what a screen draws, with the grounds of the theme as they change from row to row."""
    shading = Shading.of(theme)
    shading.resize(len(strips))
    return [
        [cell for part in strip for cell in _cells(part.text, part.style or Style(), shading, row)]
        for row, strip in enumerate(strips, start=1)
    ]


def _cells(text: str, style: Style, shading: Shading, row: int) -> list[Cell]:
    front, back = _seen(style.color, _FRONT), _seen(style.bgcolor, _BACK)
    shaded = shading.shaded("48;2;{};{};{}".format(*back), row).split(";")[2:]
    red, green, blue = map(int, shaded)
    back = (red, green, blue)
    if style.reverse:
        front, back = back, front
    return [Cell(one, front, back, bool(style.bold)) for one in text]


def _seen(colour: Color | None, instead: RGB) -> RGB:
    if colour is None or colour.is_default:
        return instead
    red, green, blue = colour.get_truecolor()
    if (
        colour.triplet is None
        and colour.number is not None
        and colour.number < len(CONSOLE_PALETTE)
    ):
        return CONSOLE_PALETTE[colour.number]
    return red, green, blue


_NAMES: Final = {"brown": "yellow"}


def from_terminal(screen: pyte.Screen) -> Grid:
    """Return what stands on an emulated terminal."""
    grid = []
    for row in range(screen.lines):
        cells = []
        for column in range(screen.columns):
            one = screen.buffer[row][column]
            front, back = _named(one.fg, _FRONT), _named(one.bg, _BACK)
            if one.reverse:
                front, back = back, front
            cells.append(Cell(one.data or " ", front, back, one.bold))
        grid.append(cells)
    return grid


def _named(colour: str, instead: RGB) -> RGB:
    if colour == "default":
        return instead
    name = _NAMES.get(colour.removeprefix("bright"), colour.removeprefix("bright"))
    if name in COLOURS:
        bright = DARK if colour.startswith("bright") else 0
        return CONSOLE_PALETTE[COLOURS.index(name) + bright]
    return rgb(f"#{colour}")
