"""Receipt numbers: 1, 2, 3 ..., in the commit that begins a payment, never given twice."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fakes import PLACE, order
from support.opened import opened

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import ExchangeKind
from kiosk_tui.journal.maintenance.backup import back_up
from kiosk_tui.journal.maintenance.new_journal import SKIPPED, start_anew
from kiosk_tui.journal.maintenance.restore import restore
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.watermark import Known, Watermark

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def _sell(path: Path, times: int = 1) -> list[str]:
    store = Store(path)
    begun = [store.begin(order(), 1255, NOW)[0] for _ in range(times)]
    for one in begun:
        after, _ = one.after(Event.DECLINED, NOW)
        store.record(State.AUTHORIZING, after, Event.DECLINED)
    store.close()
    return [one.order.receipt_number for one in begun]


@pytest.mark.parametrize("operation", list(Operation))
def test_every_payment_without_one_gets_the_next(path: Path, operation: Operation) -> None:
    store = Store(path)
    begun, _ = store.begin(order(operation=operation), 1255, NOW)
    assert begun.order.receipt_number == ("" if operation is Operation.BALANCE else "1")
    assert store.transaction(begun.id) == begun
    store.close()


def test_a_number_that_the_caller_gives_does_not_move_it(path: Path) -> None:
    store = Store(path)
    mine = replace(order(), receipt_number="9000")
    numbers = [
        store.begin(one, 1255, NOW)[0].order.receipt_number for one in (order(), mine, order())
    ]
    assert numbers == ["1", "9000", "2"]
    store.close()


def test_nothing_but_a_payment_takes_one(path: Path) -> None:
    store = Store(path)
    begun, _ = store.begin(order(), 1255, NOW)
    store.open_exchange(ExchangeKind.ABORT, PLACE, begun.id, NOW)
    cancelled = store.begin_cancellation(order(operation=Operation.CANCELLATION), NOW)
    assert cancelled.order.receipt_number == ""
    store.check_writable(NOW)
    assert store.begin(order(), 1, NOW)[0].order.receipt_number == "2"
    store.close()


def test_what_was_special_about_its_beginning_is_kept(path: Path) -> None:
    store = Store(path)
    begun, _ = store.begin(order(), 1255, NOW, "amount_max was overridden by anna")
    assert begun.why == "amount_max was overridden by anna"
    reader = Reader(path)
    (event,) = reader.events(begun.id)
    assert (event.event, event.why) == ("BEGUN", begun.why)
    assert reader.verify() == []
    reader.close()
    store.close()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["sell", "given", "restart", "refused"]), max_size=25))
def test_they_go_on_without_a_gap_in_any_order_of_events(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    path = tmp_path_factory.mktemp("receipts") / "journal.db"
    store, numbers = Store(path), []
    for step in steps:
        if step == "restart":
            store.close()
            store = Store(path)
        elif step == "given":
            store.begin(replace(order(), receipt_number="7"), 1, NOW)
        elif step == "refused":
            broken = replace(order(), reason=None)  # type: ignore[arg-type]
            with pytest.raises(AttributeError):
                store.begin(broken, 1, NOW)
        else:
            numbers.append(store.begin(order(), 1, NOW)[0].order.receipt_number)
    store.close()
    assert numbers == [str(one + 1) for one in range(len(numbers))]


class TestTheMark:
    def test_tells_the_last_one(self, path: Path) -> None:
        _sell(path, 3)
        known = Watermark(path).read()
        assert known is not None
        assert known.last_receipt == 3

    def test_of_an_older_version_is_read(self, path: Path) -> None:
        _sell(path)
        known = Watermark(path).read()
        assert known is not None
        Watermark(path).path.write_text(f"{known.identity} {known.last_id:020d}\n")
        assert Watermark(path).read() == replace(known, last_receipt=0)
        assert _sell(path) == ["2"]
        assert (Watermark(path).read() or known).last_receipt == 2

    @pytest.mark.parametrize("text", ["", "0123456789abcdef", "0123456789abcdef x", "a 1 x"])
    def test_that_is_torn_is_none(self, path: Path, text: str) -> None:
        Watermark(path).path.write_text(text)
        assert Watermark(path).read() is None

    def test_keeps_a_journal_closed_that_would_number_again(self, path: Path) -> None:
        _sell(path, 3)
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("UPDATE register SET last_receipt = 2")
        raw.close()
        with pytest.raises(
            JournalUnavailableError, match="receipt 2, but had come to .* receipt 3"
        ):
            _sell(path)
        assert any("receipt 3" in trouble for trouble in opened(Reader(path)).verify())


def _noise(path: Path) -> None:
    path.write_bytes(b"noise" * 1000)


def _behind(path: Path) -> None:
    """The register's row is of an older copy: the mark knows more."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE register SET last_receipt = 1, last_id = 7")
    raw.close()


def _no_row(path: Path) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("DELETE FROM register")
    raw.close()


def _newer(path: Path) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA user_version = 99")
    raw.close()


@pytest.mark.parametrize(
    ("harm", "exact"),
    [(_noise, False), (Path.unlink, False), (_behind, False), (_no_row, False), (_newer, True)],
)
def test_a_new_journal_goes_on_and_leaves_room_where_only_the_lagging_mark_tells(
    path: Path, harm: object, exact: bool
) -> None:
    _sell(path, 3)
    assert callable(harm)
    harm(path)
    start_anew(path, "card broken, Anna", NOW)
    assert _sell(path) == ["4" if exact else str(3 + SKIPPED + 1)]


def test_a_new_journal_of_which_nothing_is_known_leaves_room_too(path: Path) -> None:
    _sell(path, 3)
    _noise(path)
    Watermark(path).path.unlink()
    start_anew(path, "card broken, Anna", NOW)
    assert _sell(path) == [str(SKIPPED + 1)]


class TestRestored:
    def test_beside_a_journal_that_can_be_read_they_go_on_exactly(self, path: Path) -> None:
        _sell(path, 2)
        backup = path.with_name("backup.db")
        back_up(path, backup)
        _sell(path, 3)
        _newer(path)
        restore(path, backup, "Anna", NOW)
        assert _sell(path) == ["6"]

    def test_on_a_fresh_disk_room_is_left_for_what_came_after_the_backup(
        self, path: Path, tmp_path: Path
    ) -> None:
        _sell(path, 2)
        backup = tmp_path / "backup.db"
        back_up(path, backup)
        _sell(path, 3)
        for one in (path, Watermark(path).path):
            one.unlink()
        restore(path, backup, "Anna", NOW)
        assert _sell(path) == [str(2 + SKIPPED + 1)]

    def test_in_the_place_of_one_that_was_begun_afresh_no_number_comes_again(
        self, path: Path, tmp_path: Path
    ) -> None:
        """A register started as on its first day on an empty disk: its numbers tell nothing."""
        _sell(path, 2)
        backup = tmp_path / "backup.db"
        back_up(path, backup)
        for one in (path, Watermark(path).path):
            one.unlink()
        _sell(path, 1)
        restore(path, backup, "Anna", NOW)
        assert _sell(path) == [str(2 + SKIPPED + 1)]

    def test_a_journal_new_that_was_broken_off_forgets_no_number(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _sell(path, 3)
        _noise(path)

        def killed(_path: Path, _to: Path) -> Path:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            real = Path.rename
            broken.setattr(
                Path,
                "rename",
                lambda one, to: killed(one, to) if one.name == "journal.db.new" else real(one, to),
            )
            with pytest.raises(KeyboardInterrupt):
                start_anew(path, "Anna", NOW)
        with pytest.raises(JournalUnavailableError, match="gone"):
            _sell(path)
        start_anew(path, "Anna again", NOW)
        assert int(_sell(path)[0]) > 3


def test_what_a_mark_says_is_compared_by_both_numbers() -> None:
    known = Known("x", 5, 5)
    assert not known.is_ahead_of(known)
    assert Known("x", 6, 5).is_ahead_of(known)
    assert Known("x", 5, 6).is_ahead_of(known)
    assert not Known("x", 4, 5).is_ahead_of(known)
