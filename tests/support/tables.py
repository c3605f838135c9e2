"""The small tables that stand for large libraries at a kiosk, made from these libraries.

python -m support.tables writes all of them anew (`scripts/tables` calls it); a test holds every one equal
to what its library says today, so that a new edition of the library shows.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import iso4217
from babel.localedata import locale_identifiers

from kiosk_tui.text import unicode_locales
from kiosk_tui.text.conventions import TABLE
from kiosk_tui.text.texts import language_of
from kiosk_tui.text.translations import NAMES

ROOT = Path(__file__).parents[2]
CURRENCIES = ROOT / "kiosk_tui/text/iso4217.py"

_CURRENCIES_HEAD = '''\
"""Every currency of ISO 4217: its number, and how many decimals it has (None: no money to pay with).

Made by `scripts/tables` from the package `iso4217`, which is ISO's own published list; a test keeps it
equal. Reading that list at every start would cost 2 MB.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CURRENCIES: Final[Mapping[str, tuple[str, int | None]]] = {
'''


def currencies() -> str:
    """Return the module with ISO 4217's currencies."""

    def lines() -> Iterator[str]:
        for one in sorted(iso4217.Currency, key=lambda one: one.value):
            yield f'    "{one.value}": ("{one.number:03}", {one.exponent}),\n'

    return f"{_CURRENCIES_HEAD}{''.join(lines())}}}\n"


_KINDS = {
    "numbers": ("decimal", "group", "symbol_first", "percent", "symbols"),
    "dates": ("day", "short_day", "time"),
    "names": ("months", "weekdays", "halves"),
}
"""Many locales have one of these in common."""


def locale_names() -> list[str]:
    """Return every locale of the languages that are shipped."""
    known = locale_identifiers()
    return sorted(one for one in known if one.partition("_")[0] in NAMES and language_of(one))


def locales() -> str:
    """Return the table of locales: what there is of each kind, and which of them each locale has."""
    kinds: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _KINDS}
    found = {}
    for name in locale_names():
        whole = dataclasses.asdict(unicode_locales.conventions(name))
        parts = []
        for kind, keys in _KINDS.items():
            one = {key: whole[key] for key in keys}
            if one not in kinds[kind]:
                kinds[kind].append(one)
            parts.append(kinds[kind].index(one))
        found[name] = parts
    lines = [
        f'"{kind}": [\n' + ",\n".join(map(_line, ones)) + "\n]" for kind, ones in kinds.items()
    ]
    lines.append('"locales": ' + _line(found))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def tables() -> dict[Path, str]:
    """Return every table's file, and what is to stand in it."""
    return {CURRENCIES: currencies(), TABLE: locales()}


if __name__ == "__main__":
    for file, content in tables().items():
        file.write_text(content, encoding="utf-8")
