"""How a slip is laid out on paper: pairs to both edges, centred text, nothing longer than a line.

What is laid out is a list of texts, one a line. A `Large` line is a text, too, that a printer prints large;
a printer draws a code in the place of its `CodeLine`s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Self

from kiosk_tui.domain.one_line import one_line
from kiosk_tui.records import dataclass
from kiosk_tui.text import cells

Spell = Callable[[str], str]
"""Writes a text in the letters that a printer has. What it returned, it returns unchanged."""


class Large(str):
    """A line that is printed twice as wide and high where a printer can; `half` fits half the columns."""

    __slots__ = ("half",)
    half: str

    def __new__(cls, line: str, half: str) -> Self:
        """Return the line as it is in ordinary letters, which knows how it is in large ones."""
        made = super().__new__(cls, line)
        made.half = half
        return made


class CodeLine(str):
    """A line of what a QR code says, for whoever cannot draw one; the first of them has all of it in `content`."""

    __slots__ = ("content",)
    content: str

    def __new__(cls, line: str, content: str = "") -> Self:
        """Return the line, which knows the code that stands for it and for those behind it."""
        made = super().__new__(cls, line)
        made.content = content
        return made


@dataclass(frozen=True, slots=True)
class Paper:
    """How many characters a line has, and how a text is written in a printer's letters.

    Texts are spelled before they are measured: `ß` is two letters where a printer writes `ss`.
    """

    columns: int = 42
    spell: Spell = str

    def pair(self, name: str, value: str | None) -> Iterator[str]:
        """Yield a name at the left and its value at the right; on two lines where one is too short."""
        name, value = self._line(name), self._line(value or "").strip()
        if not value:
            return
        room = self.columns - cells.width(name)
        if cells.width(value) < room:
            yield name + cells.rjust(value, room)
            return
        yield from self.wrapped(name)
        for piece in self.wrapped(value):
            yield cells.rjust(piece, self.columns)

    def large(self, name: str, value: str) -> Iterator[str]:
        """Yield a pair that is printed large, where it then still fits a line."""
        lines = list(self.pair(name, value))
        half = list(replace(self, columns=self.columns // 2).pair(name, value))
        yield from (Large(lines[0], half[0]),) if len(half) == 1 else lines

    def centred(self, text: str | None) -> Iterator[str]:
        """Yield text in the middle, as many lines as it needs."""
        for line in (text or "").split("\n"):
            for piece in self.wrapped(line):
                yield cells.centre(piece, self.columns)

    def code(self, content: str) -> Iterator[str]:
        """Yield a QR code."""
        for number, line in enumerate(self.wrapped(content)):
            yield CodeLine(line, "" if number else content)

    def wrapped(self, line: str) -> list[str]:
        """Break a line between words; a word that is longer than the paper is broken, never cut."""
        return cells.wrap(self._line(line), self.columns)

    def _line(self, text: str) -> str:
        return self.spell(one_line(text))
