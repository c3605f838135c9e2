"""A command is done once at most, whenever the kiosk's power is cut, and head office hears what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support import commands
from support.commands import enrolled, told

from kiosk_tui.files import writing
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.orders import counter, tasks
from kiosk_tui.fleet.orders.closure import OfficeClosure, closure
from kiosk_tui.fleet.orders.counter import CounterError, OrderCounter
from kiosk_tui.fleet.orders.noting import note
from kiosk_tui.fleet.orders.orders import CLOSED, Orders
from kiosk_tui.fleet.orders.tasks import NOT_FINISHED
from kiosk_tui.fleet.wire import SignedCommand

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


class PowerCutError(Exception):
    """The process is no more."""


def command(n: int, verb: str = "open", /, **body: Any) -> SignedCommand:
    return commands.command(n, verb, NOW, **body)


@pytest.fixture
def folder(tmp_path: Path) -> FleetFolder:
    return enrolled(tmp_path / "journal.db")


def begun(folder: FleetFolder) -> Orders:
    """Return what a shipper that was just started has."""
    found = Orders(folder, lambda: NOW)
    found.take_up()
    return found


def test_close_lasts_until_open(folder: FleetFolder) -> None:
    begun(folder).take(command(1, "close", sentence="Back at noon.", by_language={"de": "Bald."}))
    closed = closure(folder)
    assert closed == OfficeClosure(n=1, sentence="Back at noon.", by_language={"de": "Bald."})
    begun(folder).take(command(2))
    assert closure(folder) is None
    assert [(n, ok) for n, ok, _ in told(folder)] == [(1, True), (2, True)]


def test_a_closure_that_cannot_be_read_closes_and_one_of_a_fleet_that_was_left_does_not(
    folder: FleetFolder,
) -> None:
    folder.orders.mkdir()
    (folder.orders / "closed.json").write_text("{")
    assert closure(folder) == OfficeClosure()
    folder.office.unlink()
    assert closure(folder) is None


def test_outcomes_wait_until_they_are_told(folder: FleetFolder) -> None:
    begun(folder).take(command(1))
    orders_again = begun(folder)
    found = orders_again.outcomes()
    assert [one.n for one in found] == [1]
    orders_again.told(found)
    orders_again.told(found)
    assert not begun(folder).outcomes()


def test_at_most_fifty_outcomes_are_told_at_once_and_each_is_short(folder: FleetFolder) -> None:
    for n in range(60, 0, -1):
        note(folder, n, "x" * 999, ok=True)
    (folder.outcomes / "0.json").write_text("{")
    found = begun(folder).outcomes()
    assert [one.n for one in found] == list(range(1, 51))
    assert {len(one.sentence) for one in found} == {300}


@pytest.mark.parametrize("verb", ["restart", "bundle", "ask-terminal"])
def test_what_takes_its_time_waits_for_whoever_does_it(folder: FleetFolder, verb: str) -> None:
    begun(folder).take(command(1, verb))
    (task,) = tasks.waiting(folder)
    assert (task.n, task.verb) == (1, verb)
    assert not told(folder)
    assert tasks.begin(folder, task, NOW)
    assert not tasks.waiting(folder)
    assert tasks.begun(folder) == (task,)
    tasks.finish(folder, 1, "Done.", ok=True)
    assert told(folder) == [(1, True, "Done.")]
    assert not tasks.begun(folder)


def test_what_waited_too_long_is_not_begun(folder: FleetFolder) -> None:
    begun(folder).take(command(1, "restart"))
    (task,) = tasks.waiting(folder)
    assert not tasks.begin(folder, task, NOW + timedelta(hours=1))
    assert not tasks.waiting(folder)
    assert told(folder) == [(1, False, "It expired before this kiosk could do it.")]


def test_a_command_that_comes_again_is_not_done_again(folder: FleetFolder) -> None:
    shipper = begun(folder)
    shipper.take(command(1, "close", sentence="Closed."))
    shipper.take(command(2))
    shipper.take(command(1, "close", sentence="Closed."))
    assert closure(folder) is None
    assert [(n, ok) for n, ok, _ in told(folder)] == [(1, True), (2, True)]


def test_one_that_is_being_done_and_comes_again_has_no_outcome_yet(folder: FleetFolder) -> None:
    shipper = begun(folder)
    shipper.take(command(1, "restart"))
    shipper.take(command(1, "restart"))
    assert not told(folder)
    assert len(tasks.waiting(folder)) == 1


def test_one_whose_outcome_head_office_has_lost_is_refused(folder: FleetFolder) -> None:
    shipper = begun(folder)
    shipper.take(command(1))
    shipper.told(shipper.outcomes())
    shipper.take(command(1))
    ((n, ok, sentence),) = told(folder)
    assert (n, ok) == (1, False)
    assert "taken before" in sentence


def test_what_is_refused_is_answered_once_and_its_number_is_used_up(folder: FleetFolder) -> None:
    late = Orders(folder, lambda: NOW + timedelta(days=2))
    late.take(command(5, "close", sentence="Closed."))
    assert told(folder) == [(5, False, "It has expired.")]
    begun(folder).take(command(5, "close", sentence="Closed."))
    assert closure(folder) is None


def test_what_nobody_signed_for_this_kiosk_leaves_no_trace(folder: FleetFolder) -> None:
    forged = command(1).model_copy(update={"signature": "AAAA"})
    begun(folder).take(forged)
    assert not told(folder)
    assert counter.read(folder.counter) == OrderCounter()


def test_a_kiosk_of_no_head_office_does_nothing(folder: FleetFolder) -> None:
    folder.office.unlink()
    begun(folder).take(command(1))
    assert not told(folder)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"n": 1.0, "begun": false}', '{"n": true, "begun": 1}', "7"]
)
def test_a_counter_that_cannot_be_read_lets_nothing_be_done(folder: FleetFolder, text: str) -> None:
    folder.counter.write_text(text)
    with pytest.raises(CounterError):
        counter.read(folder.counter)
    begun(folder).take(command(8, "close", sentence="Closed."))
    assert closure(folder) is None
    assert not told(folder)


# -- the power is cut at each write -----------------------------------------------------------------

VERBS: dict[str, dict[str, Any]] = {
    "close": {"sentence": "Closed."},
    "open": {},
    "restart": {},
    "configuration": {"settings": {"kiosk.name": "Museum"}},
    "ship-again": {"days": ["20260430"]},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("survives", range(5))
def test_a_power_cut_at_any_write_means_once_at_most_and_never_nothing_told(
    folder: FleetFolder, verb: str, survives: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, replace = [survives], writing.replace

    def cut(path: Path, text: str, mode: int = writing.PRIVATE) -> None:
        if not left[0]:
            raise PowerCutError
        left[0] -= 1
        replace(path, text, mode)

    with monkeypatch.context() as patched:
        patched.setattr(writing, "replace", cut)
        try:
            begun(folder).take(command(1, verb, **VERBS[verb]))
            finished = True
        except PowerCutError:
            finished = False
    done = closure(folder) is not None or bool(tasks.waiting(folder))
    assert counter.read(folder.counter).n == 1 or not done
    after = begun(folder)
    if not survives:  # not even the number was written: it comes again
        assert not done
        assert not finished
        assert not after.outcomes()
        return
    after.take(command(1, verb, **VERBS[verb]))  # and comes again, and is not done again
    assert done == (closure(folder) is not None or bool(tasks.waiting(folder)))
    found = told(folder)
    if tasks.waiting(folder):
        assert not found
    else:
        assert len(found) == 1
        assert found[0][1] or found == [(1, False, NOT_FINISHED)]
    if done and verb == "close":
        assert found == [(1, True, CLOSED)]
    assert begun(folder).outcomes() == after.outcomes()
