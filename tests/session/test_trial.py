"""A configuration of head office stays when the register comes back ready with it, else it goes by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.commands import enrolled, told
from support.installation import Installation, installed
from support.virtual import virtual_time

from kiosk_tui.config.load import load
from kiosk_tui.config.overlay import Overlay, overlay_file, read, write
from kiosk_tui.files import writing
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.session import trial
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.trial import (
    MOST_STARTS,
    STEADY_S,
    TRIAL_S,
    Trial,
    TrialVerdict,
    counted,
    judged,
)

OPEN = Readiness(None)
OLD, NEW = {"kiosk.name": "Old"}, {"kiosk.name": "New"}


def _closed(obstacle: Obstacle) -> Readiness:
    return Readiness(obstacle, "It is so.")


@pytest.mark.parametrize(
    ("readiness", "moves", "failed", "waited_s", "verdict"),
    [
        (OPEN, True, False, 0, TrialVerdict.READY),
        (OPEN, True, False, TRIAL_S, TrialVerdict.READY),
        (OPEN, False, False, TRIAL_S - 1, TrialVerdict.WAIT),
        (OPEN, False, False, TRIAL_S, TrialVerdict.RETURN),
        (OPEN, True, True, 0, TrialVerdict.RETURN),
        (_closed(Obstacle.CLOSED_BY_OFFICE), True, False, 0, TrialVerdict.READY),
        (_closed(Obstacle.STARTING), True, False, TRIAL_S - 1, TrialVerdict.WAIT),
        (_closed(Obstacle.STARTING), True, False, TRIAL_S, TrialVerdict.RETURN),
        (_closed(Obstacle.FAULT), True, False, TRIAL_S, TrialVerdict.RETURN),
        *(
            (_closed(one), moves, False, waited_s, verdict)
            for one in (
                Obstacle.JOURNAL,
                Obstacle.CLOCK,
                Obstacle.UNREACHABLE,
                Obstacle.CANCELLATION_DUE,
            )
            for moves, waited_s, verdict in (
                (True, TRIAL_S - 1, TrialVerdict.WAIT),
                (True, TRIAL_S, TrialVerdict.OUTSIDE),
                (False, TRIAL_S, TrialVerdict.RETURN),
            )
        ),
    ],
)
def test_only_what_the_change_can_have_caused_takes_it_back(
    readiness: Readiness, moves: bool, failed: bool, waited_s: float, verdict: TrialVerdict
) -> None:
    assert judged(readiness, moves=moves, failed=failed, waited_s=waited_s) is verdict


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        enrolled(built.journal)
        yield built


@pytest.fixture
def file(shop: Installation) -> Path:
    found = overlay_file(shop.journal)
    write(found, Overlay(n=1, settings=OLD))
    trial.begin(found, 2, NEW)
    return found


def _launch(shop: Installation) -> Launch:
    return Launch(load(shop.config, shop.environment), False, "a test", shop.environment)


def _kept(file: Path) -> Overlay:
    found = read(file)
    assert found is not None
    return found


class Stood:
    """A register, a front and an hour that the test says."""

    def __init__(self) -> None:
        self.readiness = OPEN
        self.moves = True
        self.failed = False
        self.resting = True

    async def alive(self) -> bool:
        if not self.moves:
            await asyncio.sleep(3600)
        return True


def _trial(shop: Installation, stood: Stood) -> Trial:
    anything: Any = stood
    return Trial(_launch(shop), anything, anything)


@pytest.fixture(autouse=True)
def _inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is done in threads be done at once: virtual time knows no threads."""

    async def at_once(work: Callable[..., Any], *given: Any) -> Any:
        return work(*given)

    monkeypatch.setattr(asyncio, "to_thread", at_once)


@virtual_time
async def test_ready_for_a_while_keeps_it(shop: Installation, file: Path) -> None:
    on_trial = _trial(shop, Stood())
    assert not await on_trial.look()
    assert _kept(file).on_trial
    await asyncio.sleep(STEADY_S)
    assert not await on_trial.look()
    assert not on_trial.open
    assert _kept(file) == Overlay(n=2, settings=NEW)
    assert told(FleetFolder.beside(shop.journal)) == [(2, True, "It is in use.")]
    assert not await on_trial.look()


@virtual_time
async def test_ready_for_a_moment_only_does_not_keep_it(shop: Installation, file: Path) -> None:
    stood = Stood()
    on_trial = _trial(shop, stood)
    for obstacle in (None, Obstacle.UNREACHABLE, None):
        stood.readiness = Readiness(obstacle)
        await on_trial.look()
        await asyncio.sleep(STEADY_S - 1)
    assert _kept(file).on_trial


@virtual_time
async def test_a_front_that_stands_still_takes_it_back(shop: Installation, file: Path) -> None:
    stood = Stood()
    stood.moves = False
    on_trial = _trial(shop, stood)
    assert not await on_trial.look()
    await asyncio.sleep(TRIAL_S)
    assert await on_trial.look()
    assert _kept(file) == Overlay(n=2, settings=OLD)
    ((n, ok, sentence),) = told(FleetFolder.beside(shop.journal))
    assert (n, ok) == (2, False)
    assert "not ready within 120 s: the screens did not come back" in sentence
    assert not await on_trial.look()


@virtual_time
async def test_a_screen_that_fails_takes_it_back_at_once(shop: Installation, file: Path) -> None:
    stood = Stood()
    stood.failed = True
    assert await _trial(shop, stood).look()
    assert _kept(file).settings == OLD


@virtual_time
async def test_a_line_that_is_away_takes_nothing_back_and_its_starts_do_not_count(
    shop: Installation, file: Path
) -> None:
    for _ in range(MOST_STARTS):
        counted(_launch(shop))
    stood = Stood()
    stood.readiness = _closed(Obstacle.UNREACHABLE)
    on_trial = _trial(shop, stood)
    await asyncio.sleep(TRIAL_S)
    for _ in range(2):
        assert not await on_trial.look()
        assert (_kept(file).on_trial, _kept(file).starts) == (True, 0)
    stood.readiness = OPEN
    await on_trial.look()
    await asyncio.sleep(STEADY_S)
    await on_trial.look()
    assert _kept(file) == Overlay(n=2, settings=NEW)


# -- starts that come to nothing -------------------------------------------------------------------


def test_starts_that_come_to_nothing_take_it_back(shop: Installation, file: Path) -> None:
    for number in range(1, MOST_STARTS + 1):
        assert counted(_launch(shop)).config.kiosk.name == "New"
        assert _kept(file).starts == number
    assert counted(_launch(shop)).config.kiosk.name == "Old"
    assert _kept(file) == Overlay(n=2, settings=OLD)
    ((n, ok, sentence),) = told(FleetFolder.beside(shop.journal))
    assert (n, ok) == (2, False)
    assert "it was started 3 times and did not come so far" in sentence


def test_one_that_no_longer_goes_with_the_kiosks_own_file_is_taken_back(
    shop: Installation, file: Path
) -> None:
    trial.begin(file, 3, {"terminal.amount_max": "50"})
    assert _kept(file).before == OLD
    shop.configure(terminal='amount_max = "20"')
    assert counted(_launch(shop)).config.kiosk.name == "Old"
    ((n, ok, sentence),) = told(FleetFolder.beside(shop.journal))
    assert (n, ok) == (3, False)
    assert "head office may lower it only" in sentence


def test_who_does_not_hold_the_register_counts_nothing(shop: Installation, file: Path) -> None:
    lock = WriterLock(shop.journal, "another program")
    counted(_launch(shop))
    lock.release()
    assert _kept(file).starts == 0


def test_without_a_trial_nothing_is_counted(shop: Installation) -> None:
    launch = _launch(shop)
    assert counted(launch) is launch
    write(overlay_file(shop.journal), Overlay(n=1, settings=OLD))
    counted(_launch(shop))
    assert _kept(overlay_file(shop.journal)) == Overlay(n=1, settings=OLD)


def test_a_disk_that_refuses_keeps_no_register_from_starting(
    shop: Installation, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "replace", full)
    assert counted(_launch(shop)).config.kiosk.name == "New"
