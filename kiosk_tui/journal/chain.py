r"""The hash chain of the journal: each commit of a fact is an entry, which vouches for all before it.

Owns: what an entry is made of, byte by byte, and the table `chain`. An auditor can compute the same with
any JSON and SHA-256; a test vector stands in tests/journal/test_chain.py.

- Canonical bytes are a JSON array without spaces, in ASCII: null, integers in decimal, texts with `\uXXXX`
  (lower-case digits, surrogate pairs) for everything beyond ASCII. Null, "" and 0 differ.
- `facts` is the SHA-256 of [transaction, requests, old events]: the columns `rows.TRANSACTION_COLUMNS` of the
  transaction as this commit left it, `rows.EXCHANGE_COLUMNS` of each of its requests in the order of ids, and
  `rows.EVENT_COLUMNS` of those of its events that have no `seq` (from before the chain). The values are those
  that the tables hold.
- `link` is the SHA-256 of the link before, as 32 bytes (zeros before the first), and of
  [seq, transaction_id, facts as hex, last_id, last_receipt, what]. `what` are the columns of the entry's event,
  or [at, event, content] of an event of the register, or null: requests of `transaction_id` were written
  without an event. `last_id` and `last_receipt` are the register's, in entries that took numbers.

The latest entry about a transaction vouches for all that the file says of it. Places are numbered from 1;
0 is the chain's beginning, and before it each transaction that was there then has a place below 0.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from kiosk_tui.domain.checkpoint import ChainEnd
from kiosk_tui.journal import rows
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.journal.watermark import Known

START: Final = bytes(32)
"""Stands for the link before the first entry."""

_TRANSACTION: Final = f"SELECT {rows.TRANSACTION_COLUMNS} FROM transactions WHERE id = ?"
_EXCHANGES: Final = (
    f"SELECT {rows.EXCHANGE_COLUMNS} FROM exchanges WHERE transaction_id = ? ORDER BY id"
)
_OLD_EVENTS: Final = f"SELECT {rows.EVENT_COLUMNS} FROM events WHERE transaction_id = ? AND seq IS NULL ORDER BY number"
_INSERT_EVENT: Final = (
    f"INSERT INTO events ({rows.EVENT_COLUMNS}, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_ENTRY: Final = (
    "INSERT INTO chain (seq, transaction_id, facts, last_id, last_receipt, link)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_encode: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def canonical(values: Sequence[Any]) -> bytes:
    """Return the canonical bytes of values: None, integers, texts, and lists of them."""
    return _encode(values).encode("ascii")


def facts_of(
    transaction: Iterable[Any],
    exchanges: Iterable[Iterable[Any]],
    old_events: Iterable[Iterable[Any]],
) -> bytes:
    """Return `facts` of one transaction's rows."""
    told = tuple(transaction), tuple(map(tuple, exchanges)), tuple(map(tuple, old_events))
    return hashlib.sha256(canonical(told)).digest()


def link_of(  # noqa: PLR0917 - the columns of an entry
    before: bytes,
    seq: int,
    transaction_id: int | None,
    facts: bytes | None,
    numbers: tuple[int | None, int | None],
    what: Sequence[Any] | None,
) -> bytes:
    """Return `link` of an entry."""
    told = (seq, transaction_id, facts and facts.hex(), *numbers, what)
    return hashlib.sha256(before + canonical(told)).digest()


def head(connection: sqlite3.Connection) -> ChainEnd:
    """Return the last entry. Raises `sqlite3.Error`."""
    found = connection.execute("SELECT seq, link FROM chain ORDER BY seq DESC LIMIT 1").fetchone()
    return ChainEnd(-1, START) if found is None else ChainEnd(*found)


def at(connection: sqlite3.Connection, seq: int) -> ChainEnd | None:
    """Return the entry at a place; None where it was pruned. Raises `sqlite3.Error`."""
    found = connection.execute("SELECT seq, link FROM chain WHERE seq = ?", (seq,)).fetchone()
    return None if found is None else ChainEnd(*found)


def facts(
    connection: sqlite3.Connection,
    transaction_id: int,
    transaction: Sequence[Any] | None = None,
    *,
    old: bool = True,
) -> bytes:
    """Return `facts` of a transaction as the file has it now.

    Its row is read where the caller has not just written it, and so are its old events where it may have any.
    """
    key = (transaction_id,)
    return facts_of(
        transaction or connection.execute(_TRANSACTION, key).fetchone(),
        connection.execute(_EXCHANGES, key),
        connection.execute(_OLD_EVENTS, key) if old else (),
    )


def add_event(
    connection: sqlite3.Connection,
    event: Sequence[Any],
    known: Known | None = None,
    its_facts: bytes | None = None,
) -> None:
    """Add an event of a transaction (`rows.EVENT_COLUMNS`), in the open database transaction.

    Everything else that belongs to the commit is written before it; `known` is what a commit reached that
    took numbers. `its_facts` are the transaction's, where the caller knows them.
    """
    before = head(connection)
    connection.execute(
        _INSERT_EVENT,
        (*event, before.seq + 1),
    )
    add(connection, before, its_facts or facts(connection, event[0]), known, event)


def add_requests(
    connection: sqlite3.Connection, transaction_id: int, known: Known | None = None
) -> None:
    """Add that requests of a transaction were written without an event."""
    its_facts = facts(connection, transaction_id)
    add(connection, head(connection), its_facts, known, None, transaction_id)


def add_register_event(
    connection: sqlite3.Connection,
    event: RegisterEvent,
    at: datetime,
    content: Mapping[str, Any],
    known: Known | None = None,
) -> int:
    """Add an event of the register; return its place."""
    before = head(connection)
    told = (rows.write_time(at), event, rows.write_json(content))
    connection.execute(
        "INSERT INTO register_events (seq, at, event, content) VALUES (?, ?, ?, ?)",
        (before.seq + 1, *told),
    )
    add(connection, before, None, known, told)
    return before.seq + 1


def add(  # noqa: PLR0917 - the columns of an entry
    connection: sqlite3.Connection,
    before: ChainEnd,
    its_facts: bytes | None,
    known: Known | None,
    what: Sequence[Any] | None,
    transaction_id: int | None = None,
) -> ChainEnd:
    """Add an entry after the one `before`; return it."""
    numbers = (None, None) if known is None else (known.last_id, known.last_receipt)
    seq = before.seq + 1
    link = link_of(before.link, seq, transaction_id, its_facts, numbers, what)
    connection.execute(
        _INSERT_ENTRY,
        (seq, transaction_id, its_facts, *numbers, link),
    )
    return ChainEnd(seq, link)
