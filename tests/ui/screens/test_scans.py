"""Scanners, pastes, noise and lines that stall: nothing that a person did not type on purpose moves money.

What the keyboard's reader tells is posted to the app as the reader does it; the reader has its own tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from support.fakes import EUR, NO, YES
from support.pictures import Gallery
from support.showcase import DONE, SETTINGS, SHOWCASE
from textual import events
from textual.message import Message

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import PaymentOutcome, TerminalState
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.payment.notifications import TerminalTold
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.receipt import qr
from kiosk_tui.session.settings import Mode
from kiosk_tui.ui.driver.typed import Burst, Noise
from kiosk_tui.ui.messages import Approached
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.amount import Amount
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.screens.held import HeldScreen
from kiosk_tui.ui.screens.lane.form import Form
from kiosk_tui.ui.screens.lane.lane import LaneScreen
from kiosk_tui.ui.screens.lane.pick import Pick
from kiosk_tui.ui.screens.lookup import Lookup
from kiosk_tui.ui.screens.presets import Presets
from kiosk_tui.ui.screens.result import Result
from kiosk_tui.ui.screens.service.menu import Menu
from kiosk_tui.ui.screens.service.pin import Pin
from kiosk_tui.ui.screens.tip import TipScreen
from kiosk_tui.ui.screens.tip_typed import TipTyped
from kiosk_tui.ui.screens.waiting import Waiting
from kiosk_tui.ui.screens.welcome import Welcome
from kiosk_tui.ui.widgets.figures import Figures

NO_TIP = TipPolicy(ask=False)
EAN = "4006381333931"
ITF = "100000"
ADDRESS = "https://museum.example/r/140102345"
CARD_REFERENCE = "REF9876543210_2712_0006_411111"
SCANS = (
    "1",
    "1255",
    "4711",
    ITF,
    EAN,
    "12345678901234567890",
    ADDRESS,
    CARD_REFERENCE,
    "",
    "12.55",
)
SCAN = "That was a scan, not an amount."
LOOK = "If that is right, press Enter."


@pytest.fixture(autouse=True)
def awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


async def scans(here: Any, text: str, *, entered: bool = True) -> None:
    here.app.post_message(Burst(text, entered))
    await here.pilot.pause()
    await here.pilot.pause()


async def pastes(here: Any, text: str) -> None:
    here.app.post_message(events.Paste(text))
    await here.pilot.pause()
    await here.pilot.pause()


def _typed(here: Any) -> Money:
    """Return what stands in the field."""
    found: Money = here.screen.typed
    return found


def _slow(outcome: PaymentOutcome = YES) -> tuple[asyncio.Event, Callable[[], Any]]:
    go = asyncio.Event()

    async def answer() -> PaymentOutcome:
        await go.wait()
        return outcome

    return go, answer


# -- every screen ----------------------------------------------------------------------------------


@pytest.mark.journey
async def test_whatever_is_scanned_on_whatever_screen_pays_nothing_and_gives_nothing_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, Message]] = []
    post = Frame.post_message

    def heard(screen: Frame, message: Message) -> bool:
        if type(message).__module__ == "kiosk_tui.ui.messages":
            told.append((name, message))
            return True
        return post(screen, message)

    typed = set()
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        for name in SHOWCASE:
            await gallery.show(name)
            screen = gallery.screen
            told.clear()
            with monkeypatch.context() as watched:
                watched.setattr(Frame, "post_message", heard)
                before = [one.shown for one in screen.query(Figures)]
                for text in SCANS:
                    for entered in (True, False):
                        screen.app.post_message(Burst(text, entered))
                screen.app.post_message(Noise())
                screen.app.post_message(events.Paste("not an amount"))
                await gallery.redrawn()
            assert gallery.screen is screen
            assert [one for _, one in told if not isinstance(one, Approached)] == [], name
            assert all(one.run for _, one in told if isinstance(one, Approached)), name
            if before != [one.shown for one in screen.query(Figures)]:
                typed.add(type(screen))
    assert typed == {Amount, TipTyped, LaneScreen, Lookup}


# -- amounts ---------------------------------------------------------------------------------------


async def test_an_enter_that_came_with_digits_sends_nothing_and_one_of_its_own_does(
    hall: Any,
) -> None:
    async with hall(tip=NO_TIP) as here:
        await scans(here, "1255")
        await here.until(Amount)
        assert _typed(here) == Money(1255, EUR)
        assert LOOK in here.text
        assert here.bench.terminal.paid == []
        await here.pilot.press("enter")
        await here.until(Result)
        (paid,) = here.bench.terminal.orders
        assert paid.amount == Money(1255, EUR)


@pytest.mark.parametrize("text", [EAN, "1234567", ADDRESS, CARD_REFERENCE, "12.55", "١٢٣"])
async def test_what_cannot_be_an_amount_is_refused_with_a_word_and_the_field_stays(
    hall: Any, text: str
) -> None:
    async with hall() as here:
        await scans(here, text)
        assert isinstance(here.screen, Welcome)
        await here.pilot.press("7", "0")
        await here.until(Amount)
        await scans(here, text)
        assert _typed(here) == Money(70, EUR)
        assert SCAN in here.text
        await here.pilot.press("0")
        assert _typed(here) == Money(700, EUR)
        assert SCAN not in here.text


async def test_digits_of_a_line_that_stalls_are_typed_one_after_the_other_or_not_at_all(
    hall: Any,
) -> None:
    async with hall() as here:
        here.app.post_message(Burst("1"))
        here.app.post_message(Burst("25"))
        await here.until(Amount)
        assert _typed(here) == Money(125, EUR)
        assert LOOK not in here.text
        await scans(here, "55", entered=False)
        assert _typed(here) == Money(12_555, EUR)
        await scans(here, "55", entered=False)  # more digits than the largest amount has
        assert _typed(here) == Money(12_555, EUR)
        assert SCAN in here.text


async def test_a_tip_is_typed_like_an_amount(hall: Any) -> None:
    async with hall() as here:
        await here.pilot.press("2", "0", "0", "0", "enter")
        await here.until(TipScreen)
        await scans(here, "4")
        assert isinstance(here.screen, TipScreen)  # a choice is no field
        await here.pilot.press("4")
        await here.until(TipTyped)
        await scans(here, EAN)
        assert SCAN in here.text
        await scans(here, "150")
        assert LOOK in here.text
        await pastes(here, "1,2")
        assert _typed(here) == Money(120, EUR)
        await pastes(here, "1.234")
        assert "This cannot be read as an amount. Paste it like 12.55." in here.text
        await pastes(here, "123.45")
        assert "The highest tip is" in here.text
        assert _typed(here) == Money(120, EUR)
        assert here.bench.terminal.paid == []


async def test_a_scan_begins_nothing_where_the_price_is_fixed_or_offered(hall: Any) -> None:
    async with hall(price=Money(400, EUR), tip=NO_TIP) as here:
        for text in SCANS:
            await scans(here, text)
        await pastes(here, "12.55")
        assert isinstance(here.screen, Welcome)
        assert here.bench.terminal.paid == []


async def test_a_scan_chooses_none_of_the_amounts_that_are_offered(hall: Any) -> None:
    async with hall(presets=(Money(500, EUR), Money(1000, EUR))) as here:
        await scans(here, "12")
        assert isinstance(here.screen, Welcome)
        await here.pilot.press("enter")
        await here.until(Presets)
        for text in SCANS:
            await scans(here, text)
        assert isinstance(here.screen, Presets)


async def test_a_scan_is_somebody_who_is_there_and_only_answers_whether_he_is(hall: Any) -> None:
    async with hall() as here:
        await here.pilot.press("5")
        await here.until(Amount)
        here.screen._hesitated()
        await scans(here, "00")
        assert here.screen._ask is None
        assert _typed(here) == Money(5, EUR)


async def test_a_choice_is_deaf_for_a_scan_as_for_a_key(
    hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(frame, "DEAF_S", 0.3)
    monkeypatch.setattr(frame, "monotonic", lambda: now[0])
    async with hall() as here:
        now[0] += 1
        await here.pilot.press("5", "0", "0")
        await here.until(Amount)
        now[0] += 1
        await here.pilot.press("enter")
        await here.until(TipScreen)
        now[0] += 0.2
        await scans(here, "11")
        now[0] += 0.2
        await here.pilot.press("0")  # who is in the middle of something must let go first
        await here.pilot.pause()
        assert isinstance(here.screen, TipScreen)


# -- pastes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["12,55", "12.55", "€ 12,55", "12,55 EUR\n", "\u200e12.55"])
async def test_an_amount_that_is_pasted_stands_there_and_wants_an_enter(
    hall: Any, text: str
) -> None:
    async with hall() as here:
        await pastes(here, text)
        await here.until(Amount)
        assert _typed(here) == Money(1255, EUR)
        assert LOOK in here.text
        await pastes(here, "99.00")
        assert _typed(here) == Money(9900, EUR)


@pytest.mark.parametrize(
    "text", ["1.234", "1255", "€ 12", "12,55\n13,00", "abc", "", "$12.55", "-5.00"]
)
async def test_a_paste_that_may_be_another_amount_is_refused_with_a_word(
    hall: Any, text: str
) -> None:
    async with hall() as here:
        await pastes(here, text)
        assert isinstance(here.screen, Welcome)
        await here.pilot.press("7", "0")
        await here.until(Amount)
        await pastes(here, text)
        assert _typed(here) == Money(70, EUR)
        assert "This cannot be read as an amount. Paste it like 12.55." in here.text


async def test_a_pasted_amount_with_more_digits_than_there_is_room_for_is_not_cut(
    hall: Any,
) -> None:
    async with hall() as here:
        await pastes(here, "1.234,50")
        assert isinstance(here.screen, Welcome)
        await here.pilot.press("7")
        await here.until(Amount)
        await pastes(here, "1.234,50")
        assert _typed(here) == Money(7, EUR)
        assert "Please type an amount from €1.00 to €500.00" in here.text


# -- references ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *(ADDRESS, "140102345", "140 102 345", "https://museum.example/?id=20261123140102345"),
        *(qr.text(DONE, ""), qr.text(DONE, "https://m.example/{id}/{reference}"), "TXID" + DONE.id),
    ],
)
async def test_the_code_of_a_slip_is_looked_up_once_somebody_presses_enter(
    hall: Any, text: str
) -> None:
    async with hall() as here:
        await here.pilot.press("asterisk")
        await here.until(Lookup)
        await here.pilot.press("9")
        await scans(here, EAN)
        assert "That was a scan, not a reference." in here.text
        assert here.screen._typed == "9"
        await here.pilot.press("backspace")
        await scans(here, text)
        assert here.screen._typed == "140102345"
        assert "This reference is not known here." not in here.text
        await here.pilot.press("enter")
        await here.pilot.pause(0.05)
        assert "This reference is not known here." in here.text


async def test_a_reference_is_typed_over_a_line_that_stalls_and_pasted(hall: Any) -> None:
    async with hall() as here:
        await here.pilot.press("asterisk", "1")
        await here.until(Lookup)
        await scans(here, "40102", entered=False)
        assert here.screen._typed == "140102"
        await scans(here, "34567", entered=False)  # two too many
        assert here.screen._typed == "140102"
        await pastes(here, "Reference 064-420-724.")
        assert here.screen._typed == "064420724"


# -- PINs ------------------------------------------------------------------------------------------


async def test_a_pin_in_one_piece_is_taken_but_not_its_enter(hall: Any) -> None:
    async with hall() as here:
        await here.pilot.press("f12")
        await here.until(Pin)
        await scans(here, ADDRESS)
        await scans(here, "0000")
        assert here.screen._typed == "0000"
        assert LOOK in here.text
        await here.pilot.press("enter")
        await here.until(Menu)
        for text in SCANS:
            await scans(here, text)
        assert isinstance(here.screen, Menu)


async def test_where_no_pin_is_set_a_scan_does_nothing(hall: Any) -> None:
    async with hall(pin_fits=None) as here:
        await here.pilot.press("f12")
        await here.until(Pin)
        for text in SCANS:
            await scans(here, text)
        await pastes(here, "4711")
        assert isinstance(here.screen, Pin)
        assert here.screen._typed == ""


async def test_a_scan_takes_no_register_over() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        for name, pin in (("held", ""), ("held_kiosk", "47")):
            await gallery.show(name)
            screen = gallery.screen
            assert isinstance(screen, HeldScreen)
            for text in ("47", ADDRESS):
                screen.app.post_message(Burst(text, entered=True))
            await gallery.redrawn()
            assert screen._pin == pin


# -- while a payment runs --------------------------------------------------------------------------

BETWEEN: dict[str, Callable[[], Any]] = {
    "noise": Noise,
    "a scan": lambda: Burst(EAN, entered=True),
    "a digit and an Enter in one piece": lambda: Burst("1", entered=True),
    "an Enter twice in one piece": lambda: Burst("", entered=True),
    "a paste": lambda: events.Paste("1"),
}


@pytest.mark.parametrize("what", BETWEEN)
async def test_whatever_comes_between_takes_the_question_back(hall: Any, what: str) -> None:
    async with hall(tip=NO_TIP) as here:
        go, here.bench.terminal.answer = _slow()
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Waiting)
        await here.pilot.press("escape")
        assert "Stop this payment?" in here.text
        assert "Press Enter or 1 within 8 seconds to stop it." in here.text
        here.app.post_message(BETWEEN[what]())
        await here.pilot.pause()
        await here.pilot.press("enter", "1")
        assert "Stop this payment?" not in here.text
        assert not here.screen.given_up
        go.set()
        await here.until(Result)
        assert here.bench.terminal.aborts == 0
        assert here.screen.heading() == "Approved"


@pytest.mark.parametrize(
    "keys", [("escape",), ("x",), ("0",), ("f12",), ("up",), ("tab",), ("full_stop",)]
)
async def test_another_key_or_a_second_escape_means_to_go_on_waiting(
    hall: Any, keys: tuple[str, ...]
) -> None:
    async with hall(tip=NO_TIP) as here:
        go, here.bench.terminal.answer = _slow()
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Waiting)
        await here.pilot.press("enter", "1", "escape", *keys, "enter", "1")
        assert not here.screen.given_up
        assert here.shows("[Esc] stop the payment")
        go.set()
        await here.until(Result)
        assert here.bench.terminal.aborts == 0


@pytest.mark.parametrize("yes", ["enter", "1", "end"])
async def test_the_question_is_answered_in_time_or_goes_away(
    hall: Any, monkeypatch: pytest.MonkeyPatch, yes: str
) -> None:
    now = [1000.0]
    monkeypatch.setattr(frame, "monotonic", lambda: now[0])
    async with hall(tip=NO_TIP) as here:
        go, here.bench.terminal.answer = _slow()
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Waiting)
        await here.pilot.press("escape")
        now[0] += 8.0
        here.screen.show_giving_up()  # what the timer calls
        await here.pilot.press(yes)
        assert "Stop this payment?" not in here.text
        assert not here.screen.given_up
        await here.pilot.press("escape")
        now[0] += 7.9
        await here.pilot.press(yes)
        assert here.screen.given_up
        assert "Stopping the payment. Please wait." in here.text
        go.set()
        await here.until(Result)
        assert here.bench.terminal.aborts == 1


async def test_the_answer_that_comes_while_the_question_stands_wins(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        go, here.bench.terminal.answer = _slow()
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Waiting)
        await here.pilot.press("escape")
        go.set()
        await here.until(Result)
        await here.pilot.press("1")
        assert here.screen.heading() == "Approved"
        assert here.bench.terminal.aborts == 0


async def test_a_card_that_is_read_meanwhile_is_told_once_the_question_has_gone(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        go, here.bench.terminal.answer = _slow()
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Waiting)
        await here.pilot.press("escape")
        here.screen.hear(TerminalTold(TerminalState.CARD_READ))
        await here.pilot.pause()
        assert "Stop this payment?" in here.text
        await here.pilot.press("escape")
        assert "Card read. Please wait and follow the terminal." in here.text
        go.set()
        await here.until(Result)


async def test_a_test_payment_of_the_menu_is_given_up_in_two_acts_too(hall: Any) -> None:
    async with hall() as here:
        go, here.bench.terminal.answer = _slow()
        await here.pilot.press("f12")
        await here.until(Pin)
        await here.pilot.press("0", "0", "0", "0", "enter")
        await here.until(Menu)
        await here.pilot.press("7")
        await here.until(Waiting)
        await here.pilot.press("escape")
        await here.pilot.pause()
        assert here.bench.terminal.aborts == 0
        await here.pilot.press("1")
        assert here.screen.given_up
        go.set()
        await here.until(Result)


# -- the lane --------------------------------------------------------------------------------------


async def test_a_scan_at_the_lane_stands_or_is_refused_and_sends_nothing(lane: Any) -> None:
    async with lane() as here:
        await scans(here, EAN)
        await here.sees(SCAN)
        await scans(here, "1255")
        await here.sees(LOOK)
        assert here.screen._draft.amount == Money(1255, EUR)
        await pastes(here, "€ 7,00")
        assert here.screen._draft.amount == Money(700, EUR)
        await pastes(here, "1.234")
        await here.sees("This cannot be read as an amount.")
        await pastes(here, "123.456,00")
        await here.sees("At most €500.00 can be entered here.")
        assert here.bench.terminal.paid == []
        await here.types("", "enter")
        await here.sees("Approved €7.00")


async def test_digits_that_are_scanned_replace_what_was_offered_and_change_nothing_fixed(
    lane: Any,
) -> None:
    async with lane() as here:
        await here.types("1255", "enter")
        await here.sees("Approved €12.55")
        await here.types("", "f4")
        await here.until(Pick)
        await here.types("1")
        await here.until(LaneScreen)
        await scans(here, "500")
        assert here.screen._draft.amount == Money(500, EUR)
        await here.types("", "escape", "f5")
        await here.until(Pick)
        await here.types("1")
        await here.until(LaneScreen)
        for came in (Burst("500", entered=True), events.Paste("5.00")):
            here.app.post_message(came)
            await here.pilot.pause()
            await here.sees("It is cancelled as a whole: press Enter.")
            assert here.screen._draft.amount == Money(1255, EUR)
        assert len(here.bench.terminal.wire) == 1


@pytest.mark.parametrize("what", BETWEEN)
async def test_at_the_lane_too_giving_up_takes_two_acts(lane: Any, what: str) -> None:
    async with lane() as here:
        go, here.bench.terminal.answer = _slow(NO)
        await here.types("1255", "enter")
        await here.sees("Customer at terminal", "Esc stop the payment")
        await here.types("", "enter", "1", "escape")
        await here.sees("Stop this payment?", "Press Enter or 1 within 8 seconds to stop it.")
        here.app.post_message(BETWEEN[what]())
        await here.loses("Stop this payment?")
        await here.types("", "enter", "1", "escape", "x", "enter", "escape", "escape", "1")
        assert here.bench.terminal.aborts == 0
        await here.types("", "escape", "1")
        await here.sees("Stopping the payment. Please wait.")
        go.set()
        await here.loses("Stopping the payment. Please wait.")
        assert here.bench.terminal.aborts == 1
        here.bench.terminal.answer = YES
        await here.types("700", "enter")
        await here.sees("Approved €7.00")


async def test_noise_between_two_escapes_does_not_leave_the_lane(lane: Any) -> None:
    async with lane() as here:
        for between in (Noise(), Burst(EAN, entered=True), events.Paste("x")):
            await here.types("", "escape")
            here.app.post_message(between)
            await here.types("", "escape")
            await here.pilot.pause()
            assert not here.app._exit
            here.app.post_message(Noise())
            await here.pilot.pause()


async def test_a_scan_picks_no_entry_of_a_list_but_shows_the_one_that_it_names(lane: Any) -> None:
    async with lane() as here:
        for _ in range(3):
            await here.types("500", "enter")
            await here.sees("Approved €5.00")
        ids = here.bench.terminal.paid
        await here.types("", "f5")
        await here.until(Pick)
        await scans(here, f"https://museum.example/?id={ids[0]}")
        assert (here.screen._place, LOOK in here.text) == (2, True)
        await scans(here, "1")
        await here.sees("That was a scan: nothing is scanned here.")
        await scans(here, "https://museum.example/r/999999999")
        await here.sees("The payment of that code is not in this list.")
        assert here.screen._place == 2
        assert isinstance(here.screen, Pick)


async def test_a_form_takes_the_characters_of_a_scan_and_not_its_enter(lane: Any) -> None:
    async with lane() as here:
        await here.types("", "f5")
        await here.until(Pick)
        await here.types("0")
        await here.until(Form)
        await scans(here, "https://museum.example/none")
        await here.sees("That was a scan, not a reference.")
        await scans(here, f"https://museum.example/r/140102345?id={DONE.id}")
        assert here.screen._values[0] == DONE.id
        await here.types("", "down")
        await scans(here, "x1")
        await here.sees("Only digits can be typed here.")
        await scans(here, "8809110599")
        assert here.screen._values == [DONE.id, "88091105", ""]
        await here.sees("That was too long: the end is cut off.")
        assert isinstance(here.screen, Form)
        await here.types("", "escape")
        await here.until(LaneScreen)
        await here.types("", "slash")
        await here.until(Form)
        await pastes(here, "R-1\u200b\t2\n3 ")
        assert here.screen._values[0] == "R-1 2 3"
        await scans(here, "4")
        await here.sees(LOOK)
        await pastes(here, "x" * 20)
        assert len(here.screen._values[0]) == 20
        await here.sees("That was too long: the end is cut off.")
        assert here.bench.terminal.wire == []


async def test_a_register_that_closes_is_no_way_around(hall: Any) -> None:
    async with hall() as here:
        here.app.close_for(Readiness(Obstacle.CLOCK, "1970"))
        await here.pilot.pause()
        for text in SCANS:
            await scans(here, text)
        await pastes(here, "12.55")
        assert not isinstance(here.screen, Amount)
        assert here.app.settings.mode is Mode.KIOSK
