"""Haste: keys that come too fast, twice, held down, or at the moment when something else happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from support.fakes import EUR, LOST, NO, YES

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import PaymentOutcome, TerminalState
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.payment.notifications import TerminalTold
from kiosk_tui.session.settings import Mode
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.amount import Amount
from kiosk_tui.ui.screens.out_of_service import OutOfService
from kiosk_tui.ui.screens.result import SHOWN_S, Result
from kiosk_tui.ui.screens.tip import TipScreen
from kiosk_tui.ui.screens.waiting import Waiting
from kiosk_tui.ui.screens.welcome import Welcome

NO_TIP = TipPolicy(ask=False)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stand in for the clock that screens measure haste by."""
    now = [1000.0]
    monkeypatch.setattr(frame, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


def _slow(outcome: PaymentOutcome = YES) -> tuple[asyncio.Event, Callable[[], Any]]:
    go = asyncio.Event()

    async def answer() -> PaymentOutcome:
        await go.wait()
        return outcome

    return go, answer


async def test_two_keys_and_the_idle_timer_at_once_pay_once_and_stay_with_the_payment(
    hall: Any, awake: None
) -> None:
    async with hall() as here:
        go, here.bench.terminal.answer = _slow()
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(TipScreen)
        tip = here.screen
        tip.press("1")
        tip.press("2")
        tip._ask_left_s = 0
        tip._count_down()
        await here.until(Waiting)
        await here.pilot.pause(0.1)
        assert isinstance(here.screen, Waiting)
        assert len(here.bench.terminal.paid) == 1
        go.set()
        await here.until(Result)


async def test_digits_that_come_in_one_burst_are_all_typed(hall: Any, clock: list[float]) -> None:
    async with hall() as here:
        clock[0] += 1
        welcome = here.screen
        for digit in (1, 2, 5, 5):
            welcome.digit(digit)
        await here.until(Amount)
        assert here.screen.typed.minor == 1255


async def test_who_types_on_at_once_loses_no_digit_but_enter_is_not_heard_yet(
    hall: Any, clock: list[float]
) -> None:
    async with hall() as here:
        clock[0] += 1
        await here.pilot.press("5")
        await here.until(Amount)
        await here.pilot.press("0", "0", "enter")
        await here.pilot.pause()
        assert isinstance(here.screen, Amount)
        assert here.screen.typed.minor == 500


async def test_an_enter_that_is_held_down_neither_dismisses_a_result_nor_pays_again(
    hall: Any, clock: list[float]
) -> None:
    async with hall(tip=NO_TIP) as here:
        here.bench.terminal.answer = NO
        clock[0] += 1
        await here.pilot.press("5")
        await here.until(Amount)
        await here.pilot.press("0", "0")
        clock[0] += 1
        await here.pilot.press("enter")
        await here.until(Result)
        for _ in range(40):
            clock[0] += 0.03
            await here.pilot.press("enter")
        assert isinstance(here.screen, Result)
        assert len(here.bench.terminal.paid) == 1
        clock[0] += 1
        await here.pilot.press("escape")
        await here.until(Welcome)


async def test_more_digits_than_the_limit_has_are_refused_and_nothing_is_cut_off(
    hall: Any, awake: None
) -> None:
    async with hall() as here:
        await here.pilot.press("5", "4", "3", "2", "1", "9")
        await here.until(Amount)
        assert here.screen.typed.minor == 54_321
        assert "Please type an amount from €1.00 to €500.00" in here.text


async def test_a_customer_who_is_interrupted_is_told_that_nothing_was_charged(
    hall: Any, awake: None
) -> None:
    async with hall() as here:
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(TipScreen)
        here.bench.terminal.reachable = False
        await here.bench.register.look()
        await here.until(OutOfService)
        assert "Your payment was not started. Nothing was charged." in here.text


async def test_nobody_is_told_about_a_payment_that_he_did_not_begin(hall: Any) -> None:
    async with hall() as here:
        here.bench.terminal.reachable = False
        await here.bench.register.look()
        await here.until(OutOfService)
        assert "Your payment" not in here.text


async def test_giving_up_waits_for_the_answer_and_says_who_cancelled(
    hall: Any, awake: None
) -> None:
    async with hall(tip=NO_TIP) as here:
        go, here.bench.terminal.answer = _slow(NO)  # the terminal calls it something else
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Waiting)
        await here.pilot.press("escape", "1", "escape", "f12", "enter", "1")
        await here.pilot.pause(0.05)
        assert isinstance(here.screen, Waiting)
        assert "Stopping the payment. Please wait." in here.text
        assert here.bench.terminal.aborts == 1
        go.set()
        await here.until(Result)
        assert "You stopped this payment. Nothing was charged." in here.text


async def test_the_terminal_s_state_is_told_while_waiting(hall: Any, awake: None) -> None:
    async with hall(tip=NO_TIP) as here:
        go, here.bench.terminal.answer = _slow()
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Waiting)
        here.screen.hear(TerminalTold(TerminalState.CARD_READ))
        await here.pilot.pause()
        assert "Card read. Please wait and follow the terminal." in here.text
        go.set()
        await here.until(Result)


async def test_what_is_new_on_a_result_gets_its_time_to_be_read(hall: Any, awake: None) -> None:
    async with hall(tip=NO_TIP) as here:
        here.bench.terminal.answer = LOST
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Result)
        assert here.screen._words().ground == "warn"
        for _ in range(5):
            here.screen.count_down()
        await here.bench.register.replay()
        await here.pilot.pause()
        assert here.screen._result.state is State.CANCELLED
        assert here.screen._words().ground == "neutral"
        assert here.screen._left_s == SHOWN_S


async def test_whoever_leaves_during_a_payment_is_told_that_it_goes_on(
    hall: Any, awake: None
) -> None:
    async with hall(tip=NO_TIP, mode=Mode.TECHNICIAN) as here:
        go, here.bench.terminal.answer = _slow()
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Waiting)
        await here.pilot.press("ctrl+d")
        await here.pilot.pause()
        assert "The payment goes on without this screen" in here.text
        assert not here.app._exit
        await here.pilot.press("ctrl+d")
        await here.pilot.pause()
        assert here.app._exit
        assert here.bench.register.running
        go.set()


async def test_no_key_leaves_a_kiosk_or_opens_anything(hall: Any, awake: None) -> None:
    async with hall() as here:
        for key in (
            *("ctrl+q", "ctrl+c", "ctrl+z", "ctrl+p", "ctrl+d", "ctrl+backslash", "escape"),
            *(f"f{number}" for number in range(1, 12)),
            *("shift+tab", "ctrl+s"),
        ):
            await here.pilot.press(key)
        await here.pilot.pause()
        assert isinstance(here.screen, Welcome)
        assert not here.app._exit


@pytest.mark.parametrize("key", ["x", "space", "tab", "slash", "backspace"])
async def test_any_key_that_is_no_command_begins_a_payment(
    hall: Any, awake: None, key: str
) -> None:
    async with hall() as here:
        await here.pilot.press(key)
        await here.until(Amount)


async def test_a_price_is_agreed_to_with_enter_alone(hall: Any, awake: None) -> None:
    async with hall(price=Money(400, EUR), tip=TipPolicy(ask=False)) as here:
        await here.pilot.press("x", "7", "slash", "space")
        await here.pilot.pause()
        assert isinstance(here.screen, Welcome)
        assert here.bench.terminal.paid == []
