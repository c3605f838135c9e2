"""Tables for spreadsheets: CSV in which an amount is a number and a text is never a formula.

A spreadsheet takes a cell for a formula that begins with one of a few signs, and runs it: so a text
that does gets an apostrophe in front, as OWASP advises (CSV Injection). Amounts are ours: they are
written as they are, a negative one, too.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from kiosk_tui.records import dataclass

_FORMULA: Final = frozenset("=+-@\u2212")
"""With a minus sign proper: some take it for one. Full and small widths are found by NFKC."""
_LINE: Final = frozenset("\t\r\n")
_SKIPPED: Final = frozenset("\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb")
"""Quotes: with blanks, what a program may take away before it looks at what follows."""


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How a table is written: with a decimal comma columns are parted by semicolons."""

    decimal_comma: bool = False

    @property
    def delimiter(self) -> str:
        """What stands between columns."""
        return ";" if self.decimal_comma else ","

    def amount(self, plain: str) -> str:
        """Write an amount that has a point."""
        return plain.replace(".", ",") if self.decimal_comma else plain


def csv_lines(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    amounts: frozenset[str],
    form: TableFormat,
) -> Iterator[str]:
    """Yield a line with the columns' names, and one for each row; `amounts` names columns of money."""
    numbers = [name in amounts for name in columns]
    yield _line(columns, form)
    for row in rows:
        cells = (
            form.amount(value) if number and isinstance(value, str) else text(value)
            for value, number in zip(row, numbers, strict=True)
        )
        yield _line(cells, form)


def text(value: Any) -> Any:
    """Return a cell that is read and never run; what is no text is left as it is."""
    return f"'{value}" if isinstance(value, str) and _is_formula(value) else value


def _is_formula(value: str) -> bool:
    if value[:1] in _LINE:
        return True
    for one in value:
        if one in _SKIPPED or unicodedata.category(one)[0] in "ZC":
            continue
        return one in _FORMULA or unicodedata.normalize("NFKC", one)[0] in _FORMULA
    return False


def _line(cells: Iterable[Any], form: TableFormat) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=form.delimiter).writerow(cells)
    return written.getvalue()
