"""Rather closed than wrong: when no payment may start, and that it opens again by itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.fakes import LOST, Bench, FakeTerminal, order, ready, transaction
from support.virtual import START, VirtualClock, run, virtual_time

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import MAX_MINOR
from kiosk_tui.domain.outcome import CancelVerdict, Probe
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import Refusal
from kiosk_tui.payment.policy import Exposure
from kiosk_tui.payment.readiness import SKEW, Facts, Obstacle, judge
from kiosk_tui.payment.self_test import Part, findings

GOOD = Probe(reachable=True, why="", server_time=START)


def _facts(*, now: datetime = START, journal: str = "", probe: Probe | None = GOOD) -> Facts:
    return Facts(now=now, journal_trouble=journal, probe=probe, due=())


@pytest.mark.parametrize(
    ("facts", "obstacle"),
    [
        (_facts(), None),
        (_facts(probe=None), Obstacle.STARTING),
        (_facts(journal="full"), Obstacle.JOURNAL),
        (_facts(probe=Probe(reachable=False, why="away")), Obstacle.UNREACHABLE),
        (_facts(now=datetime(1970, 1, 2, tzinfo=UTC)), Obstacle.CLOCK),
        (_facts(now=START + timedelta(minutes=16)), Obstacle.CLOCK),
        (_facts(now=START - timedelta(days=365)), Obstacle.CLOCK),
        (_facts(now=START + timedelta(minutes=14)), None),
        *(
            (_facts(now=datetime(year, 6, 1, tzinfo=UTC), probe=probe), Obstacle.CLOCK)
            for year in (1, 1970, 2025, 2041, 2099, 9999)
            for probe in (
                Probe(reachable=True, why=""),
                Probe(reachable=False, why="away"),
                Probe(reachable=True, why="", server_time=datetime(year, 6, 1, tzinfo=UTC)),
            )
        ),
        *(
            (_facts(now=datetime(year, 6, 1, tzinfo=UTC), probe=Probe(True, "")), None)
            for year in (2026, 2040)
        ),
    ],
)
def test_each_fact_that_closes_has_its_reason(facts: Facts, obstacle: Obstacle | None) -> None:
    found = judge(facts, Exposure())
    assert found.obstacle is obstacle
    assert found.open is (obstacle is None)
    assert found.open or found.why


def _due(count: int) -> tuple[Transaction, ...]:
    return tuple(
        transaction(order(100), State.CANCEL_DUE, str(number + 1)) for number in range(count)
    )


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (_facts(probe=None), "The first look at the server is under way."),
        (_facts(journal="full"), "full"),
        (_facts(probe=Probe(reachable=False, why="away")), "away"),
        (
            _facts(now=datetime(1970, 1, 2, tzinfo=UTC)),
            "The clock of this machine says 1970-01-02: set it, or let it find a time server.",
        ),
    ],
)
def test_whatever_closes_it_says_why_and_never_hides_what_is_due(facts: Facts, said: str) -> None:
    found = judge(replace(facts, due=_due(3)), Exposure())
    assert (found.why, found.due) == (said, _due(3))


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "One cancellation is not yet answered by TECS."),
        (2, "2 cancellations are not yet answered by TECS."),
    ],
)
def test_what_is_due_is_counted_in_words(count: int, said: str) -> None:
    found = judge(replace(_facts(), due=_due(count)), Exposure())
    assert (found.obstacle, found.why) == (Obstacle.CANCELLATION_DUE, said)
    assert found.due == _due(count)


@pytest.mark.parametrize(
    ("exposure", "open_"),
    [(Exposure(3, 3 * MAX_MINOR), True), (Exposure(3, 3 * MAX_MINOR - 1), False)],
)
def test_what_is_due_is_summed_beyond_a_single_payments_limit(
    exposure: Exposure, *, open_: bool
) -> None:
    large = [replace(one, order=order(MAX_MINOR)) for one in _due(3)]
    assert judge(replace(_facts(), due=large), exposure).open is open_


def test_a_clock_as_far_off_as_allowed_is_right_enough() -> None:
    assert judge(_facts(now=START + SKEW), Exposure()).open


@virtual_time
async def test_a_closed_register_starts_no_payment(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.terminal.reachable = False
    await bench.register.look()
    refused = await bench.refused()
    assert refused.refusal is Refusal.CLOSED
    assert bench.terminal.paid == []


@pytest.mark.parametrize("year", [1970, 2099])
@virtual_time
async def test_an_absurd_clock_starts_no_payment_where_no_server_tells_the_time(
    tmp_path: Path, year: int
) -> None:
    bench = Bench(tmp_path, clock=VirtualClock(datetime(year, 2, 3, tzinfo=UTC)))
    await bench.register.look()
    refused = await bench.refused()
    assert refused.refusal is Refusal.CLOSED
    assert refused.why.startswith(f"The clock of this machine says {year}-02-03: set it")
    assert bench.terminal.paid == []
    found = {one.part: one for one in await bench.register.self_test()}
    assert (found[Part.CLOCK].good, found[Part.CLOCK].text) == (False, refused.why)


def test_a_self_test_tells_an_absurd_clock_before_any_server_was_asked() -> None:
    told = findings(_facts(now=datetime(2099, 1, 1, tzinfo=UTC), probe=None))
    assert [one.text for one in told if not one.good] == [
        "It was not looked at yet.",
        "The clock of this machine says 2099-01-01: set it, or let it find a time server.",
    ]


@virtual_time
async def test_it_opens_by_itself_when_the_server_is_back(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.terminal.reachable = False
    await bench.register.start()
    assert bench.register.readiness.obstacle is Obstacle.UNREACHABLE
    bench.terminal.reachable = True
    await asyncio.sleep(6)
    assert bench.register.readiness.open
    await bench.register.close(0)


def test_it_opens_by_itself_when_the_clock_is_right_again(tmp_path: Path) -> None:
    class Dated(FakeTerminal):
        async def probe(self) -> Probe:
            return GOOD

    async def main() -> None:
        clock = VirtualClock(datetime(2000, 1, 1, tzinfo=UTC))
        bench = Bench(tmp_path, terminal=Dated(), clock=clock)
        await bench.register.start()
        assert bench.register.readiness.obstacle is Obstacle.CLOCK
        clock.wall = START
        await asyncio.sleep(6)
        assert bench.register.readiness.open
        await bench.register.close(0)

    run(main())


@virtual_time
async def test_a_lane_goes_on_up_to_its_exposure_of_count_and_amount(tmp_path: Path) -> None:
    bench = await ready(tmp_path, exposure=Exposure(count=2, minor=2000))
    bench.terminal.answer = LOST
    bench.terminal.always = CancelVerdict.UNANSWERED
    await bench.pay(900)
    assert bench.register.readiness.open
    await bench.pay(900)
    assert bench.register.readiness.open
    assert len(bench.register.readiness.due) == 2
    await bench.pay(100)
    assert bench.register.readiness.obstacle is Obstacle.CANCELLATION_DUE


@virtual_time
async def test_a_lane_stops_at_the_amount_whatever_the_count(tmp_path: Path) -> None:
    bench = await ready(tmp_path, exposure=Exposure(count=5, minor=1000))
    bench.terminal.answer = LOST
    await bench.pay(1001)
    assert not bench.register.readiness.open


class _Honest(FakeTerminal):
    """Its server tells the right time."""

    def __init__(self) -> None:
        super().__init__()
        self.probes = 0

    async def probe(self) -> Probe:
        self.probes += 1
        elapsed = timedelta(seconds=asyncio.get_running_loop().time())
        return Probe(reachable=True, why="looked", server_time=START + elapsed)


@pytest.mark.parametrize(
    "by", [timedelta(days=-365 * 49), timedelta(days=3), timedelta(hours=-2)], ids=str
)
@virtual_time
async def test_a_clock_that_jumps_is_noticed_before_the_next_payment_and_not_at_the_next_look(
    tmp_path: Path, by: timedelta
) -> None:
    clock, terminal = VirtualClock(), _Honest()
    bench = await ready(tmp_path, clock=clock, terminal=terminal)
    clock.jump(by)
    refused = await bench.refused()
    assert refused.refusal is Refusal.CLOSED
    assert "clock" in refused.why
    assert bench.terminal.paid == []
    clock.jump(-by)
    await bench.pay()


@virtual_time
async def test_a_clock_that_jumps_to_what_is_right_costs_one_look_and_no_payment(
    tmp_path: Path,
) -> None:
    clock, terminal = VirtualClock(START - timedelta(minutes=10)), _Honest()
    bench = await ready(tmp_path, clock=clock, terminal=terminal)
    clock.jump(timedelta(minutes=10))
    assert isinstance(await bench.register.pay(order()), Transaction)
    assert terminal.probes == 2
    assert isinstance(await bench.register.pay(order()), Transaction)
    assert terminal.probes == 2
