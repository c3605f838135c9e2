"""One flipped bit in an index hides nothing: not what is due, not an order, not what was paid back.

On a journal that is too large to be checked whole at each start.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.fakes import PLACE, order

from kiosk_tui.domain.identity import CallerReference, Original, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import database, schema
from kiosk_tui.journal.maintenance.backup import UnderWayError, back_up
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
DUE = [State.AUTHORIZING, State.CANCEL_DUE]
OURS = Original(TransactionId("20250101120000777"), PLACE)
CALLER = CallerReference("till-7/4711")

_FILL = """
    INSERT INTO transactions SELECT
        number.value + 20260101000000000, operation, 'DECLINED', currency, exponent, amount_minor,
        tip_minor, amount_sent_minor, terminal, source_id,
        CASE number.value % 9 WHEN 0 THEN '20250101120000888' END,
        original_terminal, original_source_id,
        language, reason, receipt_number, personal_id, created_at, updated_at, attempts,
        next_attempt_at, answer, why, hex(zeroblob(1500)), NULL,
        CASE number.value % 3 WHEN 0 THEN 'filler-' || number.value ELSE '' END,
        CASE number.value % 3 WHEN 0 THEN 'filler-' || number.value END,
        CASE number.value % 9 WHEN 0 THEN '20250101120000888' END, 0
    FROM transactions, (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n
        WHERE value < 5700) SELECT value FROM n) AS number
    WHERE transactions.original_id IS NULL AND transactions.caller_reference = ''
"""
"""Rows of an old format, without a checksum: more than 16 MiB of them."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a journal over 16 MiB in which one of each is: due, named by its caller, paid back."""
    path = tmp_path_factory.mktemp("large") / "journal.db"
    store = Store(path)
    _decline(store, store.begin(order(), 100, NOW)[0])
    raw = sqlite3.connect(path)
    with raw:
        raw.execute(_FILL)
    raw.close()
    back = replace(order(operation=Operation.REFERENCED_REFUND), original=OURS)
    _decline(store, store.begin(back, 100, NOW)[0])
    _decline(store, store.begin(replace(order(), caller_reference=CALLER), 100, NOW)[0])
    due, exchange = store.begin(order(), 100, NOW)
    after, _ = due.after(Event.RESTARTED, NOW)
    store.record(State.AUTHORIZING, after, Event.RESTARTED, exchange)
    store.close()
    assert path.stat().st_size > database.CHECKED_WHOLE_BYTES
    return path


def _decline(store: Store, begun: Transaction) -> None:
    after, _ = begun.after(Event.DECLINED, NOW)
    store.record(State.AUTHORIZING, after, Event.DECLINED)


@pytest.fixture
def path(large: Path, tmp_path: Path) -> Path:
    """Return a copy of it to harm."""
    for one in large.parent.iterdir():
        shutil.copy(one, tmp_path / one.name)
    return tmp_path / large.name


Seen = tuple[tuple[str, ...], str, tuple[str, ...]]


def _seen(path: Path) -> Seen:
    """Return what a fresh register sees: due, the caller's order, and what was paid back."""
    store = Store(path)
    try:
        named = store.by_caller(CALLER)
        return (
            tuple(one.id for one in store.in_states(DUE)),
            "" if named is None else named.id,
            tuple(one.id for one in store.referring_to(OURS)),
        )
    finally:
        store.close()


def _pages(path: Path, index: str) -> Iterator[int]:
    """Yield where the pages of an index begin, from its root down."""
    raw = sqlite3.connect(path)
    (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (index,)).fetchone()
    raw.close()
    content = path.read_bytes()
    found = [root]
    for number in found:
        at = (number - 1) * schema.PAGE_SIZE
        yield at
        page = content[at : at + schema.PAGE_SIZE]
        if page[0] == 2:  # an interior page: cells begin with the page that is left of them
            cells = int.from_bytes(page[3:5], "big")
            found.append(int.from_bytes(page[8:12], "big"))
            for cell in range(cells):
                where = int.from_bytes(page[12 + 2 * cell : 14 + 2 * cell], "big")
                found.append(int.from_bytes(page[where : where + 4], "big"))


def _flip(path: Path, at: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))


def _text_in(path: Path, index: str, text: str) -> int:
    """Return where a text stands in an index."""
    content = path.read_bytes()
    for at in _pages(path, index):
        found = content[at : at + schema.PAGE_SIZE].find(text.encode())
        if found >= 0:
            return at + found
    raise AssertionError(f"{text} is not in {index}")


HIDDEN: dict[str, tuple[str, str, str]] = {
    "what is due": (
        "transactions_to_do",
        "CANCEL_DUE",
        f"SELECT count(*) FROM transactions WHERE {schema.INDEXED} AND state IN ('CANCEL_DUE')",
    ),
    "an order that its caller asks for again": (
        "transactions_by_caller",
        CALLER,
        f"SELECT count(*) FROM transactions WHERE caller_key = '{CALLER}'",
    ),
    "what was paid back already": (
        "transactions_by_original",
        OURS.transaction_id,
        f"SELECT count(*) FROM transactions WHERE original_key = '{OURS.transaction_id}'",
    ),
}


@pytest.mark.parametrize(("index", "text", "query"), HIDDEN.values(), ids=HIDDEN)
def test_a_bit_that_hides_it_from_sqlite_closes_the_register(
    path: Path, index: str, text: str, query: str
) -> None:
    _flip(path, _text_in(path, index, text) + 2, 1)
    raw = sqlite3.connect(path)
    assert raw.execute(query).fetchone() == (0,)  # hidden indeed
    raw.close()
    with pytest.raises(JournalUnavailableError, match=f"damaged .*{index}"):
        _seen(path)


@pytest.mark.parametrize("index", [index for index, *_ in HIDDEN.values()])
def test_any_bit_of_an_index_is_noticed_or_changes_nothing(path: Path, index: str) -> None:
    whole, pages = _seen(path), list(_pages(path, index))
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    refused = 0
    for _ in range(12):
        at, bit = chance.choice(pages) + chance.randrange(schema.PAGE_SIZE), chance.randrange(8)
        _flip(path, at, bit)
        try:
            assert _seen(path) == whole, f"byte {at}, bit {bit} (seed {seed})"
        except JournalUnavailableError:
            refused += 1
        _flip(path, at, bit)
    assert _seen(path) == whole
    assert refused or index == "transactions_to_do", (
        f"seed {seed}"
    )  # of which a page is all but empty


class TestWhoeverOnlyReads:
    def test_counts_what_is_due_without_the_index(self, path: Path) -> None:
        due = _seen(path)[0]
        _flip(path, _text_in(path, "transactions_to_do", "CANCEL_DUE") + 2, 1)
        reader = Reader(path)
        assert reader.contents().ids({State.CANCEL_DUE}) == due
        later = NOW + timedelta(days=9)
        assert [
            one.id for one in reader.day(later, later + timedelta(days=1)).transactions
        ] == list(due)
        assert [one.id for one in reader.transactions(states=[State.CANCEL_DUE])] == list(due)
        reader.close()

    def test_finds_a_callers_order_without_the_index(self, path: Path) -> None:
        order_id = _seen(path)[1]
        _flip(path, _text_in(path, "transactions_by_caller", CALLER) + 2, 1)
        reader = Reader(path)
        found = reader.by_caller(CALLER)
        assert found is not None
        assert found.id == order_id
        reader.close()

    def test_makes_no_backup_while_a_payment_is_under_way_that_the_register_passes_over(
        self, path: Path
    ) -> None:
        store = Store(path)
        store.begin(order(), 100, NOW)
        store.close()
        _do(path, "UPDATE register SET authorizing_from = authorizing_from + 1")
        with pytest.raises(UnderWayError):
            back_up(path, path.with_name("backup.db"))


class TestAPaymentUnderWay:
    """It is in no index: the register's row says from where on to look for it."""

    @pytest.fixture
    def under_way(self, path: Path) -> TransactionId:
        store = Store(path)
        begun, _ = store.begin(order(), 100, NOW)
        store.close()
        return begun.id

    def test_is_found_at_the_next_start(self, path: Path, under_way: TransactionId) -> None:
        assert under_way in _seen(path)[0]

    @pytest.mark.parametrize(
        ("harm", "words"),
        [
            ("DELETE FROM transactions WHERE state = 'AUTHORIZING'", "is gone"),
            ("UPDATE register SET authorizing_from = authorizing_from + 1", "is gone"),
            ("UPDATE register SET authorizing_from = authorizing_from - 4096", "is gone"),
            ("UPDATE transactions SET id = id + 1 WHERE state = 'AUTHORIZING'", "has changed"),
            (
                "UPDATE transactions SET state = 'AUTHORIZIOG' WHERE state = 'AUTHORIZING'",
                "has changed",
            ),
        ],
    )
    def test_that_the_disk_hides_closes_the_register(
        self, path: Path, under_way: TransactionId, harm: str, words: str
    ) -> None:
        _do(path, harm)
        with pytest.raises(JournalUnavailableError, match=f"damaged .*{words}"):
            _seen(path)

    def test_whose_end_the_disk_has_lost_closes_the_register(
        self, path: Path, under_way: TransactionId
    ) -> None:
        """Its own row is of before: nothing else would tell, and an approval would be cancelled."""
        raw = sqlite3.connect(path)
        columns = "state, updated_at, answer, checksum"
        before = raw.execute(
            f"SELECT {columns} FROM transactions WHERE id = ?", (under_way,)
        ).fetchone()
        raw.close()
        store = Store(path)
        (begun,) = store.in_states([State.AUTHORIZING])
        _decline(store, begun)
        store.close()
        raw = sqlite3.connect(path)
        raw.execute(
            f"UPDATE transactions SET ({columns}) = (?, ?, ?, ?) WHERE id = ?", (*before, under_way)
        )
        raw.commit()
        raw.close()
        with pytest.raises(JournalUnavailableError, match=r"damaged .*its last event says"):
            _seen(path)


def _do(path: Path, text: str) -> None:
    raw = sqlite3.connect(path)
    raw.execute(text)
    raw.commit()
    raw.close()


def test_the_check_reads_no_more_than_it_must(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large journal: no page of exchanges or events, which have no index but their key."""
    raw = sqlite3.connect(path)
    (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events'").fetchone()
    raw.close()
    _flip(path, (root - 1) * schema.PAGE_SIZE, 0)
    assert len(_seen(path)[0]) == 1
    monkeypatch.setattr(database, "CHECKED_WHOLE_BYTES", path.stat().st_size)
    with pytest.raises(JournalUnavailableError, match="damaged"):
        _seen(path)
