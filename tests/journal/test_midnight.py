"""Days are half open: each transaction is in one of them, the one of exactly midnight, too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.fakes import order

from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.journal.reader import read_day
from kiosk_tui.journal.store import Store

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
MOMENTS = [
    MIDNIGHT - DAY,
    MIDNIGHT - timedelta(milliseconds=1),
    MIDNIGHT,
    MIDNIGHT + timedelta(milliseconds=1),
    MIDNIGHT + DAY,
]


def test_each_transaction_is_in_one_day(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = Store(path)
    made = {}
    for at in MOMENTS:
        begun, exchange = store.begin(order(), 1255, at)
        approved, _ = begun.after(Event.APPROVED, at)
        store.record(begun.state, approved, Event.APPROVED, exchange)
        made[begun.id] = at
    for start, within in ((MIDNIGHT - DAY, 2), (MIDNIGHT, 2), (MIDNIGHT + DAY, 1)):
        wanted = [number for number, at in made.items() if start <= at < start + DAY]
        assert len(wanted) == within
        assert [one.id for one in store.between(start, start + DAY)] == wanted
        touched = read_day(path, start, start + DAY)
        assert [one.id for one in touched.transactions] == wanted
    store.close()
