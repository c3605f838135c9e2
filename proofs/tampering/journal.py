"""A small journal with every kind of fact in it, as a register leaves it: closed, in one file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk_tui.domain.checkpoint import Checkpoint
from kiosk_tui.domain.identity import CallerReference, Original, Place
from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.journal import checkpoints
from kiosk_tui.journal.maintenance.prune import open_to_prune, prune
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.journal.store import Store

NOW: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
PLACE: Final = Place("88091105", "1")
EUR: Final = Currency("EUR", 2)
SALE: Final = Order(Operation.SALE, Money(1255, EUR), PLACE, reason="Äpfel 🍏", personal_id="anna")
ANSWER: Final = Answer("0", "APPROVED", fields={"authorization_number": "123456"})


def written(path: Path) -> Path:
    """Write it: payments old and new, a cancellation, a refund, polls, a Z report, a prune, a checkpoint."""
    store = Store(path)
    old = NOW - timedelta(days=200)
    _approved(store, SALE, old)
    first = _approved(
        store, replace(SALE, operation=Operation.SALE_AND_TIP, tip=Money(125, EUR)), NOW
    )
    _approved(store, replace(SALE, caller_reference=CallerReference("order-17")), NOW)
    back = replace(SALE, operation=Operation.REFERENCED_REFUND, original=Original(first.id, PLACE))
    _approved(store, back, NOW)
    _cancelled(store, first)
    _pruned(path)
    store.append(RegisterEvent.DAY_CLOSED, NOW, {"number": 1, "sum": 3765})
    store.close()
    checkpoints.make(path, NOW, _signed)
    with closing(Store(path)) as again:
        again.begin(replace(SALE, reason=""), 1255, NOW, "begun after the checkpoint")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    return path


def _approved(store: Store, order: Order, at: datetime) -> Transaction:
    begun, sent = store.begin(order, order.amount.minor, at, reserve=1)
    poll = store.open_exchange(
        ExchangeKind.STATUS, PLACE, begun.id, at, store.reserved_id(begun.id)
    )
    store.close_exchange(replace(poll, answered_at=at, verdict="waiting"))
    after, _ = begun.after(Event.APPROVED, at)
    answered: Exchange = replace(sent, answered_at=at, verdict="approved", answer=ANSWER)
    approved = replace(after, answer=ANSWER)
    store.record(begun.state, approved, Event.APPROVED, answered)
    return approved


def _cancelled(store: Store, one: Transaction) -> None:
    due, _ = one.after(Event.CANCEL_REQUESTED, NOW)
    store.record(one.state, due, Event.CANCEL_REQUESTED)
    sent = store.open_exchange(ExchangeKind.CANCELLATION, PLACE, due.id, NOW)
    gone, _ = replace(due, attempts=1).after(Event.CANCEL_CONFIRMED, NOW)
    store.record(due.state, gone, Event.CANCEL_CONFIRMED, replace(sent, verdict="cancelled"))


def _pruned(path: Path) -> None:
    with closing(open_to_prune(path)) as connection:
        prune(connection, path, 100, NOW, rest=lambda _: None)


def _signed(one: Checkpoint) -> Checkpoint:
    return replace(one, key="k" * 43, signature="s" * 86)
