"""What the terminal shows, cell by cell: only the differences are written.

Textual repaints a widget's row from its left edge whenever a cell of it changes, and sets the style
anew for each stretch. Over a slow line that is most of what a key costs. `Shadow` remembers what
every cell shows and lets only the differences through.

A picture of the whole screen is passed on whole: should anything else have written on the console
(the kernel, another program), the next screen wipes it out. Textual draws a new screen two or three
times; only the first of them within a moment is passed on whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final

from kiosk_tui.text.glyphs import drawable
from kiosk_tui.ui.driver.pen import Cell, Place, by_rows, by_styles, to_and_fro
from kiosk_tui.ui.driver.shading import Shading
from kiosk_tui.ui.driver.styles import PLAIN, RESET, CellStyle, of_blank, parsed

_TOKEN: Final = re.compile(
    r"(?P<style>\x1b\[[0-9;]*m)"
    r"|\x1b\[(?P<row>[0-9]+);(?P<column>[0-9]+)H"
    r"|(?P<line>\r?\n)"
    r"|(?P<pointer>\x1b\]22;[^\x07]*\x07)"
    r"|(?P<mode>\x1b\[[?>=<][0-9;]*[a-zA-Z]|\x1b\[[0-9;]*[cnqtu])"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
    r"|(?P<other>[\x00-\x1f\x7f][^\x1b]*)"
)
_PLAIN: Final = re.compile(r"[\x20-\x7e\u00a0-\u02ff\u2010-\u2027\u20ac\u232b\u2500-\u25ff\u2713]*")
"""Characters that take one cell everywhere; with any other one nothing is left out."""

_CLEARING: Final = re.compile(r"\x1b\[\?(?:1049|47|1047)[hl]")
WHOLE: Final = 0.9
"""A write of so much of the screen is a picture of it."""

MOMENT_S: Final = 1.0
_FEW: Final = 300
"""For so few changed cells several ways to write them are compared."""


class Shadow:
    """What the terminal shows, cell by cell, as far as it is known. Rows and columns count from 1."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self.columns = self.rows = 0
        self.shading = Shading()
        self.style: CellStyle | None = None
        """What the terminal writes in at present; None where that is not known. It is left as it is
        between writes: setting it anew would be a third of what a key costs."""
        self.turns = False
        """Whether a space in reverse video looks as a block does: not on a Linux console, which has no
        bright backgrounds."""
        self._cells: dict[Place, Cell] = {}
        self._whole_at = -MOMENT_S
        self._seeded = False

    def seed(self, stretches: Iterable[tuple[int, int, str, str]]) -> None:
        """Know what stands on the screen, whatever wrote it; the next whole picture is compared with it.

        Each stretch: its row and column, the codes of its style, its text. The last one was written last.
        """
        for row, column, codes, text in stretches:
            self.style = parsed(f"\x1b[{codes}m")
            cell = {character: (character, self.style) for character in set(text)}
            cell[" "] = " ", of_blank(self.style)
            self._cells.update(((row, x), cell[one]) for x, one in enumerate(text, column))
        self._seeded = True

    def forget(self) -> None:
        """Know nothing: the next writes go through whole."""
        self._cells.clear()
        self.style = None
        self._seeded = False

    def reduce(self, data: str) -> str:
        """Return what has to be written so that the terminal shows what `data` says."""
        tokens = list(_TOKEN.finditer(data))
        texts = [one["text"] for one in tokens if one["text"]]
        if any(one["other"] for one in tokens) or not all(map(_PLAIN.fullmatch, texts)):
            plain = RESET * (self.style != PLAIN)
            self.forget()
            return plain + drawable(data)
        return _Pass(self, whole=self._whole(sum(map(len, texts)))).run(tokens)

    def _whole(self, cells: int) -> bool:
        """Say whether a write is a picture that is passed on whole."""
        now = self._clock()
        if cells < WHOLE * self.columns * self.rows or now - self._whole_at < MOMENT_S:
            return False
        self._whole_at = now
        seeded, self._seeded = self._seeded, False
        return not seeded

    def get(self, place: Place) -> Cell | None:
        """Return what a cell shows, or None when that is not known."""
        return self._cells.get(place)

    def put(self, place: Place, one: Cell) -> None:
        """Note what a cell shows now."""
        self._cells[place] = one


class _Pass:
    """One write on its way through: where Textual thinks it is, and what has to be written."""

    def __init__(self, shadow: Shadow, *, whole: bool) -> None:
        self._shadow = shadow
        self._whole = whole
        self._row, self._column, self._style = 1, 1, ""
        self._changes: dict[Place, Cell] = {}
        self._out: list[str] = []

    def run(self, tokens: list[re.Match[str]]) -> str:
        for one in tokens:
            if one["text"]:
                self._write(one["text"])
            elif one["style"]:
                self._style = "" if one["style"] == RESET else self._style + one["style"]
            elif one["row"]:
                self._row, self._column = int(one["row"]), int(one["column"])
            elif one["pointer"]:
                pass  # the shape of a mouse's pointer is nobody's business here
            elif one["line"]:
                self._row, self._column = self._row + 1, 1
            else:
                self._pass_on(one[0])
        self._put_down()
        return "".join(self._out)

    def _write(self, text: str) -> None:
        style = parsed(self._shadow.shading.shaded(self._style, self._row))
        on_blank = of_blank(style)
        for character in drawable(text):
            place = self._row, self._column
            one = character, on_blank if character == " " else style
            if self._whole or self._shadow.get(place) != one:
                self._changes[place] = one
                self._shadow.put(place, one)
            self._column += 1

    def _put_down(self) -> None:
        """Write what has changed until now, in the shorter way."""
        shadow, changes = self._shadow, list(self._changes.items())
        if not changes:
            return
        ways = [by_rows]
        if len(changes) <= _FEW:
            ways = [to_and_fro, by_styles] if shadow.turns else [to_and_fro]
        drawn = [way(changes, shadow.style, shadow.columns, shadow.get) for way in ways]
        text, shadow.style = min(drawn, key=lambda one: len(one[0].encode()))
        self._out.append(text)
        self._changes = {}

    def _pass_on(self, control: str) -> None:
        self._put_down()
        self._out.append(control)
        if _CLEARING.match(control):
            self._shadow.forget()
