"""The journal's hash chain: what was written cannot be changed unseen."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.old_journal import old_journal

from kiosk_tui.domain.checkpoint import Checkpoint
from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import ExchangeKind, Order
from kiosk_tui.journal import chain, checkpoints, outbox
from kiosk_tui.journal.chain_proof import ChainProof
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.journal.store import Store

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
PLACE = Place("88091105", "1")
ORDER = Order(Operation.SALE, Money(1255, Currency("EUR", 2)), PLACE, reason="Äpfel 🍏")
ANSWER = Answer("0", "APPROVED", fields={"authorization_number": "123456"})


def filled(path: Path) -> Path:
    """Write a journal with payments, a cancellation with its requests, a poll, a late answer and a Z."""
    store = Store(path)
    for number in range(3):
        begun, exchange = store.begin(ORDER, 1255, NOW, reserve=2)
        poll = store.open_exchange(
            ExchangeKind.STATUS, PLACE, begun.id, NOW, store.reserved_id(begun.id)
        )
        store.close_exchange(replace(poll, answered_at=NOW, verdict="waiting"))
        after, _ = begun.after(Event.APPROVED, NOW + timedelta(seconds=number))
        answered = replace(exchange, answered_at=NOW, verdict="approved", answer=ANSWER)
        store.record(begun.state, replace(after, answer=ANSWER), Event.APPROVED, answered)
    store.append(RegisterEvent.DAY_CLOSED, NOW, {"number": 1, "sum": 3765})
    due, _ = after.after(Event.CANCEL_REQUESTED, NOW)
    store.record(after.state, due, Event.CANCEL_REQUESTED)
    sent = store.open_exchange(ExchangeKind.CANCELLATION, PLACE, due.id, NOW)
    gone, _ = replace(due, attempts=1).after(Event.CANCEL_CONFIRMED, NOW)
    store.record(due.state, gone, Event.CANCEL_CONFIRMED, replace(sent, verdict="cancelled"))
    store.begin_cancellation(replace(ORDER, operation=Operation.CANCELLATION), NOW)
    store.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    return path


def proof(path: Path, outside: Checkpoint | None = None) -> ChainProof:
    reader = Reader(path)
    try:
        found = reader.prove(outside)
    finally:
        reader.close()
    assert found is not None
    return found


def sentence(path: Path, outside: Checkpoint | None = None) -> str:
    broken = proof(path, outside).broken
    return "" if broken is None else broken.sentence


def doctored(path: Path, *statements: str) -> None:
    """Change a journal as somebody would who knows SQL: the triggers are put aside."""
    with closing(sqlite3.connect(path)) as raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for one in statements:
            raw.execute(one)
        raw.commit()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return filled(tmp_path / "journal.db")


def test_the_canonical_bytes_and_links_are_those_of_the_test_vector() -> None:
    assert (
        chain.canonical([None, "", 0, "Ä🍏", ["x"]]) == b'[null,"",0,"\\u00c4\\ud83c\\udf4f",["x"]]'
    )
    facts = chain.facts_of([1, "sale", None], [[2, 1]], [])
    assert facts.hex() == "f61e0416d00c4b3046d1ed0bbcc5af7f89c16eeaa02c72faaf36bd310627e90a"
    link = chain.link_of(chain.START, 1, None, facts, (7, 0), [1, 1, "BEGUN"])
    assert link.hex() == "84feed7e0989bcbc64057e1f64e764aeeea072e3a0b027c1374d89c768fbe0ba"


def test_an_untouched_journal_is_proved_to_its_end(journal: Path) -> None:
    found = proof(journal)
    assert found.broken is None
    assert (found.entries, found.head.seq) == (18, 17)


def test_it_is_proved_while_the_register_writes(journal: Path) -> None:
    store = Store(journal)
    store.begin(ORDER, 1255, NOW)
    assert proof(journal).broken is None
    store.close()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE transactions SET amount_minor = 1 WHERE id = (SELECT min(id) FROM transactions)", "Altered: transaction"),
        ("UPDATE transactions SET note = 'x' WHERE state = 'CANCELLED'", "Altered: transaction"),
        ("UPDATE exchanges SET verdict = 'declined' WHERE verdict = 'approved'", "Altered: transaction"),
        ("DELETE FROM exchanges WHERE kind = 'status'", "Altered: transaction"),
        ("UPDATE events SET why = 'x' WHERE seq = 1", "Altered: place 1, event 1 (BEGUN)"),
        ("DELETE FROM events WHERE seq = 1", "Removed: the event at place 1"),
        ("DELETE FROM events WHERE seq = 4", "or a later event of it was removed"),
        ("DELETE FROM chain WHERE seq = 4", "Removed: the chain's place 4 is not there"),
        ("DELETE FROM chain WHERE seq IN (4, 5)", "Removed: the chain's places 4 to 5 are not there"),
        ("UPDATE events SET seq = 99 WHERE seq = 1", "Removed: the event at place 1"),
        ("UPDATE events SET seq = NULL WHERE seq = 1", "Removed: the event at place 1"),
        ("DELETE FROM chain WHERE seq = 17", "Inserted: event 1 (BEGUN)"),
        ("DELETE FROM chain", "The journal has no chain"),
        ("UPDATE register_events SET content = '{}' WHERE event = 'DAY_CLOSED'", "Altered: place 13, DAY_CLOSED"),
        ("DELETE FROM register_events WHERE event = 'DAY_CLOSED'", "Removed: the event at place 13"),
        ("INSERT INTO register_events VALUES (-1, '2026', 'DAY_CLOSED', '{}')", "Inserted: DAY_CLOSED"),
        ("INSERT INTO register_events VALUES (18, '2026', 'DAY_CLOSED', '{}')", "Inserted: DAY_CLOSED"),
        ("INSERT INTO register_events VALUES (4, '2026', 'DAY_CLOSED', '{}')", "Inserted: event 2"),
        ("UPDATE chain SET link = facts WHERE seq = 4", "Altered: place 4"),
        ("UPDATE chain SET transaction_id = 1 WHERE seq = 2", "Altered: place 2, the requests of transaction 1"),
        ("UPDATE register SET last_receipt = 99", "the register's last_receipt is 99"),
        ("UPDATE register SET last_id = last_id + 1", "the register's last_id"),
        ("DELETE FROM register", "the register has 0 rows"),
        ("UPDATE register SET identity = 'aa'", "the register's identity"),
        ("UPDATE register SET pruned_before = '2026'", "the register's pruned_before"),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(journal: Path, statement: str, named: str) -> None:
    doctored(journal, statement)
    assert named in sentence(journal)


@pytest.mark.parametrize("value", ["9", "0.5", "'x'", "x'09'", "NULL"])
@pytest.mark.parametrize(
    "column",
    [
        *(
            "chain.transaction_id",
            "chain.facts",
            "chain.last_id",
            "chain.last_receipt",
            "chain.link",
        ),
        *("register_events.at", "register_events.event", "register_events.content"),
        *("events.event", "events.seq", "exchanges.sent_at", "transactions.amount_minor"),
    ],
)
def test_a_value_of_another_type_is_told_in_a_sentence(
    journal: Path, column: str, value: str
) -> None:
    """One byte of a row's header makes another type of a value than SQL would take there."""
    table, _, name = column.partition(".")
    doctored(
        journal,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(replace(sql, 'STRICT, ', ''), 'STRICT', '')"
        f" WHERE name = '{table}'",
        f"UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = '{table}'",
    )
    places = table in {"chain", "register_events"}
    which = f"seq = (SELECT max(seq) FROM {table} WHERE {name} IS NOT NULL)" if places else "1"
    doctored(journal, f"UPDATE OR REPLACE {table} SET {name} = {value} WHERE {which}")
    try:
        assert sentence(journal)
    except JournalUnavailableError as error:
        assert "journal" in str(error)  # noqa: PT017 - one of both is a sentence


def test_a_transaction_that_was_slipped_in_is_named(journal: Path) -> None:
    with closing(sqlite3.connect(journal)) as raw:
        columns = [row[1] for row in raw.execute("PRAGMA table_info(transactions)")]
    told = ", ".join(
        "id + 1" if name == "id" else "NULL" if name == "caller_key" else name for name in columns
    )
    doctored(
        journal,
        f"INSERT INTO transactions SELECT {told} FROM transactions ORDER BY id DESC LIMIT 1",
    )
    assert "Inserted: transaction" in sentence(journal)


def test_an_event_twice_in_one_place_is_named(journal: Path) -> None:
    doctored(
        journal,
        "INSERT INTO events (transaction_id, number, at, event, state_before, state_after, exchange_id,"
        " why, seq) SELECT transaction_id, number + 5, at, event, state_before, state_after, exchange_id,"
        " why, seq FROM events WHERE seq = 4",
    )
    assert "Inserted: event 7" in sentence(journal)


def rewritten(path: Path, change: str) -> None:
    """Change a fact and compute the chain anew from there on, as whoever holds the file can."""
    doctored(path, change)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        before = chain.START
        for seq, number, last_id, receipt in raw.execute(
            "SELECT seq, transaction_id, last_id, last_receipt FROM chain ORDER BY seq"
        ).fetchall():
            event = raw.execute(
                "SELECT transaction_id, number, at, event, state_before, state_after, exchange_id, why"
                " FROM events WHERE seq = ?",
                (seq,),
            ).fetchone()
            own = raw.execute(
                "SELECT at, event, content FROM register_events WHERE seq = ?", (seq,)
            ).fetchone()
            whose = event[0] if event else number
            facts = None if whose is None else chain.facts(raw, whose)
            before = chain.link_of(before, seq, number, facts, (last_id, receipt), event or own)
            raw.execute("UPDATE chain SET facts = ?, link = ? WHERE seq = ?", (facts, before, seq))


def test_a_chain_that_was_computed_anew_is_found_by_a_checkpoint_from_outside(
    journal: Path,
) -> None:
    kept = Checkpoint(14, proof_link(journal, 14))
    assert sentence(journal, kept) == ""
    assert proof(journal, kept).checked == 14
    rewritten(journal, "UPDATE transactions SET amount_minor = 1")
    assert sentence(journal) == ""  # nothing in the file can tell
    assert "Rewritten: the checkpoint of place 14" in sentence(journal, kept)


def proof_link(path: Path, seq: int) -> str:
    with closing(sqlite3.connect(path)) as raw:
        (link,) = raw.execute("SELECT link FROM chain WHERE seq = ?", (seq,)).fetchone()
    return str(link.hex())


def test_an_older_copy_is_found_by_a_checkpoint_from_outside(journal: Path) -> None:
    older = journal.read_bytes()
    store = Store(journal)
    store.begin(ORDER, 1255, NOW)
    store.close()
    kept = Checkpoint(18, proof_link(journal, 18))
    journal.write_bytes(older)
    assert (
        "Cut off: the checkpoint from outside is of place 18, but the journal ends at place 17"
        in (sentence(journal, kept))
    )


def signed(one: Checkpoint) -> Checkpoint:
    """Stand in for the register's key: what it makes is looked at in tests/fleet/test_register_key.py."""
    return replace(one, key="k" * 43, signature="s" * 86)


def made(path: Path, at: datetime) -> Checkpoint:
    found = checkpoints.make(path, at, signed)
    assert found is not None
    return found


def due(path: Path, now: datetime) -> bool:
    with closing(Reader(path)) as reader:
        return reader.checkpoint_is_due(now)


class TestCheckpoints:
    def test_one_stands_in_the_journal_once_for_each_end_of_the_chain(self, journal: Path) -> None:
        first = made(journal, NOW)
        assert (first.seq, first.link, first.before) == (17, proof_link(journal, 17), "-")
        assert made(journal, NOW + timedelta(hours=1)) == first
        with closing(Store(journal)) as store:
            store.begin(ORDER, 1255, NOW)
        second = made(journal, NOW + timedelta(hours=2))
        assert (second.seq, second.before) == (19, f"17:{first.link}")
        with closing(Reader(journal)) as reader:
            assert reader.newest_checkpoint() == second
            assert checkpoints.after(reader.connection, 0, 9) == (first, second)
            assert checkpoints.after(reader.connection, 17, 9) == (second,)
        found = proof(journal)
        assert (found.broken, found.checked, found.keys) == (None, 19, ("k" * 43,))

    def test_one_is_due_each_hour_in_which_something_came_and_when_a_day_was_closed(
        self, journal: Path
    ) -> None:
        assert due(journal, NOW)
        made(journal, NOW)
        assert not due(journal, NOW + timedelta(hours=2))
        with closing(Store(journal)) as store:
            store.begin(ORDER, 1255, NOW)
            assert not due(journal, NOW + timedelta(minutes=59))
            assert due(journal, NOW + timedelta(hours=1))
            assert due(journal, NOW - timedelta(days=900))  # by a clock that went back
            store.append(RegisterEvent.DAY_CLOSED, NOW, {"number": 2})
        assert due(journal, NOW)

    def test_the_next_one_contradicts_it_where_the_chain_was_computed_anew(
        self, journal: Path
    ) -> None:
        first = made(journal, NOW)
        rewritten(journal, "UPDATE exchanges SET verdict = 'declined' WHERE verdict = 'approved'")
        with closing(Store(journal)) as store:
            store.begin(ORDER, 1255, NOW)
        second = made(journal, NOW)
        assert second.before != f"17:{first.link}"

    def test_a_restored_journal_begins_anew_with_them(self, journal: Path) -> None:
        made(journal, NOW)
        doctored(journal, "UPDATE register SET identity = 'beef'")
        with closing(outbox.open_beside(journal)) as raw:
            chain.add_register_event(raw, RegisterEvent.CHAIN_BEGUN, NOW, {"identity": "beef"})
        second = made(journal, NOW + timedelta(hours=1))
        assert second.before == "-"
        with closing(Reader(journal)) as reader:
            assert checkpoints.after(reader.connection, 0, 9) == (second,)

    def test_a_disk_that_refuses_is_told(self, journal: Path) -> None:
        doctored(journal, "DROP TABLE chain")
        with pytest.raises(JournalUnavailableError, match="No checkpoint was written"):
            made(journal, NOW)

    def test_a_journal_without_one_says_so(self, journal: Path, tmp_path: Path) -> None:
        old = tmp_path / "old.db"
        old_journal(old, 5, {})
        for path in (journal, old):
            reader = Reader(path)
            assert reader.newest_checkpoint() is None
            reader.close()
        assert checkpoints.make(old, NOW, signed) is None
        assert not due(old, NOW)

    def test_a_signature_that_is_not_its_keys_is_named(self, journal: Path) -> None:
        kept = made(journal, NOW)
        reader = Reader(journal)
        refused = reader.prove(None, lambda _: False)
        assert refused is not None
        assert refused.broken is not None
        assert "The checkpoint at place 17 was not signed by its key" in refused.broken.sentence
        whole = reader.prove(kept, lambda _: True)
        reader.close()
        assert whole is not None
        assert whole.broken is None

    def test_one_in_the_journal_finds_what_was_computed_anew(self, journal: Path) -> None:
        made(journal, NOW)
        rewritten(journal, "UPDATE transactions SET amount_minor = 1")
        assert "Rewritten: the checkpoint of place 17" in sentence(journal)

    def test_one_of_another_journal_is_told_from_a_change(self, journal: Path) -> None:
        kept = Checkpoint(14, proof_link(journal, 14), "beef", "", "-", "k" * 43, "s" * 86)
        assert "is of journal beef, which is not this one" in sentence(journal, kept)


class TestOldJournals:
    @pytest.mark.parametrize("version", [1, 2, 3, 4, 5])
    def test_what_was_there_is_proved_too(self, tmp_path: Path, version: int) -> None:
        path = tmp_path / "journal.db"
        old_journal(path, version, {}, {}, {"amount_minor": 99})
        reader = Reader(path)
        assert reader.prove() is None  # it has no chain yet
        reader.close()
        store = Store(path)
        store.begin(ORDER, 1255, NOW)
        store.close()
        assert proof(path).broken is None
        with closing(sqlite3.connect(path)) as raw:
            places = [row[0] for row in raw.execute("SELECT seq FROM chain ORDER BY seq")]
        assert places == [-3, -2, -1, 0, 1]

    @pytest.mark.parametrize(
        ("statement", "named"),
        [
            ("UPDATE transactions SET note = 'x' WHERE amount_minor = 99", "place -1"),
            ("UPDATE events SET why = 'x' WHERE transaction_id = (SELECT min(id) FROM transactions)", "place 1"),
            ("DELETE FROM events WHERE transaction_id = (SELECT max(id) FROM transactions)", "place -1"),
            ("DELETE FROM transactions WHERE amount_minor = 99", "Removed: transaction"),
            ("DELETE FROM chain WHERE seq = -2", "Removed: the chain's place -2"),
        ],
    )  # fmt: skip
    def test_whether_it_went_on_or_not(self, tmp_path: Path, statement: str, named: str) -> None:
        path = tmp_path / "journal.db"
        old_journal(path, 5, {}, {}, {"amount_minor": 99})
        store = Store(path)
        (first,) = store.newest(3)[2:]
        due, _ = first.after(Event.CANCEL_REQUESTED, NOW)
        store.record(State.APPROVED, due, Event.CANCEL_REQUESTED)
        store.close()
        assert proof(path).broken is None
        doctored(path, statement)
        assert named in sentence(path)
