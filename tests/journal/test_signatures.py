"""What is owed and signed is kept: by what is removed, and by what takes a lost journal's place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.fakes import order
from support.opened import opened
from support.virtual import Inline

from kiosk_tui.domain.fiscal import OwedSignature, Signature
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal.maintenance.backup import back_up
from kiosk_tui.journal.maintenance.prune import open_to_prune, prune
from kiosk_tui.journal.maintenance.restore import restore
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.signatures import SignatureLog, owe, read, read_backlog
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.writer import JournalWriter

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)


class Till:
    """A journal with its queue of signatures."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = opened(Store(path, owe=owe))
        self.queue = SignatureLog(JournalWriter(self.store, Inline()))

    def pay(self, at: datetime = NOW, operation: Operation = Operation.SALE) -> Transaction:
        one, exchange = self.store.begin(order(operation=operation), 1255, at, token="T1")
        after, _ = one.after(Event.APPROVED, at)
        self.store.record(State.AUTHORIZING, after, Event.APPROVED, exchange)
        return after

    def lose(self) -> None:
        """Damage one that is open: the journal is refused, and the rest of it can be read."""
        one, exchange = self.store.begin(order(), 1255, NOW)
        after, _ = one.after(Event.OUTCOME_UNKNOWN, NOW)
        self.store.record(State.AUTHORIZING, after, Event.OUTCOME_UNKNOWN, exchange)
        self.store.close()
        raw = sqlite3.connect(self.path)
        raw.execute("UPDATE transactions SET checksum = 1 WHERE id = ?", (int(one.id),))
        raw.commit()
        raw.close()

    def cancel(self, one: Transaction) -> None:
        for event in (Event.CANCEL_REQUESTED, Event.CANCEL_CONFIRMED):
            after, _ = one.after(event, NOW)
            self.store.record(one.state, after, event)
            one = after

    async def sign(self, count: int) -> list[str]:
        keys = []
        for _ in range(count):
            owed = await self.queue.owed_signature()
            assert owed is not None
            await self.queue.sign(owed, Signature(f"signed {owed.key}"), NOW)
            keys.append(owed.key)
        return keys

    async def rest(self) -> list[OwedSignature]:
        """Sign whatever is owed; return it in order."""
        found = []
        while (owed := await self.queue.owed_signature()) is not None:
            await self.queue.sign(owed, Signature(), NOW)
            found.append(owed)
        return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


async def test_a_question_about_a_card_is_not_signed(path: Path) -> None:
    till = Till(path)
    till.pay(operation=Operation.BALANCE)
    assert await till.rest() == []
    till.store.close()


async def test_nothing_goes_that_owes_a_signature_and_the_rest_goes_with_its_own(
    path: Path,
) -> None:
    till = Till(path)
    long_ago = NOW - timedelta(days=400)
    signed, owing = till.pay(long_ago), till.pay(long_ago)
    await till.sign(1)
    newer = till.pay()  # ages are counted from it
    connection = open_to_prune(path)
    done = prune(connection, path, 100, NOW, lambda _: None)
    connection.close()
    assert done.removed == 1
    assert await till.queue.signatures(signed.id) == ()
    assert [one.transaction.id for one in await till.rest()] == [owing.id, newer.id]
    till.store.close()


async def test_a_restored_journal_owes_in_order_and_loses_no_signature(path: Path) -> None:
    till = Till(path)
    first, second = till.pay(), till.pay()
    await till.sign(1)
    back_up(path, path.with_name("kept.db"))
    third, fourth = till.pay(), till.pay()
    till.cancel(first)
    await till.sign(2)  # the second, which the backup owes, and the third
    till.lose()
    restore(path, path.with_name("kept.db"), "Anna", NOW + timedelta(hours=1))

    restored = Till(path)
    for one in (first, second, third):
        assert (await restored.queue.signatures(one.id))[0].signature is not None
    owed = await restored.rest()
    assert [(one.transaction.id, one.event, one.token) for one in owed] == [
        (fourth.id, "APPROVED", "T1"),
        (first.id, "CANCEL_CONFIRMED", "T1"),
    ]
    restored.store.close()
    reader = Reader(path)
    assert reader.verify() == []
    reader.close()


async def test_what_a_damaged_file_does_not_tell_is_asked_for_again(path: Path) -> None:
    till = Till(path)
    one = till.pay()
    back_up(path, path.with_name("kept.db"))
    await till.sign(1)
    till.lose()
    raw = sqlite3.connect(path)
    raw.execute("DROP TABLE signatures")
    raw.commit()
    raw.close()
    restore(path, path.with_name("kept.db"), "Anna", NOW + timedelta(hours=1))
    restored = Till(path)
    assert [owed.transaction.id for owed in await restored.rest()] == [one.id]
    restored.store.close()


async def test_whoever_reads_beside_the_register_sees_what_is_signed_and_owed(path: Path) -> None:
    till = Till(path)
    signed, _owing = till.pay(), till.pay()
    await till.sign(1)
    reader = Reader(path)
    (found,) = read(reader, path, signed)
    assert found.signature == Signature(f"signed {signed.id}-2")
    owed = read_backlog(reader, path)
    assert (owed.count, owed.since) == (1, NOW)
    reader.close()
    till.store.close()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE signatures SET signed = NULL WHERE number = 2", "was signed at place"),
        ("UPDATE signatures SET signed = signed + 1", "should stand at place"),
        ("UPDATE signatures SET seq = seq + 1", "belongs to no event at its place"),
        ("UPDATE signatures SET number = 9", "belongs to no event at its place"),
        ("DELETE FROM signatures WHERE signed IS NOT NULL", "but its row does not say so"),
        (
            "INSERT INTO signatures SELECT transaction_id, number, seq, NULL FROM events WHERE number = 1",
            "event 1",
        ),
        ("INSERT INTO signatures SELECT transaction_id, 7, 7, NULL FROM signatures", "event 7"),
    ],
)
async def test_a_row_that_is_not_what_was_signed_is_named(
    path: Path, statement: str, named: str
) -> None:
    till = Till(path)
    till.pay()
    await till.sign(1)
    till.pay()
    till.store.close()
    assert opened(Reader(path)).verify() == []
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(statement)
        raw.commit()
    assert named in " ".join(opened(Reader(path)).verify())
