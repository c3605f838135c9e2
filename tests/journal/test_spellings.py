"""One thing under many spellings is one thing; what was stored stays as it was spelled."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fakes import order
from support.old_journal import old_journal, stored
from support.opened import opened

from kiosk_tui.domain.identity import CallerReference, Original, Place, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.journal import keys
from kiosk_tui.journal.maintenance.backup import back_up, check_backup
from kiosk_tui.journal.maintenance.prune import open_to_prune, prune
from kiosk_tui.journal.maintenance.restore import restore
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
FIRST = "20260101120000000"
COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"

REFUND: dict[str, Any] = {"operation": "referenced_refund"}
ODD = (
    REFUND
    | {"original_id": "000123", "original_terminal": "88091105", "original_source_id": "01"}
    | {
        "source_id": "01",
        "language": "xx",
        "reason": "4111 1111 1111 1111",
        "amount_minor": 10**10,
    },
    REFUND
    | {"original_id": "123", "original_terminal": " 88091105", "original_source_id": "1"}
    | {"language": "DE", "source_id": "1 ", "state": "CANCEL_DUE"},
    REFUND
    | {"original_id": "TXID00000000000000000123", "original_terminal": "11460019"}
    | {"original_source_id": "1", "state": "VOID_DUE", "amount_minor": 0},
    REFUND
    | {"original_id": "of Monday", "original_terminal": "88091105", "original_source_id": "1"},
)
"""What no type of today would take: zeros in front, no language, no such id, a card number, no amount."""

NAMED = (
    {"caller_reference": "till 1 "},
    {"caller_reference": "till 1"},
    {"caller_reference": COMPOSED, "state": "CANCEL_DUE"},
    {"caller_reference": DECOMPOSED, "state": "CANCEL_DUE"},
    {"caller_reference": "   "},
    {"caller_reference": "x" * 90},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_old_journal_is_read_migrated_and_its_due_cancellations_replayed_as_they_were_spelled(
    path: Path, version: int
) -> None:
    old_journal(path, version, *ODD)
    before = [stored(path, name) for name in ("original_id", "source_id", "language", "reason")]
    reader = Reader(path)
    assert reader.verify() == []
    assert len(reader.contents().unfinished) == 2
    found = reader.transactions()
    reader.close()

    store = Store(path)
    due = store.in_states([State.CANCEL_DUE, State.VOID_DUE])
    assert [one.order.language for one in due] == ["DE", "en"]
    for one in due:
        after, _ = one.after(Event.CANCEL_CONFIRMED, NOW)
        store.record(one.state, after, Event.CANCEL_CONFIRMED)
    assert store.in_states([State.CANCEL_DUE, State.VOID_DUE]) == ()
    store.close()

    assert [
        stored(path, name) for name in ("original_id", "source_id", "language", "reason")
    ] == before
    reader = Reader(path)
    assert reader.verify() == []
    ended = {one.id: one.state for one in reader.transactions()}
    assert [ended[one.id] for one in due] == [State.CANCELLED] * 2
    assert {one.id: one.order for one in reader.transactions()} == {
        one.id: one.order for one in found
    }
    reader.close()
    assert len(check_backup(_backed_up(path)).unfinished) == 0


def _backed_up(path: Path) -> Path:
    to = path.with_name("backup.db")
    back_up(path, to)
    return to


@pytest.mark.parametrize("version", [1, 2, 3])
def test_what_refers_to_an_original_is_found_however_older_versions_spelled_it(
    path: Path, version: int
) -> None:
    old_journal(path, version, *ODD)
    store = Store(path)
    meant = Original(TransactionId("123"), Place("88091105", "1"))
    assert [one.id[-1] for one in store.referring_to(meant)] == ["0", "1"]
    other = Original(TransactionId("TXID123"), Place("11460019", "01"))
    assert [one.id[-1] for one in store.referring_to(other)] == ["2"]
    assert store.referring_to(Original(TransactionId("124"), Place("88091105", "1"))) == ()
    store.close()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "0", "000", "TXID", "TXID00"]),
            st.sampled_from(["", "\0", " "]),
            st.sampled_from(["1", "01", " 1"]),
        ),
        max_size=6,
    )
)
def test_every_spelling_of_an_original_is_found_by_every_other(
    tmp_path_factory: pytest.TempPathFactory, spellings: list[tuple[str, str, str]]
) -> None:
    path = tmp_path_factory.mktemp("spelled") / "journal.db"
    old_journal(
        path,
        3,
        *(
            REFUND
            | {"original_id": f"{before}{FIRST}{after}", "original_terminal": "88091105"}
            | {"original_source_id": source}
            for before, after, source in spellings
        ),
    )
    store = Store(path)
    for before, _, source in [*spellings, ("", "", "1")]:
        meant = Original(TransactionId(f"{before}{FIRST}"), Place("88091105", source))
        assert len(store.referring_to(meant)) == len(spellings)
    store.close()


def test_two_old_orders_that_became_one_stay_readable_and_the_older_answers(path: Path) -> None:
    old_journal(path, 3, *NAMED)
    reader = Reader(path)
    for asked in ("till 1", " till 1", CallerReference("till 1")):
        assert _caller(reader, asked) == "till 1 "
    assert _caller(reader, DECOMPOSED) == COMPOSED
    assert reader.by_caller("") is None
    reader.close()

    store = Store(path)
    for asked in ("till 1", "till 1 ", "\0till 1"):
        found = store.by_caller(asked)
        assert found is not None
        assert found.id == FIRST
    for asked in ("", "   "):
        assert store.by_caller(asked) is None
    with pytest.raises(JournalUnavailableError, match="UNIQUE"):
        store.begin(replace(order(), caller_reference=CallerReference(DECOMPOSED)), 1, NOW)
    younger = store.in_states([State.CANCEL_DUE])[1]
    assert younger.order.caller_reference == DECOMPOSED
    after, _ = younger.after(Event.CANCEL_CONFIRMED, NOW)
    store.record(younger.state, after, Event.CANCEL_CONFIRMED)
    store.close()

    assert stored(path, "caller_reference") == [one["caller_reference"] for one in NAMED]
    assert stored(path, "caller_key") == ["till 1", None, COMPOSED, None, None, "x" * 90]
    reader = Reader(path)
    assert reader.verify() == []
    assert reader.count() == len(NAMED)
    assert _caller(reader, DECOMPOSED) == COMPOSED
    reader.close()


def _caller(reader: Reader, asked: str) -> str:
    found = reader.by_caller(asked)
    assert found is not None
    return found.order.caller_reference


def test_a_second_migration_of_the_same_journal_is_none(path: Path) -> None:
    old_journal(path, 3, *NAMED, *ODD)
    opened(Store(path)).check_writable(NOW)
    before = stored(path, "caller_key"), stored(path, "original_key"), stored(path, "checksum")
    opened(Store(path)).check_writable(NOW)
    after = stored(path, "caller_key"), stored(path, "original_key"), stored(path, "checksum")
    assert after == before
    assert before[1] == [None] * len(NAMED) + ["123", "123", "123", "of Monday"]


def test_a_migration_with_a_full_disk_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_journal(path, 3, *NAMED)

    def full(_connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(keys, "of_caller", full)
    with pytest.raises(JournalUnavailableError):
        Store(path).check_writable(NOW)
    monkeypatch.undo()
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA user_version").fetchone() == (3,)
    raw.close()
    assert opened(Store(path)).by_caller("till 1") is not None


@pytest.mark.parametrize(
    "damage",
    [
        "caller_key = 'till 2'",
        "original_key = '124'",
        "original_key = NULL",
        "original_key = '123', original_id = NULL, checksum = NULL",
        "caller_key = 'till 1', caller_reference = '', checksum = NULL",
    ],
)
def test_a_row_that_is_kept_under_a_name_that_is_not_its_own_is_refused(
    path: Path, damage: str
) -> None:
    store = Store(path)
    begun, _ = store.begin(
        replace(
            order(operation=Operation.REFERENCED_REFUND),
            original=Original(TransactionId("123"), Place("88091105", "1")),
            caller_reference=CallerReference("till 1"),
        ),
        1,
        NOW,
    )
    store.close()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute(f"UPDATE transactions SET {damage}")
    raw.close()
    with pytest.raises(JournalUnavailableError, match="a name that is not its own"):
        Store(path).transaction(begun.id)
    with pytest.raises(JournalUnavailableError, match="a name that is not its own"):
        Store(path).check_writable(NOW)
    assert any("not its own" in trouble for trouble in opened(Reader(path)).verify())


def test_a_change_of_a_row_that_has_changed_on_the_disk_is_refused_and_blesses_nothing(
    path: Path,
) -> None:
    store = Store(path)
    begun, _ = store.begin(order(), 1, NOW)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE transactions SET amount_minor = 1")
    raw.close()
    after, _ = begun.after(Event.DECLINED, NOW)
    with pytest.raises(JournalUnavailableError, match="has changed"):
        store.record(State.AUTHORIZING, after, Event.DECLINED)
    store.close()
    assert stored(path, "state") == ["AUTHORIZING"]


def _at_once(_seconds: float) -> None:
    """Rest without waiting."""


class TestAcrossJournals:
    def test_an_old_backup_is_restored_and_one_order_is_still_one(self, path: Path) -> None:
        """The journal that is there has the same order under the other spelling, and one before it."""
        backup = path.with_name("backup.db")
        old_journal(backup, 3, {"id": 20260101130000000, "caller_reference": "till 1"}, *ODD[:1])
        old_journal(
            path,
            3,
            {"id": 20260101110000000, "caller_reference": "till 1 "},
            {"id": 20260101140000000, "caller_reference": COMPOSED},
        )
        restored = restore(path, backup, "disk broken, Anna", NOW)
        assert restored.carried == 2
        assert stored(path, "caller_key") == ["till 1", None, None, COMPOSED]
        assert stored(path, "original_key") == [None, "123", None, None]
        store = Store(path)
        answered = store.by_caller("till 1")
        assert answered is not None
        assert answered.id == "20260101110000000"
        store.close()
        assert opened(Reader(path)).verify() == []

    def test_an_original_that_is_spelled_with_zeros_is_kept_with_what_refers_to_it(
        self, path: Path
    ) -> None:
        old_journal(
            path,
            3,
            {},
            REFUND
            | {
                "id": 20261122000000000,
                "created_at": NOW.isoformat(),
                "updated_at": NOW.isoformat(),
            }
            | {"original_id": f"000{FIRST}", "original_terminal": "88091105"}
            | {"original_source_id": "01"},
        )
        opened(Store(path)).check_writable(NOW)
        connection = open_to_prune(path)
        assert prune(connection, path, 90, NOW, rest=_at_once).removed == 0
        connection.close()

    def test_a_copy_of_an_old_journal_stays_as_it_is(self, path: Path) -> None:
        old_journal(path, 3, *(one for one in NAMED if "state" not in one))
        reader = Reader(_backed_up(path))
        assert reader.verify() == []
        assert _caller(reader, "till 1") == "till 1 "
        reader.close()
        raw = sqlite3.connect(path.with_name("backup.db"))
        assert raw.execute("PRAGMA user_version").fetchone() == (3,)
        raw.close()


class TestByReference:
    @pytest.mark.parametrize("ahead", [(), (5,), (20990101000000000,), (99999999999999999,)])
    def test_all_that_fit_are_returned_whatever_the_newest_id_is(
        self, path: Path, ahead: tuple[int, ...]
    ) -> None:
        same = [20250704120000000, 20251231120000000, 20260101120000000]
        others = [20250704120000001, 20260101120000016, *ahead]
        old_journal(path, 3, *({"id": one} for one in sorted([*same, *others])))
        wanted = [str(one) for one in reversed(same)]
        reader = Reader(path)
        assert [one.id for one in reader.by_reference("120000000")] == wanted
        reader.close()
        store = Store(path)
        assert [one.id for one in store.by_reference("120000000")] == wanted
        assert store.by_reference("120000002") == ()
        store.close()

    @pytest.mark.parametrize("typed", ["", "12000000", "1200000000", "12000000x", "12000000\u0665"])
    def test_what_is_no_reference_belongs_to_nothing(self, path: Path, typed: str) -> None:
        old_journal(path, 3, {})
        store = Store(path)
        assert store.by_reference(typed) == ()
        store.close()

    def test_an_empty_journal_has_none(self, path: Path) -> None:
        assert opened(Store(path)).by_reference("120000000") == ()

    def test_ten_years_of_days_are_looked_through(self, path: Path) -> None:
        old_journal(path, 3, *({"id": 20160101120000000 + day * 10**9} for day in range(3650)))
        store = Store(path)
        assert len(store.by_reference("120000000")) == 3650
        store.close()


def test_a_journal_that_was_copied_without_its_mark_is_the_same(path: Path) -> None:
    old_journal(path, 3, *ODD)
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    assert opened(Reader(copy)).verify() == []
