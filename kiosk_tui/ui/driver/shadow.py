"""What the terminal shows, cell by cell: only the differences are written.

Textual repaints a widget's row from its left edge whenever a cell of it changes, and sets the style
anew for each stretch. Over a slow line that is most of what a key costs. `Shadow` remembers what
every cell shows and lets only the differences through.

A picture of the whole screen is passed on whole: should anything else have written on the console
(the kernel, another program), the next screen wipes it out.
"""

from __future__ import annotations

import re
from typing import Final

from kiosk_tui.text.glyphs import drawable
from kiosk_tui.ui.driver.shading import Shading

_TOKEN: Final = re.compile(
    r"(?P<style>\x1b\[[0-9;]*m)"
    r"|\x1b\[(?P<row>[0-9]+);(?P<column>[0-9]+)H"
    r"|(?P<line>\r?\n)"
    r"|(?P<mode>\x1b\[[?>=<][0-9;]*[a-zA-Z]|\x1b\[[0-9;]*[cnqtu])"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
    r"|(?P<other>[\x00-\x1f\x7f][^\x1b]*)"
)
_PLAIN: Final = re.compile(r"[\x20-\x7e\u00a0-\u02ff\u2010-\u2027\u20ac\u2500-\u25ff]*")
"""Characters that take one cell everywhere; with any other one nothing is left out."""

_RESET: Final = "\x1b[0m"
_REVERSED: Final = re.compile(r"(?<=[\[;])7;")
"""Reverse video among other codes of a style, as Rich writes them."""
_TURN: Final = {True: "\x1b[7m", False: "\x1b[27m"}
"""Big figures are reverse-video spaces: turning it on or off alone is the shortest way."""
_CLEARING: Final = re.compile(r"\x1b\[\?(?:1049|47|1047)[hl]")
WHOLE: Final = 1000
"""So many cells in one write are a picture of the screen."""

Cell = tuple[str, str]


class Shadow:
    """What the terminal shows, cell by cell, as far as it is known. Rows and columns count from 1."""

    def __init__(self) -> None:
        self.columns = 0
        self.shading = Shading()
        self._cells: dict[tuple[int, int], Cell] = {}

    def forget(self) -> None:
        """Know nothing: the next writes go through whole."""
        self._cells.clear()

    def reduce(self, data: str) -> str:
        """Return what has to be written so that the terminal shows what `data` says."""
        tokens = list(_TOKEN.finditer(data))
        texts = [one["text"] for one in tokens if one["text"]]
        if any(one["other"] for one in tokens) or not all(map(_PLAIN.fullmatch, texts)):
            self.forget()
            return drawable(data)
        return _Pass(self, whole=sum(map(len, texts)) >= WHOLE).run(tokens)

    def get(self, place: tuple[int, int]) -> Cell | None:
        """Return what a cell shows, or None when that is not known."""
        return self._cells.get(place)

    def put(self, place: tuple[int, int], cell: Cell) -> None:
        """Note what a cell shows now."""
        self._cells[place] = cell


class _Pass:
    """One write on its way through: where Textual thinks it is, and where the terminal is."""

    def __init__(self, shadow: Shadow, *, whole: bool) -> None:
        self._shadow = shadow
        self._whole = whole
        self._row, self._column, self._style = 1, 1, ""
        self._place: tuple[int, int] | None = None
        self._shown_style = ""
        self._out: list[str] = []

    def run(self, tokens: list[re.Match[str]]) -> str:
        for one in tokens:
            if one["text"]:
                self._write(one["text"])
            elif one["style"]:
                self._style = "" if one["style"] == _RESET else self._style + one["style"]
            elif one["row"]:
                self._row, self._column = int(one["row"]), int(one["column"])
            elif one["line"]:
                self._row, self._column = self._row + 1, 1
            else:
                self._pass_on(one[0])
        self._set_style("")
        return "".join(self._out)

    def _write(self, text: str) -> None:
        style = self._shadow.shading.shaded(self._style, self._row)
        for character in drawable(text):
            place, cell = (self._row, self._column), (character, style)
            if self._whole or self._shadow.get(place) != cell:
                self._move(place)
                self._set_style(style)
                self._out.append(character)
                self._shadow.put(place, cell)
                last = self._column >= self._shadow.columns  # the terminal may wrap or wait here
                self._place = None if last else (self._row, self._column + 1)
            self._column += 1

    def _move(self, place: tuple[int, int]) -> None:
        if self._place == place:
            return
        ways = (f"\x1b[{place[0]};{place[1]}H", self._between(place), self._steps(place))
        self._out.append(min(filter(None, ways), key=lambda way: len(way.encode())))
        self._place = place

    def _steps(self, place: tuple[int, int]) -> str:
        """Return the way in steps: a row down and some columns aside is shorter than a jump."""
        if self._place is None or not 0 <= place[0] - self._place[0] <= 1:
            return ""
        down = "\x1b[B" * (place[0] - self._place[0])
        aside = place[1] - self._place[1]
        if aside <= 0:
            return down + "\b" * -aside
        return f"{down}\x1b[{aside if aside > 1 else ''}C"

    def _between(self, place: tuple[int, int]) -> str:
        """Return the known cells on the way: often shorter to write again than to jump over."""
        if self._place is None or self._place[0] != place[0] or self._place[1] > place[1]:
            return ""
        cells = [self._shadow.get((place[0], x)) for x in range(self._place[1], place[1])]
        same = [cell[0] for cell in cells if cell is not None and cell[1] == self._shown_style]
        return "".join(same) if len(same) == len(cells) else ""

    def _set_style(self, style: str) -> None:
        if style == self._shown_style:
            return
        if _REVERSED.sub("", style) == _REVERSED.sub("", self._shown_style) != "":
            self._out.append(_TURN[_REVERSED.search(style) is not None])
        else:
            if self._shown_style:
                self._out.append(_RESET)
            self._out.append(style)
        self._shown_style = style

    def _pass_on(self, control: str) -> None:
        self._set_style("")
        self._out.append(control)
        if _CLEARING.match(control):
            self._shadow.forget()
