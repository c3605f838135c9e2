"""A register at rest looks at its disk every half minute, and seldom writes to it."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.fakes import LOST, Bench
from support.virtual import virtual_time

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.payment.policy import Timeouts
from kiosk_tui.payment.readiness import Obstacle

HOUR_S = 3600


class Counted(Bench):
    """Counts what the looks ask of the journal."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        super().__init__(folder)
        self.asked = {"check_writable": 0, "check_disk": 0}
        for name in self.asked:
            patch.setattr(self.store, name, self._counting(name, getattr(self.store, name)))

    def _counting(self, name: str, real: Callable[..., None]) -> Callable[..., None]:
        def counted(*values: object) -> None:
            self.asked[name] += 1
            real(*values)

        return counted


@virtual_time
async def test_in_an_hour_it_commits_thirty_times_and_asks_the_disk_at_every_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Counted(tmp_path, monkeypatch)
    await bench.register.start()
    await asyncio.sleep(HOUR_S - 1)
    assert bench.asked == {"check_writable": 30, "check_disk": 90}
    await bench.register.close(0)


@virtual_time
async def test_offline_with_a_cancellation_due_it_looks_often_and_writes_as_seldom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Counted(tmp_path, monkeypatch)
    await bench.register.start()
    bench.terminal.answer, bench.terminal.always = LOST, CancelVerdict.UNANSWERED
    await bench.pay()
    bench.terminal.reachable = False
    await asyncio.sleep(HOUR_S - 1)
    assert bench.register.readiness.obstacle is Obstacle.UNREACHABLE
    assert bench.asked["check_writable"] <= 31
    assert bench.asked["check_disk"] > 600
    await bench.register.close(0)


@virtual_time
async def test_whoever_asks_for_a_look_has_the_disk_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Counted(tmp_path, monkeypatch)
    await bench.register.start()
    await bench.register.look()
    await bench.register.self_test()
    bench.register.retry()
    await asyncio.sleep(1)
    assert bench.asked == {"check_writable": 4, "check_disk": 0}
    await bench.register.close(0)


@virtual_time
async def test_a_disk_that_does_not_answer_closes_it_at_the_next_look_and_is_written_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Counted(tmp_path, monkeypatch)
    await bench.register.start()
    await asyncio.sleep(10)

    def gone(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def refuse(*_: object) -> None:
        raise JournalUnavailableError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", gone)
        broken.setattr(bench.store, "check_writable", refuse)
        await asyncio.sleep(22)
        assert "Input/output error" in bench.register.readiness.why
        asked = bench.asked["check_disk"]
        await asyncio.sleep(60)
        assert bench.register.readiness.obstacle is Obstacle.JOURNAL
        assert bench.asked["check_disk"] == asked
    await asyncio.sleep(10)
    assert bench.register.readiness.open
    await bench.register.close(0)


def test_a_disk_is_written_more_often_than_anybody_forgets_it() -> None:
    times = Timeouts()
    assert times.look_s < times.prove_s <= 2 * 60
