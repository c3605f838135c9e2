"""Draws what stands on screens as SVG: one picture, or several that follow each other.

Blocks and lines are drawn, and not written: in a browser's font they would have gaps between the rows.
Only letters and signs are text. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from kiosk_tui.text.colours import RGB, hexed
from support.cells import Cell, Grid

WIDE, HIGH = 8, 16
"""Pixels of a cell."""
_BASE: Final = 12
_QUADRANTS: Final = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By the sum of what is ink: 1 upper left, 2 upper right, 4 lower left, 8 lower right."""
_EIGHTHS: Final = {"▁": 2, "▂": 4, "▃": 6, "▅": 10, "▆": 12, "▇": 14}
"""Pixels from below."""
_SHADES: Final = {"░": 0.25, "▒": 0.5}
_ARMS: Final = {
    "─": "lr",
    "━": "lr",
    "│": "ud",
    "┌": "rd",
    "┐": "ld",
    "└": "ru",
    "┘": "lu",
    "├": "udr",
    "┤": "udl",
    "┬": "lrd",
    "┴": "lru",
    "┼": "lrud",
    "╭": "rd",
    "╮": "ld",
    "╰": "ru",
    "╯": "lu",
    "═": "LR",
    "║": "UD",
    "╔": "RD",
    "╗": "LD",
    "╚": "RU",
    "╝": "LU",
}
"""Where lines go from the middle of a cell; capital letters: twice."""
_TEXT: Final = re.compile(r"\S+(?: \S+)*")

Box = tuple[int, int, int, int]
"""Left, top, width, height, in pixels."""


def picture(grid: Grid, title: str) -> str:
    """Draw one screen."""
    return _document(grid, title, "".join(_frame(grid)))


def film(frames: Sequence[tuple[Grid, float]], title: str) -> str:
    """Draw screens that follow each other, each for so many seconds, for ever."""
    whole = sum(seconds for _, seconds in frames)
    drawn: list[str] = []
    at = 0.0
    for grid, seconds in frames:
        times = f"0;{at / whole:.4f};{(at + seconds) / whole:.4f};1"
        shown = "inline;inline;none;none" if at == 0 else "none;inline;none;none"
        drawn.append(
            f'<g display="{"none" if drawn else "inline"}"><animate attributeName="display"'
            f' calcMode="discrete" dur="{whole:g}s" repeatCount="indefinite"'
            f' keyTimes="{times}" values="{shown}"/>\n{"".join(_frame(grid))}</g>\n'
        )
        at += seconds
    return _document(frames[0][0], title, "".join(drawn))


def texts(drawn: str) -> list[list[str]]:
    """Return what is written in a picture, or in each of those that follow each other."""
    frames = drawn.split("<g display")
    return [re.findall(r"<text[^>]*>(.*?)</text>", one) for one in frames[len(frames) > 1 :]]


def _document(grid: Grid, title: str, inner: str) -> str:
    wide, high = len(grid[0]) * WIDE, len(grid) * HIGH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}"'
        f' height="{high}">\n<title>{_escaped(title)}</title>\n'
        f"<style>text{{font:{HIGH - 3}px 'DejaVu Sans Mono',Menlo,Consolas,monospace;"
        "white-space:pre}.b{font-weight:bold}path{shape-rendering:crispEdges}</style>\n"
        f"{inner}</svg>\n"
    )


def _frame(grid: Grid) -> Iterator[str]:
    yield from _filled(_grounds(grid))
    yield from _filled(_inks(grid))
    for row, cells in enumerate(grid):
        yield from _written(cells, row)


def _filled(boxes: dict[tuple[RGB, float], list[Box]]) -> Iterator[str]:
    for (colour, part), found in boxes.items():
        path = "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in _stacked(found))
        opacity = f' fill-opacity="{part:g}"' if part < 1 else ""
        yield f'<path fill="{hexed(colour).lower()}"{opacity} d="{path}"/>\n'


def _stacked(boxes: list[Box]) -> list[Box]:
    """Join boxes that stand on each other."""
    done: list[Box] = []
    open_: dict[tuple[int, int], Box] = {}
    for x, y, wide, high in sorted(boxes, key=lambda one: one[1]):
        above = open_.get((x, wide))
        if above is not None and above[1] + above[3] == y:
            open_[x, wide] = (x, above[1], wide, above[3] + high)
            continue
        if above is not None:
            done.append(above)
        open_[x, wide] = (x, y, wide, high)
    return [*done, *open_.values()]


def _grounds(grid: Grid) -> dict[tuple[RGB, float], list[Box]]:
    found: dict[tuple[RGB, float], list[Box]] = defaultdict(list)
    for row, cells in enumerate(grid):
        column = 0
        for back, run in groupby(cells, key=lambda one: one.back):
            wide = len(list(run))
            found[back, 1.0].append((column * WIDE, row * HIGH, wide * WIDE, HIGH))
            column += wide
    return found


def _inks(grid: Grid) -> dict[tuple[RGB, float], list[Box]]:
    found: dict[tuple[RGB, float], list[Box]] = defaultdict(list)
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            for part, (x, y, wide, high) in _boxes(cell.text):
                box = (column * WIDE + x, row * HIGH + y, wide, high)
                at = found[cell.front, part]
                last = at[-1] if at else (0, 0, 0, 0)
                if last[0] + last[2] == box[0] and (last[1], last[3]) == (box[1], box[3]):
                    at[-1] = (last[0], last[1], last[2] + wide, high)
                else:
                    at.append(box)
    return found


def _boxes(one: str) -> Iterator[tuple[float, Box]]:
    """Yield what is ink in a cell."""
    half, low = WIDE // 2, HIGH // 2
    if one == "█":
        yield 1.0, (0, 0, WIDE, HIGH)
    elif one in _QUADRANTS:
        dots = _QUADRANTS.index(one)
        for below in (0, 1):
            left, right = dots >> 2 * below & 1, dots >> 2 * below + 1 & 1
            if left or right:
                yield 1.0, (0 if left else half, below * low, half * (left + right), low)
    elif one in _EIGHTHS:
        yield 1.0, (0, HIGH - _EIGHTHS[one], WIDE, _EIGHTHS[one])
    elif one in _SHADES:
        yield _SHADES[one], (0, 0, WIDE, HIGH)
    elif one in _ARMS:
        for arm in _ARMS[one]:
            for aside in (-2, 1) if arm.isupper() else (0,):
                yield (
                    1.0,
                    {
                        "l": (0, low + aside, half + 1, 1),
                        "r": (half, low + aside, half, 1),
                        "u": (half + aside, 0, 1, low + 1),
                        "d": (half + aside, low, 1, low),
                    }[arm.lower()],
                )


def _written(cells: list[Cell], row: int) -> Iterator[str]:
    column = 0
    for (front, bold), run in groupby(cells, key=lambda one: (one.front, one.bold)):
        text = "".join(one.text if not _is_drawn(one.text) else " " for one in run)
        for found in _TEXT.finditer(text):
            said = found[0]
            bold_class = ' class="b"' if bold else ""
            yield (
                f'<text x="{(column + found.start()) * WIDE}" y="{row * HIGH + _BASE}"'
                f' textLength="{len(said) * WIDE}" fill="{hexed(front).lower()}"{bold_class}>'
                f"{_escaped(said)}</text>\n"
            )
        column += len(text)


def _is_drawn(one: str) -> bool:
    return one in _QUADRANTS or one in _EIGHTHS or one in _SHADES or one in _ARMS


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
