"""A lane, in one process with its register: what follows from which key and which fact."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from support.fakes import EUR, LOST, NO, YES, order
from support.pictures import Gallery
from support.showcase import SETTINGS as PICTURED
from support.showcase import SHOWCASE
from support.virtual import START

from kiosk_tui.domain.days import DayReport, NothingToCloseError
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import CancelVerdict, PaymentOutcome, TerminalState
from kiosk_tui.domain.rights import Act, Rights
from kiosk_tui.domain.totals import CurrencyTotals, Sum, Totals
from kiosk_tui.payment.notifications import TerminalTold
from kiosk_tui.payment.policy import Exposure
from kiosk_tui.payment.readiness import ClosingNotice
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.lane.day import BusinessDay, Day
from kiosk_tui.ui.screens.lane.entries import EntryRows
from kiosk_tui.ui.screens.lane.form import Form
from kiosk_tui.ui.screens.lane.keys import KeyGrid
from kiosk_tui.ui.screens.lane.lane import LaneScreen
from kiosk_tui.ui.screens.lane.panel import (
    APPROVED,
    ENTRY,
    QUESTION,
    RUNNING,
    STOPPED,
    LanePanel,
)
from kiosk_tui.ui.screens.lane.pick import Pick
from kiosk_tui.ui.screens.lane.tasks import Tasks
from kiosk_tui.ui.screens.service.menu import Menu
from kiosk_tui.ui.screens.service.pin import Pin
from kiosk_tui.ui.widgets.figures import Figures


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


OPEN = Exposure(5, 10_000)


def _slow() -> tuple[asyncio.Event, Callable[[], Any]]:
    go = asyncio.Event()

    async def answer() -> PaymentOutcome:
        await go.wait()
        return YES

    return go, answer


async def test_a_second_enter_sends_nothing_a_second_time(lane: Any) -> None:
    async with lane() as here:
        go, here.bench.terminal.answer = _slow()
        await here.types("1255", "enter", "enter", "enter")
        await here.sees("Customer at terminal")
        await here.types("700", "enter", "f3", "f5", "f10", "f12", "down", "slash")
        assert isinstance(here.screen, LaneScreen)
        go.set()
        await here.sees("Approved €12.55")
        assert len(here.bench.terminal.paid) == 1


async def test_while_a_payment_runs_the_line_of_keys_says_how_it_is_stopped(lane: Any) -> None:
    for remote, told in ((False, "[Esc] stop the payment"), (True, "[Esc] stop")):
        async with lane(remote=remote) as here:
            before = here.screen.hint()
            go, here.bench.terminal.answer = _slow()
            await here.types("1255", "enter")
            await here.sees("Customer at terminal")
            during = here.screen.hint()
            assert during.endswith(told)
            if remote:  # where bytes count, only this is told anew
                assert during.removesuffix(told) == before.removesuffix("[Esc] back")
                assert here.screen.query_one(LanePanel).border_title == "Sale"
            go.set()
            await here.sees("Approved €12.55")
            assert here.screen.hint() == before


async def test_what_the_terminal_says_is_shown_while_it_is_busy(lane: Any) -> None:
    async with lane() as here:
        go, here.bench.terminal.answer = _slow()
        await here.types("1255", "enter")
        await here.sees("Customer at terminal")
        here.app.hear(TerminalTold(TerminalState.CARD_READ))
        await here.sees("+ card read")
        await here.types("", "escape", "enter")
        await here.sees("Stopping the payment. Please wait.")
        async with asyncio.timeout(10):
            while not here.bench.terminal.aborts:
                await here.pilot.pause(0.01)
        assert here.bench.terminal.aborts == 1
        go.set()
        await here.sees("Being cancelled €12.55")


async def test_whoever_leaves_during_a_payment_is_told_that_it_goes_on(lane: Any) -> None:
    async with lane() as here:
        go, here.bench.terminal.answer = _slow()
        await here.types("1255", "enter")
        await here.sees("Customer at terminal")
        await here.types("", "ctrl+d")
        assert "The payment goes on without this screen" in here.text
        assert not here.app._exit
        await here.types("", "ctrl+d")
        assert here.app._exit
        assert here.bench.register.running
        go.set()


async def test_the_band_and_the_list_follow_a_cancellation_that_is_due(lane: Any) -> None:
    async with lane(OPEN) as here:
        here.bench.terminal.answer = LOST
        here.bench.terminal.cancellations = [CancelVerdict.UNANSWERED, CancelVerdict.CONFIRMED]
        await here.types("1255", "enter")
        await here.sees("Being cancelled €12.55", "1 cancellation is due: €12.55")
        here.bench.terminal.answer = YES
        await here.types("500", "enter")
        await here.sees("Approved €5.00", "being cancelled")
        await here.bench.register.replay()
        here.bench.register._recovery.hurry()
        await here.bench.register.replay()
        await here.loses("cancellation is due", "being cancelled")
        assert "Approved €5.00" in here.text
        assert "cancelled" in here.text


async def test_a_lane_that_is_closed_stays_where_it_is_and_says_why(lane: Any) -> None:
    async with lane() as here:
        here.bench.terminal.reachable = False
        await here.bench.register.look()
        await here.sees("CLOSED: The payment service cannot be reached.")
        await here.types("1255", "enter")
        await here.sees("Not started: nothing was sent.")
        assert here.bench.terminal.paid == []
        here.bench.terminal.reachable = True
        await here.bench.register.look()
        await here.types("", "enter")
        await here.sees("Approved €12.55")
        assert "CLOSED" not in here.text


async def test_a_lane_that_head_office_closed_says_its_sentence_and_begins_nothing(
    lane: Any,
) -> None:
    async with lane() as here:
        here.bench.register.closed_by_office(ClosingNotice("Stocktaking until noon."))
        await here.sees("CLOSED: Stocktaking until noon.")
        await here.types("1255", "enter")
        await here.sees("Not started: nothing was sent.")
        assert here.bench.terminal.paid == []
        here.bench.register.closed_by_office(None)
        await here.types("", "enter")
        await here.sees("Approved €12.55")


async def test_escape_takes_back_one_thing_after_the_other(lane: Any) -> None:
    async with lane() as here:
        await here.types("", "f2", "1", "0", "0", "0", "enter", "1", "0")
        assert "Total €10.10" in here.text
        await here.types("", "escape")
        assert "Tip on" not in here.text
        await here.types("", "escape")
        assert here.screen._draft.untouched
        await here.types("", "escape", "5", "backspace", "escape")
        assert not here.app._exit, "a digit in between begins anew"
        await here.types("", "escape")
        await here.pilot.pause()
        assert here.app._exit


async def test_a_completion_of_more_than_was_authorized_is_offered_at_what_was(
    lane: Any,
) -> None:
    async with lane() as here:
        here.bench.register._references._completion_percent = 115
        await here.types("", "f6", "1", "0", "0", "0", "enter")
        await here.sees("Approved €10.00 Reservation")
        await here.types("", "f7")
        await here.until(Pick)
        await here.types("", "enter")
        await here.until(LaneScreen)
        assert "Still possible: €11.50" in here.text
        await here.types("", "enter")
        await here.sees("Approved €10.00 Capture")
        completed = here.bench.terminal.orders[-1]
        assert (completed.operation, completed.amount.minor) == (Operation.COMPLETION, 1000)


async def test_a_sale_that_is_refunded_cannot_be_cancelled_and_the_lane_says_why(
    lane: Any,
) -> None:
    async with lane() as here:
        await here.types("1000", "enter")
        await here.sees("Approved €10.00")
        await here.types("", "f4")
        await here.until(Pick)
        await here.types("1")
        await here.until(LaneScreen)
        await here.types("400", "enter")
        await here.sees("Approved €4.00")
        await here.types("", "f5")
        await here.until(Pick)
        assert here.text.count("approved") == 1, "a refund is no choice"
        await here.types("1")
        await here.until(LaneScreen)
        await here.types("", "enter")
        await here.sees("Not started: nothing was sent.", "has been refunded by")
        assert here.bench.terminal.cancelled == []


async def test_settling_asks_for_what_is_configured_and_keeps_the_note(lane: Any) -> None:
    async with lane(rights=Rights(pin=frozenset({Act.SETTLE}))) as here:
        here.bench.terminal.answer = LOST
        here.bench.terminal.cancellations = [CancelVerdict.REFUSED]
        await here.types("1255", "enter")
        await here.sees("Being cancelled €12.55")
        await here.bench.register.replay()
        await here.sees("Task €12.55", "Tasks 1")
        await here.types("", "f10")
        await here.until(Tasks)
        await here.types("", "enter")
        await here.until(Form)
        await here.types("paid", "enter")
        await here.sees("This needs the service PIN.")
        await here.types("1234", "enter")
        await here.sees("That PIN is wrong.")
        await here.types("0000", "enter")
        await here.until(Tasks)
        await here.sees("There are no tasks.")
        (one,) = await here.bench.register.newest(1)
        assert (one.state, one.note) == (State.SETTLED, "paid")


async def test_tasks_that_change_are_shown_as_they_are(lane: Any) -> None:
    async with lane(OPEN) as here:
        here.bench.terminal.answer = LOST
        here.bench.terminal.cancellations = [CancelVerdict.REFUSED]
        await here.types("1255", "enter")
        await here.sees("Being cancelled €12.55")
        await here.types("", "f10")
        await here.until(Tasks)
        assert "1 cancellation is due: €12.55" in here.text
        await here.bench.register.replay()
        await here.sees("TECS refuses the cancellation", "No cancellation is due.")


async def test_due_cancellations_are_tried_now_when_somebody_asks(lane: Any) -> None:
    async with lane(OPEN) as here:
        here.bench.terminal.answer = LOST
        here.bench.terminal.cancellations = [CancelVerdict.UNANSWERED]
        await here.types("1255", "enter")
        await here.sees("Being cancelled €12.55")
        await here.bench.register.replay()
        await here.types("", "f10")
        await here.until(Tasks)
        await here.types("0")
        await here.until(LaneScreen)
        assert here.bench.register.next_attempt_in_s == 0


async def test_a_journal_that_cannot_be_read_is_told_and_costs_nothing(
    lane: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_day: date) -> Totals:
        raise JournalUnavailableError("The journal has gone.")

    async def gone(*_: object) -> tuple[()]:
        raise JournalUnavailableError("The journal has gone.")

    async with lane(totals=refuse) as here:
        await here.types("", "f11")
        await here.sees("The journal has gone.")
        assert isinstance(here.screen, LaneScreen)
        register = here.bench.register
        monkeypatch.setattr(register, "between", gone)
        monkeypatch.setattr(register, "needs_staff", gone)
        for key in ("f5", "down", "f10"):
            await here.types("", key)
            await here.sees("The journal has gone.")
            assert isinstance(here.screen, LaneScreen)


async def test_a_day_without_a_printer_or_a_disk_says_so(lane: Any) -> None:
    def full(_day: Totals, _form: str) -> str:
        raise OSError(28, "No space left on device")

    async with lane(save_day=full) as here:
        await here.types("", "f11")
        await here.until(Day)
        await here.types("1")
        await here.sees("No printer is configured.")
        await here.types("2")
        await here.sees("The file cannot be written: No space left on device")


async def test_a_business_day_is_closed_by_pressing_twice_and_stays_closed(lane: Any) -> None:
    so_far = DayReport(
        number=None, day=START.date(), opened_at=None, at=START, after=0, last=9, currencies=(),
        late=(), running={}, disagreements=(),
    )  # fmt: skip
    closed: list[DayReport] = []

    def close() -> DayReport:
        if closed:
            raise NothingToCloseError("Nothing.")
        closed.append(replace(so_far, number=12))
        return closed[0]

    async with lane(report_so_far=lambda: so_far, close_day=close) as here:
        await here.types("", "f11")
        await here.until(Day)
        await here.types("7")
        await here.until(BusinessDay)
        await here.types("9")
        await here.sees("press 9 once more")
        assert not closed
        await here.types("9")
        await here.sees("Z 12")
        await here.types("9")
        assert len(closed) == 1
        await here.types("", "escape", "f11")
        await here.until(Day)
        await here.types("7")
        await here.until(BusinessDay)
        await here.types("99")
        await here.sees("Nothing has happened since the last day was closed.")


async def test_a_long_day_is_leafed_through_and_begins_anew_at_its_end(lane: Any) -> None:
    brands = {f"BRAND {number:02}": Sum(1, 100) for number in range(50)}
    nothing: dict[Any, Sum] = {}
    euros = CurrencyTotals(
        EUR, nothing, nothing, Sum(), Sum(), Sum(), nothing, brands, Sum(50, 5000)
    )
    long = Totals(START, START + timedelta(days=1), (euros,), ())
    async with lane(totals=lambda _day: long) as here:
        await here.types("", "f11")
        await here.until(Day)
        first = here.text
        assert "BRAND 00" in first
        assert "€50.00" in str(here.screen.query_one(Figures).shown)
        await here.types("", "enter")
        assert "BRAND 00" not in here.text
        assert "BRAND 15" in here.text
        await here.types("", "pageup", "up")
        assert "BRAND 49" in here.text
        await here.types("", "down")
        assert here.text == first


async def test_the_service_menu_leads_back_to_the_lane_with_a_fresh_list(lane: Any) -> None:
    async with lane() as here:
        await here.types("", "f12")
        await here.until(Pin)
        await here.types("0000", "enter")
        await here.until(Menu)
        await here.bench.register.pay(order(900))
        await here.types("0")
        await here.until(LaneScreen)
        assert "Approved €9.00" in here.text


async def test_the_list_follows_what_happens_while_it_is_read(lane: Any) -> None:
    async with lane(OPEN) as here:
        here.bench.terminal.answer = LOST
        await here.types("1255", "enter")
        await here.sees("Being cancelled €12.55")
        await here.types("", "asterisk", "0")
        await here.until(Pick)
        await here.sees("being cancelled")
        await here.bench.register.replay()
        await here.sees("cancelled")
        await here.types("1")
        await here.sees("cancelled", "1 print again")
        assert "5 cancel" not in here.text, "what is cancelled cannot be cancelled"
        await here.types("5")
        assert isinstance(here.screen, Pick)
        await here.types("1")
        await here.sees("No printer is configured.")
        await here.types("", "escape", "escape")
        await here.until(LaneScreen)


async def test_arrows_and_pages_choose_in_a_long_list(lane: Any) -> None:
    async with lane() as here:
        for minor in range(100, 112):
            await here.bench.register.pay(order(minor))
        await here.types("", "f5")
        await here.until(Pick)
        await here.types("", "down", "down", "up", "pagedown")
        assert here.screen._place == 10
        assert " 1.02 " in here.text
        await here.types("", "pagedown")
        assert here.screen._place == 11
        await here.types("9")
        assert isinstance(here.screen, Pick), "there is no ninth on this page"
        await here.types("3")
        await here.until(LaneScreen)
        assert "Cancel this payment? €1.00" in here.text


async def test_a_decline_is_told_with_its_reason(lane: Any) -> None:
    async with lane() as here:
        here.bench.terminal.answer = NO
        await here.types("1255", "enter")
        await here.sees("Declined €12.55", "The card's limit or balance does not allow it.")


async def test_a_lane_is_told_of_a_printer_that_has_no_paper(lane: Any) -> None:
    async with lane() as here:
        here.screen.tell_printer("No receipts at the moment: note the reference, please.")
        await here.sees("No receipts at the moment")
        here.screen.tell_printer("")
        await here.loses("No receipts")


async def test_what_is_paid_stands_there_and_then_how_it_ended_until_the_next_digit(
    lane: Any,
) -> None:
    async with lane() as here:
        go, here.bench.terminal.answer = _slow()
        panel = here.screen.query_one(LanePanel)
        assert (panel.view.mood, panel.view.faint) == (ENTRY, True)
        await here.types("1255", "enter")
        await here.sees("Customer at terminal €12.55")
        assert panel.view.mood == RUNNING
        go.set()
        await here.sees("Approved €12.55")
        assert panel.view.mood == APPROVED
        await here.types("", "question_mark", "question_mark", "escape")
        assert str(panel.view.amount) == "€12.55"
        await here.types("7")
        assert (panel.view.mood, str(panel.view.amount)) == (ENTRY, "€0.07")


async def test_a_cancellation_is_a_question_that_is_kept_apart_and_may_be_left(lane: Any) -> None:
    async with lane() as here:
        await here.types("1255", "enter")
        await here.sees("Approved €12.55")
        for leaves in (True, False):
            await here.types("", "f5")
            await here.until(Pick)
            await here.types("1")
            await here.until(LaneScreen)
            await here.sees("Cancel this payment? €12.55", "cancel the payment", "keep it")
            view = here.screen.query_one(LanePanel).view
            assert view.mood == QUESTION
            assert here.bench.terminal.paid[0].endswith(view.lines[0][0][0][-11:].replace(" ", ""))
            assert not here.bench.terminal.cancelled
            await here.types("", "escape" if leaves else "enter")
        await here.sees("Being cancelled €12.55")
        await here.bench.register.replay()
        await here.sees("Cancelled €12.55")
        assert here.screen.query_one(LanePanel).view.mood == STOPPED
        assert len(here.bench.terminal.cancelled) == 1


async def test_keys_and_entries_can_be_clicked(lane: Any) -> None:
    async with lane() as here:
        await here.types("1255", "enter")
        await here.sees("Approved €12.55")
        await here.pilot.click(EntryRows, offset=(10, 1))
        await here.until(Pick)
        await here.sees("Transaction id")
        await here.types("", "escape", "escape")
        await here.until(LaneScreen)
        await here.pilot.click(KeyGrid, offset=(30, 1))
        await here.pilot.pause()
        assert here.screen._draft.operation is Operation.REFUND


async def test_all_keys_are_shown_with_what_they_do(lane: Any) -> None:
    async with lane() as here:
        await here.types("", "question_mark")
        for words in ("Refund slip", "Reservation", "Day totals", "Ctrl+D", "by digit"):
            assert words in here.text
        await here.types("", "escape")
        assert "Refund slip" not in here.text
        assert not here.app._exit


@pytest.mark.journey
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 60)], ids=str)
async def test_the_panel_never_moves_and_no_amount_of_the_list_is_cut(
    size: tuple[int, int],
) -> None:
    names = [one for one in SHOWCASE if one.startswith("lane")]
    places = set()
    async with Gallery(size, PICTURED).opened() as gallery:
        for name in names:
            text = "\n".join(strip.text for strip in await gallery.show(name))
            places.add(gallery.screen.query_one(LanePanel).region)
            if name != "lane_keys":
                assert all(amount in text for amount in ("24.90", "-19.21", "140 106 345")), text
    assert len(places) == 1
