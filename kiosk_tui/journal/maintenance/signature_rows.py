"""What a signer has begun, signed and still owes, as rows: kept with a transaction, copied between journals.

Invariant: a signature that either journal holds is held afterwards, and what neither holds is owed, in the
order in which it happened.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from kiosk_tui.journal import signatures

TABLES: Final = ("signatures", "fiscal_begun")


@contextmanager
def kept(connection: sqlite3.Connection, number: int) -> Iterator[None]:
    """Keep those of a transaction that is removed and written again inside."""
    before = {
        table: connection.execute(
            f"SELECT * FROM {table} WHERE transaction_id = ?", (number,)
        ).fetchall()
        for table in TABLES
    }
    yield
    for table, found in before.items():
        for row in found:
            marks = ", ".join("?" for _ in row)
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", tuple(row))


def carry_over(to: sqlite3.Connection, present: sqlite3.Connection) -> None:
    """Take over what is signed and owed of the transactions that both have by now.

    Raises `sqlite3.Error`, also where the present one has an older format.
    """
    found = present.execute(
        "SELECT s.transaction_id, s.number, r.at, r.content FROM signatures s"
        " LEFT JOIN register_events r ON r.seq = s.signed ORDER BY s.seq"
    )
    for one, number, at, content in found.fetchall():
        to.execute(
            "INSERT OR IGNORE INTO signatures (transaction_id, number, seq)"
            " SELECT transaction_id, number, seq FROM events WHERE transaction_id = ? AND number = ?",
            (one, number),
        )
        if content is not None:
            signatures.keep(to, (one, number), datetime.fromisoformat(at), json.loads(content))
    for number, token in present.execute("SELECT transaction_id, token FROM fiscal_begun"):
        to.execute(
            "INSERT OR IGNORE INTO fiscal_begun SELECT id, ?2 FROM transactions WHERE id = ?1",
            (number, token),
        )
