"""How a journal's chain begins: with what was there, and with the end of the journal before it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from kiosk_tui.domain.checkpoint import ChainEnd
from kiosk_tui.journal import chain, rows
from kiosk_tui.journal.register_events import RegisterEvent


def begin(connection: sqlite3.Connection) -> None:
    """Give a journal that has no chain its first entries, inside of the open database transaction.

    Each transaction that is there gets one, below place 0, in the order of ids; `CHAIN_BEGUN` is at 0.
    One pass over the tables: some 20 µs for each transaction.
    """
    (count,) = connection.execute("SELECT count(*) FROM transactions").fetchone()
    before = ChainEnd(-1 - count, chain.START)
    exchanges = Groups(connection, rows.EXCHANGE_COLUMNS, "exchanges", "transaction_id, id", 1)
    events = Groups(connection, rows.EVENT_COLUMNS, "events", "transaction_id, number", 0)
    columns = rows.known(connection, rows.TRANSACTION_COLUMNS)
    for one in connection.execute(f"SELECT {columns} FROM transactions ORDER BY id"):
        its_facts = chain.facts_of(one, exchanges.of(one[0]), events.of(one[0]))
        before = chain.add(connection, before, its_facts, None, None, one[0])
    known = rows.reached(connection)
    told = {"identity": known.identity, "transactions": count, "why": "first"}
    chain.add_register_event(connection, RegisterEvent.CHAIN_BEGUN, datetime.now(UTC), told, known)


def begin_after(
    connection: sqlite3.Connection, now: datetime, why: str, before: ChainEnd | None
) -> None:
    """Note in a new or restored journal whose end it follows, as far as that can be read.

    A restored journal's entries go on from those of its backup: what they prove, they prove still. The
    caller has written the register's new identity, in the open database transaction.
    """
    known, follows = rows.reached(connection), rows.follows(connection)
    end = {} if before is None else {"seq": before.seq, "link": before.link.hex()}
    told = {"identity": known.identity, "follows": {"identity": follows, **end}, "why": why}
    chain.add_register_event(connection, RegisterEvent.CHAIN_BEGUN, now, told, known)


class Groups:
    """Rows of a table, transaction by transaction, to be asked for in the order of ids."""

    def __init__(
        self, connection: sqlite3.Connection, columns: str, table: str, order: str, key: int
    ) -> None:
        found = connection.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")
        self._groups: Iterator[tuple[int, Iterator[Sequence[Any]]]] = groupby(
            found, lambda row: int(row[key])
        )
        self._next = next(self._groups, None)

    def of(self, transaction_id: int) -> list[Sequence[Any]]:
        """Return the rows of a transaction."""
        while self._next is not None and self._next[0] < transaction_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != transaction_id:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found
