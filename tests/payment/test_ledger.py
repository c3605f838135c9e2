"""The ledger: whatever is said to have happened, memory, disk and listeners follow the table alone."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.opened import opened
from support.virtual import Inline, VirtualClock, run

from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.lifecycle import TABLE, Command, Event, State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.payment.ledger import TransactionLedger

ORDER = Order(Operation.SALE, Money(1255, Currency("EUR", 2)), Place("88091105", "1"))

happenings = st.lists(st.tuples(st.sampled_from(Event), st.booleans()), max_size=12)


def on_disk(path: Path) -> list[tuple[object, ...]]:
    reading = sqlite3.connect(path)
    try:
        return [
            *reading.execute("SELECT * FROM transactions"),
            *reading.execute("SELECT * FROM events ORDER BY number"),
            *reading.execute("SELECT * FROM exchanges"),
        ]
    finally:
        reading.close()


@given(happenings)
def test_what_the_table_does_not_have_changes_nothing_anywhere(
    happened: list[tuple[Event, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run(_follows_the_table(Path(folder, "journal.db"), happened))


async def _follows_the_table(path: Path, happened: list[tuple[Event, bool]]) -> None:
    told: list[Transaction] = []
    clock = VirtualClock()
    journal = JournalWriter(opened(Store(path, synchronous="OFF")), Inline())
    ledger = TransactionLedger(journal, clock, told.append)
    try:
        begun, _ = await ledger.begin(ORDER, 1255)
        ledger.keep(begun.id)
        state = begun.state
        for event, held in happened:
            before, said = on_disk(path), len(told)
            way: Callable[..., Awaitable[tuple[Transaction, Command] | None]]
            way = ledger.hold if held else ledger.change
            changed = await way(begun.id, event)
            if (state, event) not in TABLE:
                assert changed is None
                assert (on_disk(path), len(told)) == (before, said)
                continue
            assert changed is not None
            state, command = TABLE[state, event]
            assert (changed[0].state, changed[1]) == (state, command)
            assert told[said:] == [changed[0]]
            assert await journal.transaction(begun.id) == changed[0]
            assert len(on_disk(path)) == len(before) + 1
        found = ledger.live(begun.id)
        assert found is not None
        assert found.state is state
        assert state in State
    finally:
        journal.close()
