"""Registers that break a promise on purpose: each must be caught, or the proof proves nothing.

Never part of an honest run: only a child of the fork server that is told so commits one of these.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kiosk_tui.cli import described
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.domain.lifecycle import IN_FLIGHT, Event, State
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.journal import log_space, store
from kiosk_tui.journal.store import Store
from kiosk_tui.payment.ledger import TransactionLedger

VARIABLE: Final = "PROOF_SABOTAGE"
"""Names what a control breaks in a child of the fork server; nobody else reads it."""


def commit(name: str) -> None:
    """Break this process. Raises `KeyError` for a sabotage that does not exist."""
    _ALL[name]()


def _send_before_commit() -> None:
    """Let the request leave first; write its transaction together with the outcome."""
    honest_record = Store.record

    def begin(
        self: Store, order: Order, amount_sent: int, now: datetime, *_more: object
    ) -> tuple[Transaction, Exchange]:
        with self._commit() as connection:
            new, _ = self._next_numbers(connection, now)
        transaction = store._new(new, order, State.AUTHORIZING, amount_sent, now)
        return transaction, Exchange(new, new, ExchangeKind.PAYMENT, order.place, now)

    def record(
        self: Store, before: State, after: Transaction, event: Event, exchange: Exchange, *_: object
    ) -> None:
        with self._commit() as connection:
            store._insert_transaction(connection, replace(after, state=before))
            store._put_exchange(connection, exchange)
            store._log(connection, after, store.BEGUN, None, exchange)
        honest_record(self, before, after, event, exchange)

    _replace(Store, begin=begin, record=record)


def _show_before_commit() -> None:
    """Tell the customer "approved" while the disk still works on it."""
    honest_record = Store.record

    def record(
        self: Store, before: State, after: Transaction, event: Event, *exchanges: Any
    ) -> None:
        if after.state is State.APPROVED:
            say_json(described.describe(after))
        honest_record(self, before, after, event, *exchanges)

    _replace(Store, record=record)


def _forget_what_was_under_way() -> None:
    """Take up cancellations that are due, but not a payment that was cut short."""
    honest_open_ones = TransactionLedger.open_ones

    async def open_ones(self: TransactionLedger) -> tuple[Transaction, ...]:
        return tuple(one for one in await honest_open_ones(self) if one.state not in IN_FLIGHT)

    _replace(TransactionLedger, open_ones=open_ones)


def _zeros_over_the_log() -> None:
    """Write the log's zeros where it begins, whatever is due there, and not behind its end."""

    def fill(_connection: sqlite3.Connection, _log: log_space.Log, size: int) -> None:
        log = Path(os.environ["HOME"], "journal.db-wal")
        with log.open("r+b") as file:
            file.write(bytes(size))

    _replace(log_space, fill=fill)


def _replace(owner: object, **broken: Any) -> None:
    for name, function in broken.items():
        setattr(owner, name, function)


_ALL: Final[Mapping[str, Callable[[], None]]] = {
    "send-before-commit": _send_before_commit,
    "show-before-commit": _show_before_commit,
    "forget-what-was-under-way": _forget_what_was_under_way,
    "zeros-over-the-log": _zeros_over_the_log,
}
