"""Behind the PIN: what is unfinished, settling it, and the lock against guessing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.fakes import LOST

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.text.wording.ages import age
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.result import Result
from kiosk_tui.ui.screens.service.menu import Menu
from kiosk_tui.ui.screens.service.pin import Pin
from kiosk_tui.ui.screens.service.settle import Settle
from kiosk_tui.ui.screens.welcome import Welcome


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


async def _to_menu(here: Any) -> None:
    await here.pilot.press("f12")
    await here.until(Pin)
    await here.pilot.press("0", "0", "0", "0", "enter")
    await here.until(Menu)


async def _left_to_staff(here: Any) -> str:
    """Make a payment whose cancellation is refused."""
    here.bench.terminal.answer = LOST
    here.bench.terminal.always = CancelVerdict.REFUSED
    await here.pilot.press("5", "0", "0", "enter")
    await here.until(Result)
    await here.bench.register.replay()
    await here.pilot.pause()
    assert "Please contact staff" in here.text
    await here.pilot.press("enter")
    await here.until(Welcome)
    return str(here.bench.terminal.paid[-1])


async def test_staff_settles_what_no_machine_can_with_a_note(hall: Any) -> None:
    async with hall(tip=TipPolicy(ask=False)) as here:
        transaction_id = await _left_to_staff(here)
        await _to_menu(here)
        assert "task" in here.text
        await here.pilot.press("5")
        await here.until(Settle)
        await here.pilot.press("enter")
        assert "Please type what was done." in here.text
        await here.pilot.press(*"refunded", "full_stop", "4", "x", "backspace", "enter")
        await here.until(Menu)
        found = await here.bench.on_disk(transaction_id)
        assert (found.state, found.note) == (State.SETTLED, "refunded.4")
        assert "there are no tasks" in here.text
        await here.pilot.press("5")  # there is nothing to settle any more
        await here.pilot.press("0")
        await here.until(Welcome)


async def test_leaving_while_a_pin_is_looked_at_does_not_save_the_try(hall: Any) -> None:
    def fits(_pin: str) -> bool:
        return False

    async with hall(pin_fits=fits) as here:
        for _ in range(5):
            await here.pilot.press("f12")
            await here.until(Pin)
            await here.pilot.press("1", "enter", "escape")
            await here.until(Welcome)
        assert here.app.journeys.service_tries.locked_s(frame.monotonic())


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(minutes=-5), "0 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=9), "9 days"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(span: timedelta, text: str) -> None:
    assert age(span) == text
