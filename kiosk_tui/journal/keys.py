"""Lookup keys of a row: the canonical forms of a caller's reference and of an original's id.

Owns: the two key columns. They stand beside what was stored and never replace it: a row's checksum covers
what was stored, and requests repeat the original spelling.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from kiosk_tui.domain.identity import IdentityError, TransactionId, caller_key

_NAMED: Final = (
    "SELECT id, caller_reference, original_id FROM transactions"
    " WHERE caller_reference <> '' OR original_id IS NOT NULL ORDER BY id"
)


def of_caller(text: str) -> str | None:
    """Return the key of a caller's reference; None for none."""
    return caller_key(text) or None


def of_original(text: str | None) -> str | None:
    """Return the key of an original's id: its digits without zeros in front; None for no original.

    A text that is no id, which only an older version can have written, is its own key.
    """
    if text is None:
        return None
    try:
        return str(TransactionId(str(text)))
    except IdentityError:
        return str(text)


def fill(connection: sqlite3.Connection) -> None:
    """Give every row its keys, inside of the open database transaction.

    Older versions took two spellings of a caller's reference for two references: then only the oldest row
    gets the key, and is found for both.
    """
    connection.execute("UPDATE transactions SET caller_key = NULL WHERE caller_key IS NOT NULL")
    taken: set[str | None] = {None}
    for number, caller, original in list(connection.execute(_NAMED)):
        key = of_caller(caller)
        connection.execute(
            "UPDATE transactions SET caller_key = ?, original_key = ? WHERE id = ?",
            (None if key in taken else key, of_original(original), number),
        )
        taken.add(key)
