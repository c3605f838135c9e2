"""By what a row is found: the canonical form of a caller's reference, and of an original's id.

Owns: the two keys that stand beside what was stored, never over it: a row's checksum is over what was
stored, and requests repeat how it was spelled.
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
        return str(TransactionId(str(text)))  # a plain text: one that was stored is as it was
    except IdentityError:
        return str(text)


def fill(connection: sqlite3.Connection) -> None:
    """Give every row its keys, inside of the open transaction.

    Of two spellings of a caller's reference that older versions took for two, only the oldest gets the
    key, and answers for both.
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
