"""A lane's status line: kept up by what is told anyway."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes import LOST, Bench
from support.showcase import DONE

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.slip import Condition, PrinterState
from kiosk_tui.payment.notifications import ReadinessChanged, TerminalTold, TransactionChanged
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.session.lane_status import LaneStatus

OPEN = LaneStatus().heard(ReadinessChanged(Readiness(None)))


def test_before_the_first_look_nobody_knows_anything() -> None:
    starting = LaneStatus().heard(ReadinessChanged(Readiness(Obstacle.STARTING)))
    assert starting == LaneStatus()
    assert starting.served(0.04).service_ms is None


def test_the_service_is_reached_or_not_and_its_latency_is_of_the_last_look() -> None:
    assert OPEN.reachable
    served = OPEN.served(0.04)
    assert served.service_ms == pytest.approx(40)
    gone = served.heard(ReadinessChanged(Readiness(Obstacle.UNREACHABLE)))
    assert (gone.reachable, gone.service_ms) == (False, None)
    assert gone.served(None).service_ms is None


@pytest.mark.parametrize(("after_s", "told"), [(0.021, 40), (0.079, 40), (0.019, 19), (0.081, 81)])
def test_a_latency_is_told_anew_when_it_has_doubled_or_halved(after_s: float, told: float) -> None:
    assert OPEN.served(0.04).served(after_s).service_ms == pytest.approx(told)


def test_the_terminal_is_what_it_told_and_ready_once_it_has_taken_a_card() -> None:
    begun = OPEN.heard(TransactionChanged(replace(DONE, state=State.AUTHORIZING)))
    assert begun.terminal is TerminalState.BUSY
    told = begun.heard(TerminalTold(TerminalState.CARD_READ))
    assert told.terminal is TerminalState.CARD_READ
    assert told.heard(TransactionChanged(DONE)).terminal is TerminalState.READY
    lost = told.heard(TransactionChanged(replace(DONE, state=State.CANCEL_DUE)))
    assert lost.terminal is TerminalState.UNKNOWN


def test_the_printer_is_as_it_was_last_seen() -> None:
    low = OPEN.printing(PrinterState(Condition.PAPER_LOW))
    assert low.printer is Condition.PAPER_LOW
    assert low.printing(None).printer is None


async def test_it_follows_a_real_register(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    statuses = [LaneStatus()]
    bench.register.listen(lambda told: statuses.append(statuses[-1].heard(told)))
    await bench.register.look()
    took = [bench.register.service_s]
    bench.terminal.answer = LOST
    await bench.pay(1255)
    assert (statuses[-1].due, statuses[-1].terminal) == (1, TerminalState.UNKNOWN)
    bench.terminal.reachable = False
    await bench.register.look()
    took.append(bench.register.service_s)
    assert [one is None for one in took] == [False, True]
    reached = [one.reachable for one in statuses]
    assert (reached[0], True in reached, reached[-1]) == (None, True, False)
    await bench.register.close(0)
