"""What a signer begins, and what it still owes: filled only where one is configured.

Owns: the tables `fiscal_begun` and `signatures`. A signature that was given is an event of the register
(`SIGNED`), so it stands in the order of commits like everything else.
Invariant: an event that is signed has its row since its own commit, and is signed once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from kiosk_tui.domain.fiscal import EventSignature, OwedSignature, Signature
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import register_events, rows
from kiosk_tui.journal.register_events import RegisterEvent

UNSIGNED: Final = "SELECT transaction_id FROM signatures WHERE signed IS NULL"
"""The transactions that still owe a signature."""

_FIRST_OWED: Final = """
    SELECT s.transaction_id, s.number, e.event, e.at, e.state_after, b.token
    FROM signatures s JOIN events e USING (transaction_id, number)
    LEFT JOIN fiscal_begun b USING (transaction_id)
    WHERE s.signed IS NULL ORDER BY s.seq LIMIT 1
"""


def begin(connection: sqlite3.Connection, one: TransactionId, token: str) -> None:
    """Keep what the signer gave before the payment, inside of the payment's own commit."""
    connection.execute(
        "INSERT INTO fiscal_begun (transaction_id, token) VALUES (?, ?)",
        (int(one), rows.write_text(token)),
    )


def owe(connection: sqlite3.Connection, one: TransactionId) -> None:
    """Note that a transaction's last event is to be signed, inside of that event's commit."""
    connection.execute(
        "INSERT INTO signatures (transaction_id, number, seq) SELECT transaction_id, number, seq"
        " FROM events WHERE transaction_id = ? ORDER BY number DESC LIMIT 1",
        (int(one),),
    )


def first_owed(connection: sqlite3.Connection) -> sqlite3.Row | None:
    """Return the row of the signature that has been owed for longest, for `read_owed`."""
    found: sqlite3.Row | None = connection.execute(_FIRST_OWED).fetchone()
    return found


def read_owed(row: sqlite3.Row, one: Transaction) -> OwedSignature:
    """Build what is owed from its row and the transaction as it is now."""
    then = replace(
        one, state=State(row["state_after"]), updated_at=datetime.fromisoformat(row["at"])
    )
    return OwedSignature(then, row["number"], row["event"], row["token"])


def sign(
    connection: sqlite3.Connection, owed: OwedSignature, given: Signature, at: datetime
) -> None:
    """Keep a signature, inside of the open database transaction; one that is there already stays."""
    key = (int(owed.transaction.id), owed.number)
    still = connection.execute(
        "SELECT 1 FROM signatures WHERE transaction_id = ? AND number = ? AND signed IS NULL", key
    ).fetchone()
    if still is None:
        return
    content = {
        "transaction": str(owed.transaction.id),
        "number": owed.number,
        "text": given.text,
        "code": given.code,
    }
    seq = register_events.append(connection, RegisterEvent.SIGNED, at, content)
    connection.execute(
        "UPDATE signatures SET signed = ? WHERE transaction_id = ? AND number = ?", (seq, *key)
    )


def of(connection: sqlite3.Connection, one: TransactionId) -> Sequence[EventSignature]:
    """Return the signatures of a transaction's events, given or owed, oldest first."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'signatures'").fetchone():
        return ()  # an older format
    found = connection.execute(
        "SELECT s.number, e.state_after, r.at, r.content FROM signatures s"
        " JOIN events e ON e.transaction_id = s.transaction_id AND e.number = s.number"
        " LEFT JOIN register_events r ON r.seq = s.signed"
        " WHERE s.transaction_id = ? ORDER BY s.number",
        (int(one),),
    )
    return tuple(
        EventSignature(number, State(state), _signature(content), rows.read_time(at))
        for number, state, at, content in found
    )


def count_owed(connection: sqlite3.Connection) -> int:
    """Return how many signatures are owed."""
    (found,) = connection.execute(f"SELECT count(*) FROM ({UNSIGNED})").fetchone()
    return int(found)


def _signature(content: str | None) -> Signature | None:
    if content is None:
        return None
    told = json.loads(content)
    return Signature(str(told["text"]), str(told["code"]))
