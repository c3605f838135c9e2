"""What a customer can choose: the language, the colours, an amount that is offered; and more time."""

from __future__ import annotations

from typing import Any

import pytest
from support.fakes import EUR, LOST, NO

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.payment.readiness import ClosingNotice
from kiosk_tui.text.texts import spoken
from kiosk_tui.text.themes import THEMES
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.amount import Amount
from kiosk_tui.ui.screens.base import ASK_S
from kiosk_tui.ui.screens.lookup import Lookup
from kiosk_tui.ui.screens.out_of_service import OutOfService
from kiosk_tui.ui.screens.presets import Presets
from kiosk_tui.ui.screens.result import SHOWN_S, Result
from kiosk_tui.ui.screens.service.pin import Pin
from kiosk_tui.ui.screens.tip import TipScreen
from kiosk_tui.ui.screens.welcome import Welcome
from kiosk_tui.ui.widgets.foot import Foot

NO_TIP = TipPolicy(ask=False)
TWO = ("en", "de_AT")
OFFERED = (Money(500, EUR), Money(1000, EUR))


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


async def _press(here: Any, *keys: str) -> None:
    await here.pilot.press(*keys)
    await here.pilot.pause()


# -- language ------------------------------------------------------------------------------------


async def test_one_key_picks_the_language_for_this_payment_only(hall: Any) -> None:
    async with hall(languages=TWO, tip=NO_TIP) as here:
        assert "English" in here.text
        assert "Deutsch" in here.text
        await _press(here, "plus")
        assert spoken() == "de"
        assert here.shows("Mit Karte zahlen")
        await _press(here, "1", "2", "5", "5")
        await here.until(Amount)
        assert "1,00" in here.text
        await _press(here, "enter")
        await here.until(Result)
        found = await here.bench.on_disk(here.bench.terminal.paid[-1])
        assert found.order.language == "de"  # the terminal speaks it, too
        await _press(here, "enter")
        await here.until(Welcome)
        assert spoken() == "en"


async def test_the_language_can_be_picked_in_the_middle_and_nothing_typed_is_lost(
    hall: Any,
) -> None:
    async with hall(languages=TWO) as here:
        await _press(here, "1", "2", "5", "5")
        await here.until(Amount)
        await _press(here, "plus")
        assert here.screen.typed == Money(1255, EUR)
        await _press(here, "enter")
        await here.until(TipScreen)
        assert spoken() == "de"
        await _press(here, "plus")
        assert spoken() == "en"


async def test_whoever_picked_a_language_and_went_away_leaves_the_kiosk_in_its_own(
    hall: Any,
) -> None:
    async with hall(languages=TWO) as here:
        await _press(here, "plus")
        here.screen._hesitated()
        here.screen._ask_left_s = 1
        here.screen._count_down()
        await here.pilot.pause()
        await here.until(Welcome)
        assert spoken() == "en"


async def test_with_one_language_the_key_does_nothing(hall: Any) -> None:
    async with hall() as here:
        await _press(here, "plus")
        assert spoken() == "en"
        assert "+" not in here.text


# -- colours -------------------------------------------------------------------------------------


async def test_minus_brings_high_contrast_and_takes_it_back(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        await _press(here, "minus")
        assert here.app.color_theme == THEMES["high-contrast"].console
        await _press(here, "5", "0", "0", "enter")
        await here.until(Result)
        assert here.app.color_theme == THEMES["high-contrast"].console
        await _press(here, "enter")
        await here.until(Welcome)
        assert here.app.color_theme == THEMES["standard"].console
        await _press(here, "minus", "minus")
        assert here.app.color_theme == THEMES["standard"].console


# -- price and presets ---------------------------------------------------------------------------


async def test_with_a_fixed_price_nobody_is_asked_for_an_amount(hall: Any) -> None:
    async with hall(price=Money(400, EUR), tip=NO_TIP) as here:
        assert here.shows("\u20ac4.00")
        await _press(here, "7")
        assert isinstance(here.screen, Welcome)
        await _press(here, "enter")
        await here.until(Result)
        found = await here.bench.on_disk(here.bench.terminal.paid[-1])
        assert found.order.amount == Money(400, EUR)


async def test_back_from_the_tip_of_a_fixed_price_is_the_beginning(hall: Any) -> None:
    async with hall(price=Money(400, EUR)) as here:
        await _press(here, "enter")
        await here.until(TipScreen)
        await _press(here, "escape")
        await here.until(Welcome)
        assert here.bench.terminal.paid == []


async def test_an_amount_that_is_offered_is_picked_by_its_digit(hall: Any) -> None:
    async with hall(presets=OFFERED) as here:
        await _press(here, "enter")
        await here.until(Presets)
        await _press(here, "9")  # nothing is offered under this one
        await _press(here, "2")
        await here.until(TipScreen)
        await _press(here, "escape")
        await here.until(Presets)
        await _press(here, "2")
        await here.until(TipScreen)
        await _press(here, "0")
        await here.until(Result)
        found = await here.bench.on_disk(here.bench.terminal.paid[-1])
        assert found.order.amount == Money(1000, EUR)


async def test_another_amount_than_those_offered_can_be_typed(hall: Any) -> None:
    async with hall(presets=OFFERED) as here:
        await _press(here, "enter", "0")
        await here.until(Amount)
        await _press(here, "7", "7", "7", "enter")
        await here.until(TipScreen)
        await _press(here, "escape")
        await here.until(Amount)
        await _press(here, "escape")
        await here.until(Welcome)


# -- more time -----------------------------------------------------------------------------------


async def test_who_hesitates_is_asked_and_any_key_answers_and_does_nothing_else(hall: Any) -> None:
    async with hall() as here:
        await _press(here, "5", "0", "0")
        await here.until(Amount)
        here.screen._hesitated()
        await here.pilot.pause()
        assert here.screen.has_class("asking")
        assert "Do you need more time?" in here.text
        assert f"{ASK_S} seconds" in here.text
        assert here.screen.query_one("#hint", Foot).text == ""
        await _press(here, "enter")
        assert isinstance(here.screen, Amount)
        assert not here.screen.has_class("asking")
        assert here.screen.typed == Money(500, EUR)
        assert "Do you need more time?" not in here.text
        await _press(here, "enter")
        await here.until(TipScreen)


async def test_who_does_not_answer_is_led_back_with_nothing_pending(hall: Any) -> None:
    async with hall() as here:
        await _press(here, "5", "0", "0")
        await here.until(Amount)
        screen = here.screen
        screen._hesitated()
        for _ in range(ASK_S):
            screen._count_down()
        await here.until(Welcome)
        assert here.bench.terminal.paid == []
        assert here.bench.register.due == ()


# -- NumLock -------------------------------------------------------------------------------------


async def test_a_numpad_without_numlock_types_the_same_digits(hall: Any) -> None:
    unlocked = ("end", "down", "pagedown", "left", "5", "right", "home", "up", "pageup", "insert")
    async with hall(amount_max=Money(99_999_999_999, EUR)) as here:
        await _press(here, *unlocked)
        await here.until(Amount)
        assert here.screen.typed.minor == 1234567890


async def test_a_numpad_alone_has_a_key_for_everything_and_the_screens_call_them_so(
    hall: Any,
) -> None:
    async with hall(numpad=True, idle_s=60) as here:
        await _press(here, "1", "2", "5", "6")
        await here.until(Amount)
        assert here.shows("[/] correct")
        assert here.shows("[.] back")
        await _press(here, "slash", "5")
        assert here.screen.typed.minor == 1255
        await _press(here, "delete")  # the point, without NumLock
        await here.until(Welcome)
        await _press(here, "asterisk")
        await here.until(Lookup)
        await _press(here, "asterisk")
        await here.until(Pin)
        assert here.shows("[.] back")


async def test_a_keyboard_s_own_keys_keep_their_names_and_meanings(hall: Any) -> None:
    async with hall() as here:
        await _press(here, "1", "2", "5", "6")
        await here.until(Amount)
        assert here.shows("[<-] correct")
        assert here.shows("[Esc] back")
        await _press(here, "delete", "5")
        assert here.screen.typed.minor == 1255


# -- a result ------------------------------------------------------------------------------------


async def test_a_result_says_how_long_it_stays_and_any_key_makes_it_stay_longer(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        await _press(here, "5", "0", "0", "enter")
        await here.until(Result)
        assert here.text.endswith(f" {SHOWN_S} s")
        for _ in range(SHOWN_S - 1):
            here.screen.count_down()  # what the timer calls: no wall clock decides this test
        await here.pilot.pause()
        assert here.text.endswith(" 1 s")
        await _press(here, "7")
        assert here.text.endswith(f" {SHOWN_S} s")
        for _ in range(SHOWN_S):
            here.screen.count_down()
        await here.until(Welcome)


async def test_nobody_who_asks_after_money_is_told_that_nothing_was_charged(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        paid = await here.bench.pay(1255)
        await here.pilot.pause()
        await _ask_after(here, paid.reference)
        here.screen._hesitated()
        await here.pilot.pause()
        assert "Otherwise back to the beginning in 20 seconds." in here.text
        assert "Nothing was charged" not in here.text
        await _press(here, "7")
        assert "\u20ac12.55 approved" in here.text


# -- where is my money ---------------------------------------------------------------------------


async def _ask_after(here: Any, reference: str) -> None:
    await _press(here, "asterisk")
    await here.until(Lookup)
    await _press(here, *reference.replace(" ", ""), "enter")
    await here.pilot.pause()


async def test_a_customer_reads_that_a_payment_was_approved(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        paid = await here.bench.pay(1255)
        await here.pilot.pause()
        await _ask_after(here, paid.reference)
        assert "\u20ac12.55 approved" in here.text
        assert paid.reference in here.text
        await _press(here, "enter")
        await here.until(Welcome)


async def test_a_customer_reads_that_it_is_being_reversed_even_when_closed(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        here.bench.terminal.answer = LOST
        lost = await here.bench.pay(1255)
        await here.until(OutOfService)
        await _ask_after(here, lost.reference)
        assert "being reversed. 0 attempts so far." in here.text
        await _press(here, "enter")
        await here.until(OutOfService)
        await here.bench.register.replay()
        await here.until(Welcome)
        await _ask_after(here, lost.reference)
        assert "was reversed. Confirmed:" in here.text


async def test_a_customer_reads_why_head_office_has_closed_it(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        notice = ClosingNotice("[b]Back[/b] at noon.", {"de": "Wieder ab 12 Uhr."})
        here.bench.register.closed_by_office(notice)
        await here.until(OutOfService)
        await here.pilot.pause()
        assert "[b]Back[/b] at noon." in here.text
        assert "opens again" not in here.text
        here.bench.register.closed_by_office(ClosingNotice("Back at one."))
        await here.pilot.pause()
        assert "Back at one." in here.text
        assert "noon" not in here.text
        here.bench.register.closed_by_office(None)
        await here.until(Welcome)


async def test_a_customer_reads_that_nothing_was_charged(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        here.bench.terminal.answer = NO
        declined = await here.bench.pay(1255)
        await _ask_after(here, declined.reference)
        assert "Nothing was charged" in here.text


async def test_a_wrong_reference_is_told_and_can_be_corrected(hall: Any) -> None:
    async with hall() as here:
        await _press(here, "asterisk")
        await here.until(Lookup)
        await _press(here, "1", "2", "enter")
        assert "A reference has nine digits." in here.text
        await _press(here, *"3456789", "9", "enter")
        await here.pilot.pause()
        assert "not known here" in here.text
        await _press(here, "backspace")
        assert "not known here" not in here.text
        await _press(here, "escape")
        await here.until(Welcome)
