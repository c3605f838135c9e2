"""Each choice of the service menu does what it says, and the log says that it was made."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest
from support.fakes import LOST, YES, order
from support.virtual import START

from kiosk_tui.domain.days import DayReport, NothingToCloseError
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.session.settings import LaneSettings
from kiosk_tui.ui.exit_codes import RESTART
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.out_of_service import OutOfService
from kiosk_tui.ui.screens.result import Result
from kiosk_tui.ui.screens.service.menu import Menu
from kiosk_tui.ui.screens.service.pin import Pin
from kiosk_tui.ui.screens.service.self_test import SelfTest
from kiosk_tui.ui.screens.service.service_day import ServiceDay
from kiosk_tui.ui.screens.service.transactions import TransactionList
from kiosk_tui.ui.screens.welcome import Welcome
from kiosk_tui.ui.widgets.key_tile import KeyTile


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


@pytest.fixture(autouse=True)
def _logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


async def _menu(here: Any) -> None:
    await here.pilot.press("f12")
    await here.until(Pin)
    await here.pilot.press("0", "0", "0", "0", "enter")
    await here.until(Menu)


async def _says(here: Any, words: str) -> None:
    async with asyncio.timeout(10):
        while words not in here.text:
            await here.pilot.pause(0.01)


def _refuse(*_: object) -> None:
    raise JournalUnavailableError("The journal cannot be read: disk I/O error.")


async def test_the_journal_is_leafed_through_and_each_line_opened(
    hall: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with hall() as here:
        references = []
        for minor in range(100, 1300, 100):
            paid = await here.bench.pay(minor)
            references.append(paid.reference)
        await _menu(here)
        await here.pilot.press("4")
        await here.until(TransactionList)
        await _says(here, "Journal, the newest first")
        assert references[-1] in here.text
        assert references[0] not in here.text
        await here.pilot.press("enter")
        await _says(here, references[0])
        await here.pilot.press("enter")  # there is no older page
        await here.pilot.press("3")
        await _says(here, f"Reference {references[0]}")
        assert "€1.00" in here.text
        assert "123456" in here.text
        await here.pilot.press("9")  # nothing is behind that now
        await here.pilot.press("escape")
        await _says(here, "Journal, the newest first")
        await here.pilot.press("backspace")
        await _says(here, references[-1])
        await here.pilot.press("backspace", "escape")
        await here.until(Menu)
    assert "service: the journal is read" in caplog.messages


async def test_an_empty_journal_says_so(hall: Any) -> None:
    async with hall() as here:
        await _menu(here)
        await here.pilot.press("4")
        await here.until(TransactionList)
        await here.pilot.press("1", "enter", "backspace")
        assert "The journal is empty." in here.text


async def test_a_journal_that_cannot_be_read_is_told_in_the_menu(
    hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hall() as here:
        monkeypatch.setattr(here.bench.store, "newest", _refuse)
        monkeypatch.setattr(here.bench.store, "in_states", _refuse)
        await _menu(here)
        await here.pilot.press("4")
        await _says(here, "The journal cannot be read: disk I/O error.")


async def test_what_is_due_can_be_tried_at_once(
    hall: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with hall() as here:
        terminal, register = here.bench.terminal, here.bench.register
        terminal.answer = LOST
        terminal.always = CancelVerdict.UNANSWERED
        await register.start()
        lost = await register.pay(order())
        await here.until(OutOfService)
        for _ in range(8):  # until the pause between two attempts is long
            register._recovery.hurry()
            await asyncio.sleep(0)
            await here.pilot.pause()
        waited = register.next_attempt_in_s
        assert waited is not None
        await _menu(here)
        assert "being cancelled" in here.text
        terminal.always = CancelVerdict.CONFIRMED
        await here.pilot.press("1")
        await here.until(Welcome)
        assert (await here.bench.on_disk(lost.id)).state is State.CANCELLED
    assert "service: what is due is tried now" in caplog.messages


async def test_a_test_payment_is_cancelled_and_is_told_as_a_customer_would_be(
    hall: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with hall() as here:
        here.bench.terminal.answer = YES
        await _menu(here)
        await here.pilot.press("7")
        await here.until(Result)
        assert "Nothing to pay." in here.text
        (paid,) = here.bench.terminal.orders
        assert (paid.amount.minor, paid.reason) == (100, "TEST")
        await here.bench.register.replay()
        await _says(here, "Your payment was reversed.")
    assert "service: a test payment" in caplog.messages


async def test_the_self_test_names_what_is_not_good(
    hall: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with hall() as here:
        await _menu(here)
        here.bench.terminal.reachable = False
        await here.pilot.press("8")
        await here.until(SelfTest)
        await _says(here, "LOOK")
        assert "good Journal It can be written." in here.text
        assert "LOOK Payment service looked" in here.text
        await here.pilot.press("escape")
        await here.until(Menu)
    assert "service: a self-test" in caplog.messages


async def test_a_wrong_configuration_is_told_and_the_program_goes_on(hall: Any) -> None:
    wrong = "Setting kiosk.theme: 'neon' is no theme."
    async with hall(what_is_wrong=lambda: wrong) as here:
        await _menu(here)
        await here.pilot.press("6")
        await _says(here, wrong)
        assert here.app.is_running


async def test_a_good_configuration_is_taken_up_by_beginning_anew(
    hall: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with hall() as here:
        await _menu(here)
        await here.pilot.press("6")
        await here.pilot.pause()
        assert here.app.return_value == RESTART
    assert "service: the program begins anew" in caplog.messages


async def test_staff_leaves_and_the_log_says_so(
    hall: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with hall() as here:
        await _menu(here)
        await here.pilot.press("9")
        await here.pilot.pause()
        assert here.app.return_value == 0
    assert "service: the program is left" in caplog.messages


async def test_where_nobody_may_leave_the_key_is_not_there_and_does_nothing(hall: Any) -> None:
    async with hall(may_leave=False) as here:
        await _menu(here)
        assert "end the program" not in here.text
        await here.pilot.press("9", "5", "2")
        assert isinstance(here.screen, Menu)
        assert here.app.is_running
        await here.pilot.press("0")
        await here.until(Welcome)


async def test_the_keys_lie_as_on_the_numpad(hall: Any) -> None:
    async with hall() as here:
        await _menu(here)
        places = {tile._key: (tile.region.y, tile.region.x) for tile in here.screen.query(KeyTile)}
        assert sorted(places, key=places.__getitem__) == list("7894561230")
        assert {x for _, x in (places[key] for key in "7410")} == {places["7"][1]}


async def test_what_cannot_be_done_is_dim_and_its_key_does_nothing(hall: Any) -> None:
    async with hall() as here:
        await _menu(here)
        assert "no printer" in here.text
        for key in "523":  # no task, no printer, no other language
            await here.pilot.press(key)
            assert isinstance(here.screen, Menu)


async def test_a_tile_is_clicked_as_its_key_is_pressed(hall: Any) -> None:
    async with hall() as here:
        await _menu(here)
        journal = next(one for one in here.screen.query(KeyTile) if one._key == "4")
        await here.pilot.click(journal)
        await here.until(TransactionList)


async def test_the_menu_speaks_the_next_language(hall: Any) -> None:
    async with hall(languages=("en", "de")) as here:
        await _menu(here)
        await here.pilot.press("3")
        await _says(here, "Sprache")
        assert "Deutsch" in here.text


async def test_how_much_was_paid_today_is_told_and_nothing_where_nobody_can_say(
    hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hall(now=lambda: START) as here:
        await here.bench.pay(100)
        await here.bench.pay(200)
        await _menu(here)
        assert "today: 2" in here.text
        await here.pilot.press("0")
        await here.until(Welcome)
        monkeypatch.setattr(here.bench.store, "newest", _refuse)
        await _menu(here)
        assert "today" not in here.text


async def test_the_business_day_is_closed_behind_the_journal_by_pressing_twice(
    hall: Any, caplog: pytest.LogCaptureFixture
) -> None:
    closed: list[DayReport] = []

    def so_far() -> DayReport:
        return DayReport(
            number=None, day=START.date(), opened_at=None, at=START, after=0, last=9, currencies=(),
            late=(), running={}, disagreements=(),
        )  # fmt: skip

    def close() -> DayReport:
        if closed:
            raise NothingToCloseError("Nothing.")
        closed.append(replace(so_far(), number=12))
        return closed[0]

    days = LaneSettings(report_so_far=so_far, close_day=close)
    async with hall(days=lambda: days) as here:
        for word in ("Z 12", "Nothing has happened since the last day was closed."):
            await _menu(here)
            await here.pilot.press("4")
            await here.until(TransactionList)
            await _says(here, "X/Z")
            await here.pilot.press("0")
            await here.until(ServiceDay)
            await _says(here, "So far")
            await here.pilot.press("9")
            await _says(here, "press 9 once more")
            await here.pilot.press("9")
            await _says(here, word)
            if word == "Z 12":
                await here.pilot.press("9", "escape")
            await here.until(Menu)
            await here.pilot.press("0")
            await here.until(Welcome)
    assert len(closed) == 1
    assert "service: the business day is closed" in caplog.text


async def test_nobody_leaves_the_business_day_open_to_a_customer(hall: Any) -> None:
    async with hall() as here:
        await _menu(here)
        await here.pilot.press("4")
        await here.until(TransactionList)
        await here.pilot.press("0")
        await here.until(ServiceDay)
        assert here.screen._idle is not None  # its time runs
        here.screen._hesitated()
        await here.until(Welcome)


async def test_a_day_that_cannot_be_read_is_told_in_the_menu(hall: Any) -> None:
    days = LaneSettings(report_so_far=_refuse, close_day=_refuse)  # type: ignore[arg-type]
    async with hall(days=lambda: days) as here:
        await _menu(here)
        await here.pilot.press("4")
        await here.until(TransactionList)
        await here.pilot.press("0")
        await here.until(Menu)
        await _says(here, "disk I/O error")
