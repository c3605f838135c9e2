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

from kiosk_tui.journal import register_events
from kiosk_tui.journal.register_events import RegisterEvent

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
    ).fetchall()
    new = [key for *key, _, _ in found if _place(to, key) is not None and not _known(to, key)]
    # the order of what happened, also where transactions were copied in another
    for key, place in zip(new, sorted(filter(None, (_place(to, key) for key in new))), strict=True):
        to.execute(
            "INSERT INTO signatures (transaction_id, number, seq) VALUES (?, ?, ?)", (*key, place)
        )
    for *key, at, content in found:
        if content is not None and _known(to, key, "AND signed IS NULL"):
            seq = register_events.append(
                to, RegisterEvent.SIGNED, datetime.fromisoformat(at), json.loads(content)
            )
            to.execute(
                "UPDATE signatures SET signed = ? WHERE transaction_id = ? AND number = ?",
                (seq, *key),
            )
    for number, token in present.execute("SELECT transaction_id, token FROM fiscal_begun"):
        to.execute(
            "INSERT OR IGNORE INTO fiscal_begun SELECT id, ?2 FROM transactions WHERE id = ?1",
            (number, token),
        )


def _place(connection: sqlite3.Connection, key: list[int]) -> int | None:
    found = connection.execute(
        "SELECT seq FROM events WHERE transaction_id = ? AND number = ?", key
    ).fetchone()
    return None if found is None else int(found[0])


def _known(connection: sqlite3.Connection, key: list[int], also: str = "") -> bool:
    text = f"SELECT 1 FROM signatures WHERE transaction_id = ? AND number = ? {also}"
    return connection.execute(text, key).fetchone() is not None
