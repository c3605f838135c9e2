"""A table in a text file, such as an export: charset, separator and heading are found, lines come one by one.

One line that is broken costs no other: a quote that is never closed ends with its line, unless the next few
lines complete it. A line's number is that of the file.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk_tui.files.reading import MARKS
from kiosk_tui.office.tecs.names import field_of

_SEPARATORS: Final = (";", ",", "\t", "|")
_MOST_BEFORE: Final = 30
"""So many lines may stand before the heading."""
_LONGEST: Final = 100_000
"""Characters of a line; a longer one is no line of a table."""
_MOST_LINES: Final = 5
"""So many lines may one record have, where a text in it has line breaks."""
_SAMPLE: Final = 64 * 1024
_TOTALS: Final = re.compile(
    r"\s*(?:grand\s*total|sub\s*total|totals?|summen?|sum|gesamt\w*|endsumme|saldo|anzahl|count|records|ende|eof)\b",
    re.IGNORECASE,
)


class TableError(ValueError):
    """A file in which no table can be found; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record: its first line's number, and its cells; None where it does not fit the heading."""

    number: int
    cells: list[str] | None


@dataclass(frozen=True, slots=True)
class Table:
    """A file with its charset, its separator, its heading and the number of that line."""

    path: Path
    charset: str
    separator: str
    heading: tuple[str, ...]
    at: int

    def lines(self) -> Iterator[Line]:
        """Yield each record behind the heading but for empty ones and totals."""
        width = len(self.heading)
        with self.path.open(encoding=self.charset, errors="replace", newline="") as file:
            numbered = enumerate(file, 1)
            pushed: list[tuple[int, str]] = []
            for _ in itertools.islice(numbered, self.at):
                pass
            while True:
                number, text = pushed.pop(0) if pushed else next(numbered, (0, ""))
                if not number:
                    return
                cells = _cells(text, self.separator)
                if cells is None or len(cells) != width:
                    cells = self._whole(text, numbered, pushed) or cells
                if cells is not None and not any(map(str.strip, cells)):
                    continue
                if cells is not None and len(cells) > width and not any(cells[width:]):
                    cells = cells[:width]  # a separator at the end of each line
                if self._is_total(cells, text):
                    continue
                yield Line(number, cells if cells is not None and len(cells) == width else None)

    def _whole(
        self,
        text: str,
        numbered: Iterator[tuple[int, str]],
        pushed: list[tuple[int, str]],
    ) -> list[str] | None:
        """Return the cells of a record that goes on in the next lines; these stay where it does not."""
        if text.count('"') % 2 == 0:
            return None
        while len(pushed) < _MOST_LINES - 1:
            following = next(numbered, None)
            if following is None:
                break
            pushed.append(following)
        whole = text
        for used, (_, more) in enumerate(pushed[: _MOST_LINES - 1], 1):
            whole += more
            cells = _cells(whole, self.separator) if whole.count('"') % 2 == 0 else None
            if cells is not None and len(cells) == len(self.heading):
                del pushed[:used]
                return cells
        return None

    def _is_total(self, cells: list[str] | None, text: str) -> bool:
        """Say whether a line sums up: it names no transaction."""
        first = next((one for one in cells or [text] if one.strip()), "")
        if _TOTALS.match(first) is None:
            return False
        if cells is None or len(cells) < len(self.heading):
            return True
        named = (
            cell
            for name, cell in zip(self.heading, cells, strict=False)
            if field_of(name) == "transaction_id"
        )
        return not any(map(str.strip, named)) or _TOTALS.match(cells[0]) is not None


def table_in(path: Path) -> Table:
    """Find the table in a file. Raises `OSError` and `TableError`."""
    charset = _charset(path)
    with path.open(encoding=charset, errors="replace", newline="") as file:
        for number, text in enumerate(itertools.islice(file, _MOST_BEFORE), 1):
            for separator in _SEPARATORS:
                cells = _cells(text, separator) or []
                fields = {field_of(one) for one in cells}
                if {"transaction_id", "terminal"} <= fields:
                    return Table(
                        path, charset, separator, tuple(one.strip() for one in cells), number
                    )
    raise TableError(
        f"{path}: no heading names transaction and terminal in the first {_MOST_BEFORE} lines."
    )


def _charset(path: Path) -> str:
    """Return how a file is written: by its mark, its NULs, else UTF-8 where it is that, else Latin-1."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    for mark, charset in MARKS:
        if sample.startswith(mark):
            return {"utf-8": "utf-8-sig", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(
                charset, "utf-32"
            )
    if b"\0" in sample:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    try:
        with io.open(path, encoding="utf-8", newline="") as file:  # noqa: UP020 - read for its charset alone
            while file.read(_SAMPLE):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _cells(text: str, separator: str) -> list[str] | None:
    """Return the cells of one record; None for what is none."""
    line = text.rstrip("\r\n\0\x1a")
    if len(line) > _LONGEST:
        return None
    if '"' not in line:
        return line.split(separator)
    if line.count('"') % 2:
        return None
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), None)
    except csv.Error:
        return None
