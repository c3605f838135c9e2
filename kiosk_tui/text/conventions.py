"""How a locale writes numbers, days and times: read from a small table that was made from Babel.

Babel is 5 MB in memory. It is loaded for a locale only that the table does not have: the table has every
locale of the languages that are shipped.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from kiosk_tui.records import dataclass

TABLE: Final = Path(__file__).with_name("locales.json")


class LocaleError(ValueError):
    """A locale that does not exist; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What is written where.

    `symbols` are those of the euro, pound and dollar signs by the currency that has them. `percent` is a
    template with {}; `day` (with its year), `short_day` and `time` are templates with Unicode's letters
    as names: {E} {d} {dd} {M} {MM} {MMM} {y} {yy} {h} {hh} {H} {HH} {m} {mm} {a}.
    """

    decimal: str
    group: str
    symbol_first: bool
    percent: str
    symbols: dict[str, str]
    day: str
    short_day: str
    time: str
    months: list[str]
    weekdays: list[str]
    halves: list[str]


@cache
def conventions(name: str) -> Conventions:
    """Return a locale's. Raises `LocaleError`."""
    table: dict[str, Any] = json.loads(TABLE.read_text("utf-8"))
    parts = table["locales"].get(name.replace("-", "_"))
    if parts is None:
        from kiosk_tui.text import unicode_locales  # noqa: PLC0415 - Babel

        return unicode_locales.conventions(name)
    numbers, dates, names = (
        table[kind][at] for kind, at in zip(("numbers", "dates", "names"), parts, strict=True)
    )
    return Conventions(**numbers, **dates, **names)
