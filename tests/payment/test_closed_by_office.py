"""Head office closes a register for payments: nothing that runs is cut, and only its own word ends it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from support.fakes import Bench, FakeTerminal, order, ready
from support.virtual import virtual_time

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import Probe
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import Refusal
from kiosk_tui.payment.notifications import Notification, ReadinessChanged
from kiosk_tui.payment.policy import Exposure, Timeouts
from kiosk_tui.payment.readiness import ClosingNotice, Obstacle, Readiness

NOTICE = ClosingNotice("Back at noon.", {"de": "Wieder ab zwölf."})


class Counting(FakeTerminal):
    """Counts how often it was looked whether the server answers; away while `away`."""

    def __init__(self) -> None:
        super().__init__()
        self.probes = 0
        self.away = False

    async def probe(self) -> Probe:
        self.probes += 1
        return Probe(reachable=not self.away, why="away" if self.away else "")


@virtual_time
async def test_no_payment_begins_until_it_is_opened_again(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    bench.register.closed_by_office(NOTICE)
    found = bench.register.readiness
    assert (found.obstacle, found.notice) == (Obstacle.CLOSED_BY_OFFICE, NOTICE)
    assert found.retry_in_s is None
    refused = await bench.refused()
    assert (refused.refusal, refused.why) == (
        Refusal.CLOSED,
        "Head office has closed this register.",
    )
    bench.register.closed_by_office(None)
    assert bench.register.readiness == Readiness(None, since=bench.register.readiness.since)
    assert (await bench.pay()).state is State.APPROVED


@virtual_time
async def test_a_payment_that_runs_is_finished(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    payment = bench.register.pay(order(1255))
    await bench.register.begun(payment)
    bench.register.closed_by_office(NOTICE)
    ended = await payment
    assert isinstance(ended, Transaction)
    assert ended.state is State.APPROVED
    assert not bench.register.readiness.open


@virtual_time
async def test_what_was_approved_can_be_cancelled_while_it_is_closed(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    paid = await bench.pay()
    bench.register.closed_by_office(NOTICE)
    await bench.register.cancel(paid.id)
    await bench.register.replay()
    assert (await bench.on_disk(paid.id)).state is State.CANCELLED


@virtual_time
async def test_opening_ends_no_other_reason(tmp_path: Path) -> None:
    terminal = Counting()
    terminal.away = True
    bench = await ready(tmp_path, terminal=terminal)
    bench.register.closed_by_office(NOTICE)
    found = bench.register.readiness
    assert (found.obstacle, found.notice) == (Obstacle.UNREACHABLE, NOTICE)
    bench.register.closed_by_office(None)
    assert bench.register.readiness.obstacle is Obstacle.UNREACHABLE
    assert bench.register.readiness.notice is None


@virtual_time
async def test_a_lanes_exposure_does_not_open_it(tmp_path: Path) -> None:
    bench = await ready(tmp_path, exposure=Exposure(count=5, minor=100_000))
    bench.register.closed_by_office(ClosingNotice())
    assert bench.register.readiness.obstacle is Obstacle.CLOSED_BY_OFFICE


@virtual_time
async def test_whoever_listens_hears_of_it_once_and_of_each_other_sentence(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    heard: list[ClosingNotice | None] = []

    def listen(told: Notification) -> None:
        assert isinstance(told, ReadinessChanged)
        heard.append(told.readiness.notice)

    bench.register.listen(listen)
    for notice in (NOTICE, NOTICE, ClosingNotice("Back at one."), None, None):
        bench.register.closed_by_office(notice)
    assert heard == [NOTICE, ClosingNotice("Back at one."), None]


@virtual_time
async def test_it_is_closed_before_the_first_look_and_looks_no_oftener_than_when_open(
    tmp_path: Path,
) -> None:
    terminal = Counting()
    bench = Bench(tmp_path, terminal=terminal, timeouts=Timeouts(look_s=30, look_again_s=5))
    bench.register.closed_by_office(NOTICE)
    before = bench.register.readiness
    await bench.register.start()
    stood = [before.obstacle, bench.register.readiness.obstacle]
    assert stood == [Obstacle.STARTING, Obstacle.CLOSED_BY_OFFICE]
    await asyncio.sleep(59)
    assert terminal.probes == 2
    await bench.register.close(0)
