"""A head office is told of each event once it is on disk, and of none where there is no head office."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.fakes import order
from support.old_journal import old_journal
from support.opened import opened

from kiosk_tui.domain.day_clock import DayClock
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import checkpoints, outbox, time_range
from kiosk_tui.journal.day_reports import close_day, closed_days
from kiosk_tui.journal.maintenance.backup import back_up
from kiosk_tui.journal.maintenance.new_journal import start_anew
from kiosk_tui.journal.maintenance.prune import STEP, Pruned, open_to_prune, prune
from kiosk_tui.journal.maintenance.restore import restore
from kiosk_tui.journal.maintenance.vacuum import vacuum
from kiosk_tui.journal.outbox_reader import OutboxReader, OutboxStanding
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.journal.store import Store
from proofs.power.files import Fate, Folder
from proofs.power.sqlite import connect as connect_on

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
Place = tuple[int, str, int]


class Shop:
    """A journal whose register asks, each time that it opens it, whether there is a head office."""

    def __init__(self, path: Path, *, enrolled: bool) -> None:
        self.path = path
        self.enrolled = enrolled
        self.store = opened(Store(path, ships=lambda: self.enrolled))

    def pay(self, *events: Event, days_ago: float = 0, minor: int = 1255) -> Transaction:
        at = NOW - timedelta(days_ago)
        one, exchange = self.store.begin(order(minor), minor, at)
        for event in events or (Event.APPROVED,):
            after, _ = one.after(event, at)
            closed = replace(exchange, answered_at=at, verdict=event.lower(), answer=Answer("0"))
            self.store.record(one.state, after, event, closed)
            one = after
        return one

    def opens_again(self) -> None:
        self.store.close()
        self.store.check_writable(NOW)

    def prune(self, stored: int | None, days: int = 100) -> Pruned:
        connection = open_to_prune(self.path)
        try:
            return prune(connection, self.path, days, NOW, lambda _: None, stored=stored)
        finally:
            connection.close()

    def left(self) -> set[str]:
        raw = sqlite3.connect(self.path)
        found = {str(row[0]) for row in raw.execute("SELECT id FROM transactions")}
        raw.close()
        return found

    def places(self) -> list[Place]:
        raw = sqlite3.connect(self.path)
        found = [(row[0], str(row[1]), row[2]) for row in raw.execute("SELECT * FROM outbox")]
        raw.close()
        return found

    def reader(self) -> OutboxReader:
        return opened(OutboxReader(self.path))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "journal.db", enrolled=True)


def test_each_event_is_in_the_outbox_by_its_own_commit(shop: Shop) -> None:
    one = shop.pay()
    assert shop.places() == [(1, one.id, 1), (2, one.id, 2)]


def test_without_a_head_office_nothing_is_kept_for_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "journal.db", enrolled=False)
    shop.pay()
    assert shop.places() == []
    assert not shop.reader().standing().ships
    assert opened(Store(tmp_path / "other.db")).begin(order(), 1255, NOW)
    assert not opened(OutboxReader(tmp_path / "other.db")).standing().ships


def test_enrolled_later_everything_is_told_from_the_beginning_and_once(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "journal.db", enrolled=False)
    first, second = shop.pay(), shop.pay(Event.DECLINED)
    shop.enrolled = True
    shop.opens_again()
    whole = [(1, first.id, 1), (2, first.id, 2), (3, second.id, 1), (4, second.id, 2)]
    assert shop.places() == whole
    shop.opens_again()
    assert shop.places() == whole


def test_who_left_and_comes_back_is_told_everything_under_new_numbers(shop: Shop) -> None:
    one = shop.pay()
    shop.enrolled = False
    shop.opens_again()
    assert shop.places() == [(2, one.id, 2)]
    shop.enrolled = True
    shop.opens_again()
    assert shop.places() == [(2, one.id, 2), (3, one.id, 1), (4, one.id, 2)]


def test_a_register_that_runs_goes_on_while_it_is_enrolled(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "journal.db", enrolled=False)
    first = shop.pay()
    outbox.keep_beside(shop.path, ships=True)
    second = shop.pay()
    assert [number for _, number, _ in shop.places()] == [first.id] * 2 + [second.id] * 2
    outbox.keep_beside(shop.path, ships=True, anew=True)
    assert [seq for seq, *_ in shop.places()] == [4, 5, 6, 7, 8]
    outbox.keep_beside(shop.path, ships=False)
    shop.pay()
    assert [seq for seq, *_ in shop.places()] == [8]


def test_where_there_is_no_journal_yet_the_register_does_it_at_its_start(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    outbox.keep_beside(path, ships=True)
    assert not path.exists()
    old_journal(path, 3, {})
    outbox.keep_beside(path, ships=True)
    with pytest.raises(JournalUnavailableError, match="older format"):
        OutboxReader(path)
    shop = Shop(path, enrolled=True)
    shop.opens_again()
    assert len(shop.places()) == 1


def test_another_program_s_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE theirs (one)")
    raw.close()
    with pytest.raises(JournalUnavailableError, match="another program"):
        outbox.keep_beside(path, ships=True)
    path.write_bytes(b"no database at all, but long enough to be taken for one" * 20)
    with pytest.raises(JournalUnavailableError, match="cannot be used"):
        outbox.keep_beside(path, ships=True)


@pytest.mark.parametrize("ended", [False, True])
def test_filled_whole_or_not_at_all(tmp_path: Path, *, ended: bool) -> None:
    shop = Shop(tmp_path / "journal.db", enrolled=False)
    shop.pay()
    connection = outbox.open_beside(shop.path)
    what = "ROLLBACK" if ended else "ABORT"
    connection.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON outbox WHEN NEW.number = 2"
        f" BEGIN SELECT RAISE({what}, 'the disk is full'); END"
    )
    with pytest.raises(sqlite3.Error, match="disk is full"):
        outbox.keep(connection, ships=True)
    connection.close()
    assert shop.places() == []
    assert not shop.reader().standing().ships


def test_it_tells_which_journal_it_is_and_how_far_it_reaches(shop: Shop) -> None:
    empty = opened(Store(shop.path))
    empty.check_writable(NOW)
    reader = shop.reader()
    assert reader.standing() == OutboxStanding(
        reader.contents().identity, "", None, ships=False, oldest=0, newest=0, checkpoint=0
    )
    shop.pay()
    assert (reader.standing().oldest, reader.standing().newest) == (1, 2)
    assert [reader.waiting(after) for after in (0, 1, 2)] == [2, 1, 0]


def test_checkpoints_are_read_beside_the_outbox_each_as_its_line(shop: Shop) -> None:
    shop.pay()
    first = checkpoints.make(
        shop.path, NOW, lambda one: replace(one, key="k" * 43, signature="s" * 86)
    )
    assert first is not None
    reader = shop.reader()
    assert reader.standing().checkpoint == first.seq == 2
    assert reader.checkpoints(0, 9) == (first.text,)
    assert reader.checkpoints(2, 9) == ()


def test_rows_come_in_order_and_as_many_as_were_asked_for(shop: Shop) -> None:
    first, second = shop.pay(), shop.pay(Event.DECLINED)
    reader = shop.reader()
    found = reader.rows(1, 2)
    assert [(one.seq, one.told.transaction.id) for one in found] == [(2, first.id), (3, second.id)]
    assert [one.told.transaction.state for one in found] == [State.APPROVED, State.AUTHORIZING]
    assert found[0].told.closed is not None
    assert found[0].told.closed.answer == found[0].told.transaction.answer == Answer("0")
    assert found[1].told.closed is None
    assert reader.rows(4, 2) == ()


def test_days_that_head_office_has_already_are_passed_over(shop: Shop) -> None:
    for days in (3, 2, 1):
        shop.pay(days_ago=days)
    reader = shop.reader()
    assert [one.seq for one in reader.rows(0, 9, days=["20261121"], compared=6)] == [3, 4]
    assert [one.seq for one in reader.rows(0, 9, days=[], compared=4)] == [5, 6]
    assert {one.told.day for one in reader.rows(4, 9)} == {"20261122"}


def test_everything_is_read_one_by_one_but_what_is_beyond_a_place(shop: Shop) -> None:
    old, new = shop.pay(days_ago=1), shop.pay()
    after, _ = old.after(Event.CANCEL_REQUESTED, NOW)
    shop.store.record(State.APPROVED, after, Event.CANCEL_REQUESTED)
    reader = shop.reader()

    def told(upto: int) -> list[tuple[str, int]]:
        return [(one.transaction.id, one.event.number) for one in reader.everything(upto)]

    assert told(5) == [(old.id, 1), (old.id, 2), (old.id, 3), (new.id, 1), (new.id, 2)]
    assert told(4) == [(old.id, 1), (old.id, 2), (new.id, 1), (new.id, 2)]
    assert reader.of_day("20261122") == {old.id: 3}
    assert reader.of_day("20261123") == {new.id: 2}
    assert reader.of_day("20261124") == {}
    stopped = reader.everything(5)
    next(stopped)
    stopped.close()  # type: ignore[attr-defined]
    assert told(5)


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (20261123140102345, "20261123"),
        (20261123235960000, "20261123"),
        (7, "00000000"),
        (9223372036854775000, "99999999"),
    ],
)
def test_an_id_of_any_length_is_of_one_day(number: int, day: str) -> None:
    assert time_range.day_of(number) == day
    lowest, beyond = time_range.ids_of_day(day)
    assert lowest <= number < beyond
    known = time_range.end_of_day(number)
    assert (known is None) == (day in ("00000000", "99999999"))


def test_a_row_that_has_changed_is_not_told(shop: Shop) -> None:
    shop.pay()
    raw = sqlite3.connect(shop.path, isolation_level=None)
    raw.execute("UPDATE transactions SET amount_minor = 9")
    raw.close()
    reader = shop.reader()
    with pytest.raises(JournalUnavailableError, match="has changed"):
        reader.rows(0, 9)
    with pytest.raises(JournalUnavailableError, match="has changed"):
        list(reader.everything(9))


def test_without_power_at_any_call_each_event_that_is_there_is_told_once() -> None:
    """Also while a journal is filled for a head office."""
    path = Path("journal.db")

    def opened_on(folder: Folder) -> Any:
        return connect_on(folder, path, "FULL", 6)

    folder = Folder()
    store = Store(Path.cwd() / path, connect=lambda *_: opened_on(folder))
    for _ in range(5):
        one, exchange = store.begin(order(), 1255, NOW)
        after, _command = one.after(Event.APPROVED, NOW)
        store.record(one.state, after, Event.APPROVED, exchange)
    store.close()
    files, seen = folder.everything(), set()
    for call, fate in itertools.product(range(1, 60), Fate):
        left = _left_by_a_cut(Folder(files), call, fate, opened_on)
        raw = opened_on(Folder(left))
        (ships,) = raw.execute("SELECT ships FROM register").fetchone()
        events = list(map(tuple, raw.execute("SELECT transaction_id, number FROM events")))
        told = list(map(tuple, raw.execute("SELECT transaction_id, number FROM outbox")))
        raw.close()
        assert sorted(told) == (sorted(events) if ships else [])
        seen.add((ships, len(told)))
    assert seen == {(0, 0), (1, 10), (1, 11), (1, 12)}


def _left_by_a_cut(
    folder: Folder, call: int, fate: Fate, opened_on: Callable[[Folder], Any]
) -> dict[str, bytes]:
    """Enrol and take a payment without power from that call on; return what is left of the files."""
    left: list[dict[str, bytes]] = []
    folder.cut_at, folder.calls = call, 0
    folder.on_cut = lambda _: left.append(folder.survivors(fate, call))
    store = Store(
        Path.cwd() / "journal.db", connect=lambda *_: opened_on(folder), ships=lambda: True
    )
    one, exchange = store.begin(order(), 1255, NOW)
    after, _ = one.after(Event.APPROVED, NOW)
    store.record(one.state, after, Event.APPROVED, exchange)
    store.close()
    return left[0] if left else folder.everything()


# -- what is old ----------------------------------------------------------------------------------


def test_nothing_goes_that_head_office_does_not_have(shop: Shop) -> None:
    first, second = shop.pay(days_ago=200), shop.pay(days_ago=200)
    young = shop.pay()
    assert shop.prune(stored=2) == Pruned(1, 0, NOW - timedelta(100), unshipped=1)
    assert shop.left() == {second.id, young.id}
    assert shop.prune(stored=3).unshipped == 1
    assert shop.prune(stored=6).unshipped == 0
    assert shop.left() == {young.id}
    assert first.id not in shop.left()


def test_nothing_goes_where_it_is_not_known_what_head_office_has(shop: Shop) -> None:
    shop.pay(days_ago=200)
    shop.pay()
    assert shop.prune(stored=0) == Pruned(0, 0, NOW - timedelta(100), unshipped=1)
    shop.enrolled = False
    shop.opens_again()
    assert shop.prune(stored=9).unshipped == 1  # enrolled, and the register has not seen it yet
    assert shop.prune(stored=None).removed == 1


def test_what_a_kept_one_refers_to_stays_with_it(shop: Shop) -> None:
    sale = shop.pay(days_ago=300)
    refund = replace(order(50, Operation.REFERENCED_REFUND), original=sale.cancels)
    shop.store.begin(refund, 50, NOW - timedelta(200))
    told = shop.store.newest(1)[0]
    after, _ = told.after(Event.APPROVED, NOW - timedelta(200))
    shop.store.record(told.state, after, Event.APPROVED)
    shop.pay()
    assert shop.prune(stored=3).unshipped == 2
    assert shop.prune(stored=4).removed == 2


def test_what_it_has_leaves_the_outbox_but_no_number_is_given_again(shop: Shop) -> None:
    for _ in range(3):
        shop.pay()
    shop.prune(stored=4)
    assert [seq for seq, *_ in shop.places()] == [5, 6]
    shop.prune(stored=6)
    assert [seq for seq, *_ in shop.places()] == [6]
    shop.pay()
    assert [seq for seq, *_ in shop.places()] == [6, 7, 8]


def test_the_last_row_stays_even_when_its_transaction_goes(shop: Shop) -> None:
    young = shop.pay()
    old = shop.pay(days_ago=200)
    assert shop.prune(stored=4).removed == 1
    assert shop.places() == [(4, old.id, 2)]
    assert shop.reader().rows(0, 9) == ()
    assert shop.left() == {young.id}


def test_up_to_when_days_are_not_whole_any_more_is_noted(shop: Shop) -> None:
    shop.pay()
    shop.prune(stored=None)
    assert shop.reader().standing().pruned_before is None
    shop.pay(days_ago=200)  # its id goes on from today's: the clock had been ahead
    shop.prune(stored=None)
    tomorrow = datetime(2026, 11, 24, tzinfo=UTC)
    assert shop.reader().standing().pruned_before == tomorrow


def test_what_ends_in_time_is_noted_by_when_it_ended(shop: Shop) -> None:
    shop.pay(days_ago=200)
    shop.pay()
    shop.prune(stored=None)
    assert shop.reader().standing().pruned_before == NOW - timedelta(100)


@pytest.mark.parametrize("enrolled", [False, True])
def test_what_is_cancelled_while_it_is_about_to_go_stays(tmp_path: Path, *, enrolled: bool) -> None:
    shop = Shop(tmp_path / "journal.db", enrolled=enrolled)
    old = [shop.pay(days_ago=200) for _ in range(STEP + 2)]
    shop.pay()
    late = iter(
        [(old[-1], Event.CANCEL_REQUESTED, NOW), (old[-2], Event.APPROVAL_NOT_RECORDED, None)]
    )

    def rest(_: float) -> None:
        for one, event, at in late:
            after, _command = one.after(event, at or one.updated_at)
            shop.store.record(State.APPROVED, after, event)

    connection = open_to_prune(shop.path)
    pruned = prune(connection, shop.path, 100, NOW, rest)
    connection.close()
    assert pruned.removed == STEP
    assert {one.id for one in old[-2:]} < shop.left()


def test_what_head_office_has_not_heard_since_stays(shop: Shop) -> None:
    """Also where a clock that went back says that it happened long ago."""
    old = [shop.pay(Event.OUTCOME_UNKNOWN, Event.CANCEL_CONFIRMED, days_ago=200) for _ in range(26)]
    shop.pay()
    late = iter([old[-1]])

    def rest(_: float) -> None:
        for one in late:
            after, _command = one.after(Event.LATE_APPROVAL, one.updated_at)
            shop.store.record(State.CANCELLED, after, Event.LATE_APPROVAL)

    connection = open_to_prune(shop.path)
    stored = shop.reader().standing().newest
    pruned = prune(connection, shop.path, 100, NOW, rest, stored=stored)
    connection.close()
    assert (pruned.removed, STEP) == (25, 25)
    assert old[-1].id in shop.left()


def test_room_that_is_given_back_moves_no_number(shop: Shop) -> None:
    for _ in range(60):
        shop.pay(days_ago=500)
    shop.pay()
    shop.prune(stored=120)
    before = shop.places()
    shop.store.close()
    assert vacuum(shop.path, worth_bytes=1024) > 0
    assert shop.places() == before == [(121, before[0][1], 1), (122, before[0][1], 2)]
    assert shop.reader().verify() == []


# -- journals that take another's place -----------------------------------------------------------


@pytest.fixture
def kept(shop: Shop) -> Iterator[Path]:
    """A backup of a journal that is told, after which another payment was made."""
    shop.pay(days_ago=1)
    shop.prune(stored=2)
    kept = shop.path.with_name("kept.db")
    back_up(shop.path, kept)
    shop.pay()
    shop.store.close()
    yield kept
    kept.unlink()


def test_a_restored_journal_tells_everything_under_its_new_name(shop: Shop, kept: Path) -> None:
    before = shop.reader().standing()
    shop.path.unlink()
    restore(shop.path, kept, "card broken, Anna", NOW)
    after = shop.reader().standing()
    assert (after.ships, after.follows) == (True, before.identity)
    assert after.identity not in ("", before.identity)
    assert [number for _, _, number in shop.places()][-2:] == [1, 2]


def test_what_a_restored_journal_carries_over_is_told_too(shop: Shop, kept: Path) -> None:
    raw = sqlite3.connect(shop.path, isolation_level=None)
    raw.execute("UPDATE register SET last_id = 1")  # refused: it has lost its end
    raw.close()
    assert restore(shop.path, kept, "card broken, Anna", NOW).carried == 1
    told = {one.told.transaction.id for one in shop.reader().rows(0, 9)}
    assert told == shop.left()
    assert len(told) == 2


def test_a_new_journal_begins_to_tell_with_its_first_payment(shop: Shop, kept: Path) -> None:
    assert kept.exists()
    shop.path.unlink()
    start_anew(shop.path, "card broken, Anna", NOW)
    again = Shop(shop.path, enrolled=True)
    one = again.pay()
    assert again.places() == [(1, one.id, 1), (2, one.id, 2)]


# -- told again -------------------------------------------------------------------------------------


def test_a_days_events_are_told_again_at_the_end(shop: Shop) -> None:
    earlier, today = shop.pay(days_ago=3), shop.pay()
    day = time_range.day_of(int(earlier.id))
    assert outbox.tell_again(shop.path, [day, "20200101", "99999999"]) == 2
    assert shop.places() == [
        *((1, earlier.id, 1), (2, earlier.id, 2), (3, today.id, 1), (4, today.id, 2)),
        *((5, earlier.id, 1), (6, earlier.id, 2)),
    ]


def test_a_closed_day_is_told_as_an_event_is_and_again_with_its_day(shop: Shop) -> None:
    for days_ago in (1, 0):
        shop.pay(days_ago=days_ago)
        close_day(shop.path, NOW - timedelta(days_ago), DayClock(zone=UTC))
    with closing(shop.reader()) as reader:
        assert [(one.seq, one.day.number) for one in reader.days(0, 9)] == [(3, 1), (6, 2)]
        assert [one.seq for one in reader.days(3, 9)] == [6]
        assert [one.seq for one in reader.days(0, 1)] == [3]
        assert tuple(one.day for one in reader.days(0, 9)) == closed_days(shop.path)
        assert outbox.tell_again(shop.path, [f"{NOW:%Y%m%d}"]) == 3
        assert [one.day.number for one in reader.days(6, 9)] == [2]


def test_a_signature_is_told_as_an_event_is(shop: Shop) -> None:
    one = shop.pay()
    told = {"transaction": str(one.id), "number": 2, "text": "Beleg 17", "code": "_R1"}
    shop.store.append(RegisterEvent.SIGNED, NOW, told)
    with closing(shop.reader()) as reader:
        ((seq, event),) = [(each.seq, each.event) for each in reader.signatures(0, 9)]
        assert (seq, event.content) == (3, told)
        assert reader.signatures(3, 9) == ()
        assert reader.days(0, 9) == ()


def test_enrolled_later_a_closed_day_is_told_after_all_that_it_counts(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "journal.db", enrolled=False)
    shop.pay()
    close_day(shop.path, NOW, DayClock(zone=UTC))
    assert shop.places() == []
    shop.enrolled = True
    shop.opens_again()
    with closing(shop.reader()) as reader:
        assert [(one.seq, one.day.number) for one in reader.days(0, 9)] == [(3, 1)]
        (begun, approved) = reader.rows(0, 9)
    assert (begun.told.committed, approved.told.committed) == (1, 2)


def test_without_a_head_office_nothing_is_told_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "journal.db", enrolled=False)
    day = time_range.day_of(int(shop.pay().id))
    assert outbox.tell_again(shop.path, [day]) == 0
    assert shop.places() == []


def test_what_is_no_journal_cannot_be_told_again(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailableError, match="cannot be used"):
        outbox.tell_again(tmp_path / "journal.db", [])
