"""Slips as a customer and staff meet them, with a real printer on a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from support.fakes import LOST, NO
from support.printer import NetworkPrinter, network_printer

from kiosk_tui.domain.slip import Condition, Printed, PrinterState, PrintOutcome
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.receipt.escpos import Device, EscPos
from kiosk_tui.receipt.lines import Spell
from kiosk_tui.receipt.receipts import Receipts, Style
from kiosk_tui.text.wording.lane import band
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.result import Result
from kiosk_tui.ui.screens.service.menu import Menu
from kiosk_tui.ui.screens.service.pin import Pin
from kiosk_tui.ui.screens.service.self_test import SelfTest
from kiosk_tui.ui.screens.service.transactions import TransactionList
from kiosk_tui.ui.screens.welcome import Welcome

NO_TIP = TipPolicy(ask=False)


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


@pytest.fixture
def printer() -> Iterator[NetworkPrinter]:
    with network_printer() as built:
        yield built


async def _says(here: Any, words: str) -> None:
    async with asyncio.timeout(10):
        while words not in here.text:
            await here.pilot.pause(0.01)


def _with(here: Any, printer: NetworkPrinter) -> None:
    here.app.journeys.printing.receipts = Receipts(EscPos(Device(printer.url)), Style())


async def _pay(here: Any) -> None:
    await here.pilot.press("5", "0", "0", "enter")
    await here.until(Result)


async def _menu(here: Any) -> None:
    await here.pilot.press("f12")
    await here.until(Pin)
    await here.pilot.press("0", "0", "0", "0", "enter")
    await here.until(Menu)


@pytest.mark.parametrize(("answer", "words"), [(NO, "NOT CHARGED"), (LOST, "BEING REVERSED")])
async def test_a_payment_that_ended_badly_has_a_slip_too(
    hall: Any, printer: NetworkPrinter, answer: Any, words: str
) -> None:
    async with hall(tip=NO_TIP) as here:
        _with(here, printer)
        here.bench.terminal.answer = answer
        await _pay(here)
        await _says(here, "Please take your receipt.")
        assert words in printer.text


async def test_a_printer_without_paper_is_told_before_the_payment_and_costs_nothing(
    hall: Any, printer: NetworkPrinter
) -> None:
    printer.answers[4] = 0x12 | 0x60
    async with hall(tip=NO_TIP) as here:
        _with(here, printer)
        here.app.journeys.printing.look()
        await _says(here, "No receipts at the moment")
        await _pay(here)
        await here.pilot.press("enter")
        await here.until(Welcome)
        assert "No receipts at the moment" in here.text
        printer.answers[4] = 0x12
        here.app.journeys.printing.look()
        await _says(here, "Press any key to start")
        async with asyncio.timeout(10):
            while "No receipts" in here.text:
                await here.pilot.pause(0.01)


async def test_a_printer_that_is_gone_is_told_after_the_payment(
    hall: Any, printer: NetworkPrinter
) -> None:
    async with hall(tip=NO_TIP) as here:
        _with(here, printer)
        printer.resets = True
        printer.close()
        await _pay(here)
        await _says(here, "No receipt was printed: please note the reference.")
        assert here.screen.heading() == "Approved"


async def test_staff_prints_a_slip_again_marked_as_a_duplicate(
    hall: Any, printer: NetworkPrinter
) -> None:
    async with hall(tip=NO_TIP) as here:
        await _pay(here)
        await here.pilot.press("enter")
        await here.until(Welcome)
        _with(here, printer)
        await _menu(here)
        await here.pilot.press("4")
        await here.until(TransactionList)
        await here.pilot.press("1", "1")
        await _says(here, "Please take your receipt.")
        assert "DUPLICATE" in printer.text
        await here.pilot.press("escape", "escape")
        await here.until(Menu)


async def test_the_menu_prints_a_test_slip(hall: Any, printer: NetworkPrinter) -> None:
    async with hall() as here:
        _with(here, printer)
        await _menu(here)
        await here.pilot.press("2")
        await _says(here, "Please take your receipt.")
        assert "Print test" in printer.text
        await here.until(Menu)


async def test_without_a_printer_staff_is_told_so(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        await _pay(here)
        await here.pilot.press("enter")
        await here.until(Welcome)
        await _menu(here)
        await here.pilot.press("4")
        await here.until(TransactionList)
        await here.pilot.press("1", "1")
        await _says(here, "No printer is configured.")


async def test_the_self_test_looks_at_the_printer_too(hall: Any, printer: NetworkPrinter) -> None:
    printer.answers[2] = 0x12 | 0x04
    async with hall() as here:
        _with(here, printer)
        await _menu(here)
        await here.pilot.press("8")
        await here.until(SelfTest)
        await _says(here, "The printer's cover is open.")
        assert here.text.count("good") == 4


async def test_a_cashier_hears_one_truth_about_the_slip(lane: Any, printer: NetworkPrinter) -> None:
    async with lane() as here:
        _with(here, printer)
        await here.types("1255", "enter")
        await here.sees("Approved €12.55", "Paid. Give the customer the slip.")
        printer.answers[4] = 0x12 | 0x60
        await here.types("1300", "enter")
        await here.sees(
            "Approved €13.00", "Paid. No slip was printed: The printer is out of paper."
        )
        assert "Give the customer" not in here.text
        assert "take your receipt" not in here.text
        await here.sees("No receipts at the moment")  # looked at again at once
        printer.answers[4] = 0x12
        await here.types("1400", "enter")
        await here.sees("Approved €14.00", "Give the customer the slip.")
        await here.loses("No receipts at the moment")


async def test_a_cashier_without_a_printer_is_told_to_give_no_slip(lane: Any) -> None:
    async with lane() as here:
        await here.types("1255", "enter")
        await here.sees("Approved €12.55", "Paid. No printer is configured.")
        assert "the slip" not in here.text.replace("By slip", "")


async def test_a_printer_that_never_ends_is_told_as_printing_and_holds_nobody_up(
    lane: Any,
) -> None:
    class Slow:
        async def state(self) -> PrinterState:
            return PrinterState(Condition.READY)

        async def spelling(self) -> Spell:
            return str

        async def print(self, name: str, lines: Sequence[str]) -> PrintOutcome:
            await asyncio.Event().wait()
            return Printed()

    async with lane() as here:
        here.app.journeys.printing.receipts = Receipts(Slow(), Style())
        await here.types("1255", "enter")
        await here.sees("Approved €12.55", "Paid. The slip is being printed.")
        await here.types("700", "enter")
        await here.sees("Approved €7.00")
        assert len(here.bench.terminal.paid) == 2


@pytest.mark.parametrize("refusal", Refusal)
def test_why_an_entry_was_not_begun_is_a_sentence_and_its_detail_is_for_staff(
    refusal: Refusal,
) -> None:
    told = band(NotStarted(refusal, "The journal cannot be used: disk I/O error."), "en", None)
    detail = "For staff: The journal cannot be used: disk I/O error."
    assert "disk" not in told.title + told.what
    assert bool(told.what) == (refusal is not Refusal.INVALID), (
        "what is wrong says more than its kind"
    )
    assert told.then == detail
