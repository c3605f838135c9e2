"""What counts as standing still, and what systemd is told of a register that moves."""

from __future__ import annotations

import pytest
from support.fakes import order
from support.virtual import START

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.observe.watchdog.judgement import WatchdogLimits, doing, standstill, usable
from kiosk_tui.payment.heartbeat import Signs
from kiosk_tui.payment.readiness import Obstacle, Readiness

LIMITS = WatchdogLimits(look_s=100.0, pay_s=400.0)
ANSWER_S = 20.0


def _due(count: int) -> tuple[Transaction, ...]:
    return tuple(
        Transaction(
            TransactionId(str(number + 1)),
            order(100),
            State.CANCEL_DUE,
            order(100).amount,
            START,
            START,
        )
        for number in range(count)
    )


@pytest.mark.parametrize(
    ("at_the_limit", "beyond", "said"),
    [
        (Signs(0, 20, 0, 0), Signs(0, 21, 0, 0), "The journal has not answered for 21 s."),
        (Signs(0, 0, 300, 0), Signs(0, 0, 301, 0), "The journal has refused for 301 s."),
        (
            Signs(100, 0, 0, 0),
            Signs(101, 0, 0, 0),
            "The register has not looked at the chain for 101 s.",
        ),
        (Signs(0, 0, 0, 400), Signs(0, 0, 0, 401), "A payment has been running for 401 s."),
    ],
)
def test_each_part_has_its_limit(at_the_limit: Signs, beyond: Signs, said: str) -> None:
    assert standstill(at_the_limit, LIMITS, ANSWER_S) == ""
    assert standstill(beyond, LIMITS, ANSWER_S) == said


@pytest.mark.parametrize(
    ("readiness", "paying", "said"),
    [
        (Readiness(Obstacle.STARTING), False, "starting"),
        (Readiness(None), False, "idle"),
        (Readiness(None), True, "waiting for card"),
        (Readiness(None, due=_due(1)), False, "1 cancellation due, idle"),
        (Readiness(None, due=_due(2)), True, "2 cancellations due, waiting for card"),
        (Readiness(Obstacle.CLOCK, "It is 1970."), False, "out of service: It is 1970."),
        (
            Readiness(Obstacle.CANCELLATION_DUE, "Not yet answered.", due=_due(3)),
            False,
            "3 cancellations due, out of service: Not yet answered.",
        ),
    ],
)
def test_the_status_says_what_the_register_does(
    readiness: Readiness, *, paying: bool, said: str
) -> None:
    assert doing(readiness, paying=paying) == said


@pytest.mark.parametrize("obstacle", [None, *Obstacle])
def test_only_a_journal_that_is_open_makes_ready(obstacle: Obstacle | None) -> None:
    expected = obstacle not in {Obstacle.STARTING, Obstacle.JOURNAL}
    assert usable(Readiness(obstacle)) is expected
