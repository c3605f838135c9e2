"""What a signer has begun, and what it still owes.

Owns: the tables `fiscal_begun` and `signatures`. A signature that was given is an event of the register
(`SIGNED`), so it stands in the order of commits like everything else.
Invariant: an event that is signed has its row since its own commit, and is signed once.
Loaded only where a signer is configured, or by whoever shows what was signed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.fiscal import (
    EventSignature,
    OwedSignature,
    Signature,
    SignatureBacklog,
    is_signed,
)
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import chain, rows
from kiosk_tui.journal.outbox import version
from kiosk_tui.journal.reader import Reader, reading
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.journal.writer import JournalWriter

_SINCE: Final = 6
"""The format of a journal that has signatures."""

_FIRST_OWED: Final = """
    SELECT s.transaction_id, s.number, e.event, e.at, e.state_after, b.token
    FROM signatures s JOIN events e USING (transaction_id, number)
    LEFT JOIN fiscal_begun b USING (transaction_id)
    WHERE s.signed IS NULL ORDER BY s.seq LIMIT 1
"""


class SignatureLog:
    """Implements `payment.fiscal.SignatureQueue` over the journal's one writer."""

    def __init__(self, writer: JournalWriter) -> None:
        self._writer = writer

    async def owed_signature(self) -> OwedSignature | None:
        """Return the signature that has been owed for longest, in the order of commits."""
        row = await self._writer.read(_first_owed)
        if row is None:
            return None
        one = await self._writer.transaction(TransactionId.stored(str(row["transaction_id"])))
        if one is None:  # pragma: no cover - the tables refer to it
            return None
        then = replace(
            one, state=State(row["state_after"]), updated_at=datetime.fromisoformat(row["at"])
        )
        return OwedSignature(then, row["number"], row["event"], row["token"])

    async def sign(self, owed: OwedSignature, given: Signature, at: datetime) -> None:
        """Commit a signature; one that is there already stays."""
        content = {
            "transaction": str(owed.transaction.id),
            "number": owed.number,
            "text": given.text,
            "code": given.code,
        }
        key = (int(owed.transaction.id), owed.number)
        await self._writer.commit(partial(keep, key=key, at=at, content=content))

    async def signatures(self, transaction_id: TransactionId) -> Sequence[EventSignature]:
        """Return the signatures of a transaction's events, given or owed, oldest first."""
        return await self._writer.read(partial(of, one=transaction_id))

    async def backlog(self) -> SignatureBacklog:
        """Return how many signatures are owed, and since when."""
        return await self._writer.read(backlog)


def owe(connection: sqlite3.Connection, before: State, after: Transaction) -> None:
    """Note that a transaction's last event is to be signed, inside of that event's commit."""
    if is_signed(before, after):
        connection.execute(
            "INSERT INTO signatures (transaction_id, number, seq) SELECT transaction_id, number, seq"
            " FROM events WHERE transaction_id = ? ORDER BY number DESC LIMIT 1",
            (int(after.id),),
        )


def of(connection: sqlite3.Connection, one: TransactionId) -> Sequence[EventSignature]:
    """Return the signatures of a transaction's events, given or owed, oldest first."""
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


def backlog(connection: sqlite3.Connection) -> SignatureBacklog:
    """Return how many signatures are owed, and since when."""
    count, since = connection.execute(
        "SELECT count(*), min(e.at) FROM signatures s JOIN events e USING (transaction_id, number)"
        " WHERE s.signed IS NULL"
    ).fetchone()
    return SignatureBacklog(count, rows.read_time(since))


def read(reader: Reader, path: Path, one: Transaction) -> Sequence[EventSignature]:
    """Return the signatures of a transaction's events. Raises `JournalUnavailableError`."""
    with reading(path):
        there = version(reader.connection) >= _SINCE
        return of(reader.connection, one.id) if there else ()


def read_backlog(reader: Reader, path: Path) -> SignatureBacklog:
    """Return what is owed in a journal. Raises `JournalUnavailableError`."""
    with reading(path):
        there = version(reader.connection) >= _SINCE
        return backlog(reader.connection) if there else SignatureBacklog()


def _first_owed(connection: sqlite3.Connection) -> sqlite3.Row | None:
    found: sqlite3.Row | None = connection.execute(_FIRST_OWED).fetchone()
    return found


def keep(
    connection: sqlite3.Connection, key: tuple[int, int], at: datetime, content: Mapping[str, Any]
) -> None:
    """Keep a signature of an event (transaction, number), in the open database transaction.

    One that is there already stays.
    """
    owed = connection.execute(
        "SELECT 1 FROM signatures WHERE transaction_id = ? AND number = ? AND signed IS NULL", key
    ).fetchone()
    if owed is not None:
        seq = chain.add_register_event(connection, RegisterEvent.SIGNED, at, content)
        connection.execute(
            "UPDATE signatures SET signed = ? WHERE transaction_id = ? AND number = ?", (seq, *key)
        )


def _signature(content: str | None) -> Signature | None:
    if content is None:
        return None
    told = json.loads(content)
    return Signature(str(told["text"]), str(told["code"]))
