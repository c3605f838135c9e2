"""The small tables that stand for large libraries at a kiosk, made from these libraries.

python -m support.tables writes all of them anew (`scripts/tables` calls it); a test holds every one equal
to what its library says today, so that a new edition of the library shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import iso4217

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


def tables() -> dict[Path, str]:
    """Return every table's file, and what is to stand in it."""
    return {CURRENCIES: currencies()}


if __name__ == "__main__":
    for file, content in tables().items():
        file.write_text(content, encoding="utf-8")
