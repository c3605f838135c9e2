"""What is told of an event is the same whenever it is read, however the payment goes on."""

from __future__ import annotations

import gc
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest
from support.fakes import order
from support.opened import opened

from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Exchange, ExchangeKind
from kiosk_tui.journal.outbox_reader import OutboxReader, OutboxRow, read_outbox
from kiosk_tui.journal.store import Store
from proofs.simulation.plan import draw
from proofs.simulation.schedule import Parts, Schedule

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
PATH = Path("journal.db")


class Shipped:
    """What was told of each event when it was read first, and whatever differed later."""

    def __init__(self) -> None:
        self.first: dict[int, OutboxRow] = {}
        self.differ: list[tuple[OutboxRow, OutboxRow]] = []

    def look(self, connection: Connection) -> None:
        for row in read_outbox(connection, PATH, 0, 10_000):
            first = self.first.setdefault(row.seq, row)
            if first != row:
                self.differ.append((first, row))

    def store(self, path: Path, *, connect: Any, **_: Any) -> Store:
        disk, look = connect.__self__, self.look

        class Watched(Store):
            @contextmanager
            def _commit(self) -> Iterator[Any]:
                with super()._commit() as connection:
                    yield connection
                look(disk.raw)

        disk.raw.execute("UPDATE register SET ships = 1")
        return Watched(path, connect=connect)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seeds", [range(start, start + 60) for start in range(0, 240, 60)])
def test_random_lives_are_told_the_same_after_each_commit(seeds: range) -> None:
    """Through lost answers, late ones, kills, disks that refuse, and people who give up or cancel."""
    logging.disable(logging.CRITICAL)
    events = set()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for seed in seeds:
                shipped = Shipped()
                Schedule(draw(seed), Parts(store=shipped.store)).run()
                assert shipped.differ == [], seed
                events |= {row.told.event.event for row in shipped.first.values()}
            gc.collect()  # what killed processes left is never awaited: not another test's fault
    finally:
        logging.disable(logging.NOTSET)
    assert {Event.OUTCOME_UNKNOWN, Event.LATE_APPROVAL, Event.CANCEL_CONFIRMED} <= events


@pytest.mark.parametrize("late", [Event.LATE_APPROVAL, None])
def test_an_answer_that_came_too_late_changes_nothing_that_was_told(
    tmp_path: Path, late: Event | None
) -> None:
    path = tmp_path / "journal.db"
    store = opened(Store(path, ships=lambda: True))
    one, sent = store.begin(order(1255, Operation.SALE_AND_TIP, tip=100), 1355, NOW)

    def told() -> list[OutboxRow]:
        reader = opened(OutboxReader(path))
        return list(reader.rows(0, 9))

    gave_up = Exchange(
        sent.id, one.id, ExchangeKind.PAYMENT, sent.place, NOW, NOW, "outcome_unknown", "Lost."
    )
    due, _ = one.after(Event.OUTCOME_UNKNOWN, NOW)
    store.record(one.state, due, Event.OUTCOME_UNKNOWN, gave_up)
    before = told()
    closed = before[-1].told.closed
    assert closed is not None
    assert (closed.verdict, closed.answer) == ("outcome_unknown", None)
    verdict = "approved" if late else "late declined"
    answer = Answer("0", fields={"ecr_data": "TIP=250;", "authorization_number": "1"})
    heard = Exchange(
        sent.id, one.id, ExchangeKind.PAYMENT, sent.place, NOW, NOW, verdict, "", answer
    )
    if late is None:
        store.close_exchange(heard)
        assert told() == before
        return
    void, _ = due.after(late, NOW)
    store.record(State.CANCEL_DUE, void, late, heard)
    after = told()
    assert after[:-1] == before
    assert after[-1].told.closed == heard
    tips = [row.told.transaction.tip for row in after]
    assert [tip.minor for tip in tips if tip] == [100, 100, 250]
