"""The ids of everything that goes over the wire: none is used twice, whoever takes it, whatever happens."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fakes import PLACE, order
from support.opened import opened

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.transaction import ExchangeKind
from kiosk_tui.journal import store as store_module
from kiosk_tui.journal.store import SPARE_IDS, Store
from kiosk_tui.journal.watermark import Watermark

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
ORDER = order()
A_YEAR_MS = 31_536_000_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened(Store(tmp_path / "journal.db"))


@settings(max_examples=30)
@given(st.lists(st.integers(-10_000_000, 10_000_000), min_size=1, max_size=12), st.data())
def test_they_grow_whatever_the_clock_does_and_however_often_the_process_starts(
    tmp_path_factory: pytest.TempPathFactory, jumps: list[int], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("ids") / "journal.db"
    store, now = opened(Store(path)), NOW
    ids = [store.begin(ORDER, 1, now)[0].id]
    for jump in jumps:
        now += timedelta(seconds=jump)
        ids.append(store.open_exchange(ExchangeKind.ABORT, PLACE, ids[0], now).id)
        if data.draw(st.booleans()):
            ids.extend(spare for _ in range(3) if (spare := store.spare_id()))
        if data.draw(st.booleans()):
            store.close()
            store = opened(Store(path))
    numbers = [int(one) for one in ids]
    assert numbers == sorted(set(numbers))
    assert all(one.isdigit() and len(one) <= 20 for one in ids)


class Wire:
    """Takes ids as payments, status polls, aborts, cancellations and recovery do."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = NOW
        self.used: list[int] = []
        self.sent: dict[TransactionId, list[int]] = {}
        """Payment, polls and aborts of each payment, in the order of sending."""
        self.start()
        self.begin(0)

    def start(self) -> None:
        """Begin a process; nothing of the one before it is unwound."""
        self.store = opened(Store(self.path, synchronous="OFF"))

    def begin(self, reserve: int) -> None:
        self.payment = self.store.begin(ORDER, 1, self.now, "", reserve)[0].id
        self._takes(self.payment)

    def poll(self, times: int) -> None:
        for _ in range(times):
            self._takes(self.store.reserved_id(self.payment))

    def abort(self, _: int) -> None:
        reserved = self.store.reserved_id(self.payment)
        asked = ExchangeKind.ABORT, PLACE, self.payment, self.now, reserved
        self._takes(self.store.open_exchange(*asked).id)

    def cancel(self, _: int) -> None:
        asked = ExchangeKind.CANCELLATION, PLACE, self.payment, self.now
        self.used.append(int(self.store.open_exchange(*asked).id))

    def spare(self, times: int) -> None:
        found = [self.store.spare_id() for _ in range(times)]
        self.used += [int(one) for one in found if one is not None]

    def kill(self, _: int) -> None:
        self.start()

    def _takes(self, number: TransactionId | None) -> None:
        if number is not None:
            self.used.append(int(number))
            self.sent.setdefault(self.payment, []).append(int(number))


DEEDS = ("begin", "poll", "abort", "cancel", "spare", "kill")
JUMPS_MS = (0, 1, -1, 5, 60_000, -86_400_000, A_YEAR_MS, -A_YEAR_MS)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(DEEDS), st.sampled_from(JUMPS_MS), st.integers(0, 20)),
        max_size=40,
    )
)
def test_none_is_used_twice_and_the_watermark_is_beyond_all_of_them(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int, int]]
) -> None:
    wire = Wire(tmp_path_factory.mktemp("ids") / "journal.db")
    for deed, moved_ms, count in deeds:
        wire.now += timedelta(milliseconds=moved_ms)
        getattr(wire, deed)(count)
    assert len(set(wire.used)) == len(wire.used)
    known = Watermark(wire.path).read()
    assert known is not None
    assert known.last_id >= max(wire.used)
    # a journal lists what went over the wire by its id: this is the order of sending
    assert all(sent == sorted(sent) for sent in wire.sent.values())


def test_two_processes_in_the_same_millisecond_get_different_ones(tmp_path: Path) -> None:
    first = Store(tmp_path / "journal.db")
    one = first.begin(ORDER, 1, NOW)[0]
    first.close()
    second = opened(Store(tmp_path / "journal.db"))
    assert int(second.begin(ORDER, 1, NOW)[0].id) > int(one.id)


def test_spare_ids_end(store: Store) -> None:
    assert store.spare_id() is None
    store.begin(ORDER, 1, NOW)
    spares = [store.spare_id() for _ in range(SPARE_IDS + 1)]
    assert spares[-1] is None
    assert len(set(spares)) == SPARE_IDS + 1


def test_what_a_payment_reserved_is_its_own_and_ends_with_the_process(
    store: Store, tmp_path: Path
) -> None:
    begun, _ = store.begin(ORDER, 1, NOW, reserve=2)
    first = int(begun.id) + 1
    assert store.reserved_id(TransactionId("1")) is None
    assert [store.reserved_id(begun.id) for _ in range(3)] == [str(first), str(first + 1), None]
    # all spare ids are still there
    spares = [store.spare_id() for _ in range(SPARE_IDS)]
    assert spares == [str(first + 2 + number) for number in range(SPARE_IDS)]
    store.close()
    again = opened(Store(tmp_path / "journal.db"))
    assert again.reserved_id(begun.id) is None
    later, _ = again.begin(ORDER, 1, NOW - timedelta(days=1))
    assert int(later.id) == first + 2 + SPARE_IDS


def test_a_commit_that_failed_reserves_nothing_and_takes_nothing_away(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, _ = store.begin(ORDER, 1, NOW, reserve=1)

    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as refusing:
        refusing.setattr(store_module, "_log", refuse)
        with pytest.raises(JournalUnavailableError):
            store.begin(ORDER, 1, NOW, reserve=5)
    assert store.reserved_id(begun.id) == str(int(begun.id) + 1)
    assert store.reserved_id(begun.id) is None


def test_an_older_copy_of_the_journal_does_not_give_reserved_ids_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    store = Store(path)
    store.begin(ORDER, 1, NOW)
    store.close()
    older = path.read_bytes()
    store = Store(path)
    begun, _ = store.begin(ORDER, 1, NOW, reserve=60)
    assert store.reserved_id(begun.id) is not None
    store.close()
    path.write_bytes(older)
    with pytest.raises(JournalUnavailableError, match="an older copy"):
        Store(path).begin(ORDER, 1, NOW)
