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
from kiosk_tui.ui.driver.grid import Cell, Grid
from kiosk_tui.ui.driver.moves import Place
from kiosk_tui.ui.driver.pen import (
    BLOCK,
    Canvas,
    Drawn,
    PenState,
    both_ways,
    by_rows,
    by_styles,
    by_ways,
)
from kiosk_tui.ui.driver.shading import Shading
from kiosk_tui.ui.driver.styles import PLAIN, RESET, CellStyle, of_blank, on_console, parsed
from kiosk_tui.ui.driver.wiping import Wiped, wiped

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
STAYS_S: Final = 5.0
"""So long after a write the cursor is taken to be where that left it. Whoever types is faster; what others
write, a message to all users, say, mostly comes while nothing else does."""
_FEW: Final = 300
"""For so few changed cells several ways to write them are compared."""
_VERY_FEW: Final = 24
"""For so few it is not settled before which way blocks are the fewest bytes."""


class Shadow:
    """What the terminal shows, cell by cell, as far as it is known. Rows and columns count from 1."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self.columns = self.rows = 0
        self.shading = Shading()
        self.stand = PenState()
        """Where the terminal's cursor stands and what it writes in. Both are left as they are between
        writes: to set them anew would be a third of what a key costs."""
        self.alone = False
        """Whether nobody else writes on this terminal: only then the cursor stays where it was left."""
        self.turns = False
        """Whether a space in reverse video looks as a block does: not on a Linux console, which has no
        bright backgrounds."""
        self.linux = False
        """Whether it is a Linux console, on which bright and bold are one."""
        self.erases = False
        """Whether what is erased shows the ground that is set, and not the terminal's own."""
        self.cells = Grid()
        self._whole_at = self._written_at = -MOMENT_S
        self.seeded = False

    def seed(self, stretches: Iterable[tuple[int, int, str, str]]) -> None:
        """Know what stands on the screen, whatever wrote it; the next whole picture is compared with it.

        Each stretch: its row and column, the codes of its style, its text. The last one was written last.
        """
        for row, column, codes, text in stretches:
            style = self.style(f"\x1b[{codes}m")
            self.stand = PenState(style=style)
            cell = {character: (character, style) for character in set(text)}
            cell[" "] = " ", of_blank(style)
            end = column + len(text)
            self.cells.row(row, end)[column:end] = (cell[one] for one in text)
        self.seeded = True

    def forget(self) -> None:
        """Know nothing: the next writes go through whole."""
        self.cells.clear()
        self.stand = PenState()
        self.seeded = False

    def reduce(self, data: str) -> str:
        """Return what has to be written so that the terminal shows what `data` says."""
        now = self._clock()
        if not self.alone or now - self._written_at > STAYS_S:
            self.stand = self.stand._replace(place=None)
        tokens = list(_TOKEN.finditer(data))
        texts = [one["text"] for one in tokens if one["text"]]
        if any(one["other"] for one in tokens) or not all(map(_PLAIN.fullmatch, texts)):
            plain = RESET * (self.stand.style != PLAIN)
            self.forget()
            return plain + drawable(data)
        whole = self._whole(sum(map(len, texts)), now)
        if whole:
            self.stand = (
                PenState()
            )  # what else was written may have moved the cursor, and set a style
        text = _Pass(self, whole=whole).run(tokens)
        if text:
            self._written_at = now
        return text

    def _whole(self, cells: int, now: float) -> bool:
        """Say whether a write is a picture that is passed on whole."""
        if cells < WHOLE * self.columns * self.rows or now - self._whole_at < MOMENT_S:
            return False
        self._whole_at = now
        seeded, self.seeded = self.seeded, False
        return not seeded

    def style(self, sequences: str) -> CellStyle:
        """Read what SGR sequences set on this terminal."""
        return on_console(parsed(sequences)) if self.linux else parsed(sequences)

    def note_picture(self) -> None:
        """Note that the whole screen has just been written: what Textual draws of it again is compared."""
        self._whole_at = self._clock()

    def get(self, place: Place) -> Cell | None:
        """Return what a cell shows, or None when that is not known."""
        return self.cells.get(place)

    @property
    def canvas(self) -> Canvas:
        """What is written on."""
        return Canvas(self.columns, self.get, erases=self.erases)

    def wiped(self) -> Wiped | None:
        """Return what wipes the screen, and what is to be written then; None where that cannot be."""
        return wiped(self.cells, self.columns, self.rows) if self.erases else None


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
        style = self._shadow.style(self._shadow.shading.shaded(self._style, self._row))
        blank = " ", of_blank(style)
        row, whole = self._row, self._whole
        cells = self._shadow.cells.row(row, self._column + len(text))
        for column, character in enumerate(drawable(text), self._column):
            one = blank if character == " " else (character, style)
            if whole or cells[column] != one:
                self._changes[row, column] = cells[column] = one
        self._column += len(text)

    def _put_down(self) -> None:
        """Write what has changed until now, in the shorter way."""
        shadow, changes = self._shadow, self._changes
        if not changes:
            return
        if (self._whole or len(changes) > _FEW) and (picture := shadow.wiped()):
            self._put_anew(*picture)
            return
        ways = [by_rows]
        if len(changes) <= _FEW:
            lit = shadow.turns and any(character == BLOCK for character, _ in changes.values())
            if lit:
                ways.append(by_styles)
            if not lit or len(changes) <= _VERY_FEW:
                ways.append(by_ways)
        self._put([way(changes, shadow.stand, shadow.canvas) for way in ways])

    def _put_anew(self, wiping: str, state: PenState, rest: dict[Place, Cell]) -> None:
        """Write a picture on a screen that is wiped first, where that is wanted, or shorter."""
        shadow = self._shadow
        drawn = both_ways(rest, state, shadow.canvas)
        ways = [(f"{wiping}{text}", then) for text, then in drawn]
        if not self._whole:
            ways.append(by_rows(self._changes, shadow.stand, shadow.canvas))
        self._put(ways)
        if self._out[-1].startswith(wiping):
            shadow.note_picture()

    def _put(self, ways: list[Drawn]) -> None:
        text, self._shadow.stand = min(ways, key=lambda one: len(one[0].encode()))
        self._out.append(text)
        self._changes = {}

    def _pass_on(self, control: str) -> None:
        self._put_down()
        self._out.append(control)
        self._shadow.stand = self._shadow.stand._replace(place=None)
        if _CLEARING.match(control):
            self._shadow.forget()
