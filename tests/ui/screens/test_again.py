"""Paying the same again: after a clear decline, or after a stop of one's own; never by accident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support.fakes import LOST, NO, YES

from kiosk_tui.domain.attempt import MOST_IN_A_ROW, STOOD_S
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import Declined, PaymentOutcome
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.ui import messages
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.out_of_service import OutOfService
from kiosk_tui.ui.screens.result import SHOWN_S, Result
from kiosk_tui.ui.screens.tip import TipScreen
from kiosk_tui.ui.screens.waiting import Waiting
from kiosk_tui.ui.screens.welcome import Welcome

NO_TIP = TipPolicy(ask=False)
BUSY = Declined(replace(NO.answer, response_code="8014", reason="busy"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stand in for the clock that screens measure haste by."""
    now = [1000.0]
    monkeypatch.setattr(frame, "monotonic", lambda: now[0])
    monkeypatch.setattr(frame, "DEAF_S", 0.0)
    return now


async def _declined(here: Any, answer: PaymentOutcome = NO) -> None:
    here.bench.terminal.answer = answer
    await here.pilot.press("1", "2", "5", "5", "enter")
    await here.until(Result)


async def _another(here: Any, before: Any) -> None:
    while here.screen is before or not isinstance(here.screen, Result):
        await here.pilot.pause(0.01)
    await here.pilot.pause()


async def test_a_declined_payment_is_tried_again_with_its_amount_and_tip_as_one_of_its_own(
    hall: Any, clock: list[float]
) -> None:
    async with hall() as here:
        here.bench.terminal.answer = NO
        await here.pilot.press("1", "2", "5", "5", "enter")
        await here.until(TipScreen)
        await here.pilot.press("2")
        await here.until(Result)
        assert "[Enter] try again with €13.81" in here.screen.hint()
        assert "[Esc] end" in here.screen.hint()
        before = here.screen
        here.bench.terminal.answer = YES
        clock[0] += STOOD_S
        await here.pilot.press("enter")
        await _another(here, before)
        first, second = here.bench.terminal.paid
        assert first != second
        one, two = [await here.bench.on_disk(one) for one in (first, second)]
        assert (one.state, two.state) == (State.DECLINED, State.APPROVED)
        assert (two.order.amount, two.order.tip) == (one.order.amount, one.order.tip)
        assert "try again" not in here.screen.hint()


async def test_enter_counts_once_the_result_has_stood_for_a_second(
    hall: Any, clock: list[float]
) -> None:
    async with hall(tip=NO_TIP) as here:
        await _declined(here)
        for passed in (0.0, STOOD_S / 2, STOOD_S / 2 - 0.01):
            clock[0] += passed
            await here.pilot.press("enter")
        await here.pilot.pause()
        assert isinstance(here.screen, Result)
        assert len(here.bench.terminal.paid) == 1


async def test_a_double_enter_makes_one_transaction(hall: Any, clock: list[float]) -> None:
    async with hall(tip=NO_TIP) as here:
        await _declined(here)
        before = here.screen
        clock[0] += STOOD_S
        await here.pilot.press("enter", "enter", "enter")
        await _another(here, before)
        await here.pilot.press("enter", "enter")  # on the next result, which has not stood
        await here.pilot.pause()
        assert len(here.bench.terminal.paid) == 2
        # and whatever is asked for twice is done once
        here.app.post_message(messages.AgainAsked())
        here.app.post_message(messages.AgainAsked())
        await here.pilot.pause(0.1)
        assert len(here.bench.terminal.paid) == 3


async def test_no_more_than_three_payments_follow_one_another(
    hall: Any, clock: list[float]
) -> None:
    async with hall(tip=NO_TIP) as here:
        await _declined(here)
        for _ in range(MOST_IN_A_ROW - 1):
            assert "try again with" in here.screen.hint()
            before = here.screen
            clock[0] += STOOD_S
            await here.pilot.press("enter")
            await _another(here, before)
        assert "[Enter] done" in here.screen.hint()
        assert "try again with" not in here.screen.hint()
        clock[0] += STOOD_S
        await here.pilot.press("enter")
        await here.until(Welcome)
        assert len(here.bench.terminal.paid) == MOST_IN_A_ROW
        await _declined(here)  # whoever types the amount anew begins to count anew
        assert "try again with" in here.screen.hint()


async def test_esc_a_tap_and_the_time_that_runs_out_end_it(hall: Any, clock: list[float]) -> None:
    def _time_runs_out(screen: Any) -> None:
        for _ in range(SHOWN_S):
            screen.count_down()

    ends: tuple[Callable[[Any], Any], ...] = (
        lambda screen: screen.press("escape"),
        _time_runs_out,
    )
    async with hall(tip=NO_TIP) as here:
        for end in ends:
            await _declined(here)
            clock[0] += STOOD_S
            end(here.screen)
            await here.until(Welcome)
        await _declined(here)
        clock[0] += STOOD_S
        await here.pilot.click("#body")
        await here.until(Welcome)
        assert len(here.bench.terminal.paid) == 3


@pytest.mark.parametrize("answer", [YES, LOST, BUSY])
async def test_nothing_is_offered_after_an_approval_while_something_is_due_or_when_it_is_no_use(
    hall: Any, clock: list[float], answer: PaymentOutcome
) -> None:
    async with hall(tip=NO_TIP) as here:
        await _declined(here, answer)
        clock[0] += STOOD_S
        assert "[Enter] done" in here.screen.hint()
        assert "try again" not in here.screen.hint()
        await here.pilot.press("enter")
        await here.pilot.pause(0.05)
        assert not isinstance(here.screen, Waiting)
        assert len(here.bench.terminal.paid) == 1


async def test_a_stop_of_ones_own_may_be_paid_after_all_once_nothing_is_due(
    hall: Any, clock: list[float]
) -> None:
    async with hall(tip=NO_TIP) as here:
        await _declined(here, LOST)
        here.screen._given_up = True
        assert "pay" not in here.screen.hint()
        clock[0] += STOOD_S
        await here.bench.register.replay()
        await here.pilot.pause(0.1)
        assert "[Enter] pay €12.55 after all" in here.screen.hint()
        await here.pilot.press("enter")  # meant for "done", which stood there a moment ago
        await here.pilot.pause()
        assert len(here.bench.terminal.paid) == 1
        before = here.screen
        here.bench.terminal.answer = YES
        clock[0] += STOOD_S
        await here.pilot.press("enter")
        await _another(here, before)
        assert len(here.bench.terminal.paid) == 2
        assert here.screen.heading() == "Approved"


async def test_the_offer_goes_when_the_register_closes_and_comes_back_with_it(
    hall: Any, clock: list[float]
) -> None:
    async with hall(tip=NO_TIP) as here:
        await _declined(here)
        here.bench.terminal.reachable = False
        await here.bench.register.look()
        await here.pilot.pause()
        assert "try again with" not in here.screen.hint()
        here.bench.terminal.reachable = True
        await here.bench.register.look()
        await here.pilot.pause()
        assert "try again with" in here.screen.hint()
        here.bench.terminal.reachable = False
        await here.bench.register.look()
        clock[0] += STOOD_S
        await here.pilot.press("enter")
        await here.until(OutOfService)
        assert len(here.bench.terminal.paid) == 1


async def test_a_test_payment_of_staff_is_never_begun_anew(hall: Any, clock: list[float]) -> None:
    async with hall(tip=NO_TIP) as here:
        await _declined(here)
        await here.pilot.press("escape")
        await here.until(Welcome)
        here.app.post_message(messages.TestPaymentAsked())
        await here.until(Result)
        clock[0] += STOOD_S
        assert "[Enter] done" in here.screen.hint()
        await here.pilot.press("enter")
        await here.pilot.pause(0.1)
        assert len(here.bench.terminal.paid) == 2
