"""A cashier's lane, in a real terminal, against a simulator on a real socket: the ledger is the judge."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import Terminal, running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey

F1, F2, F3, F4, F5 = (f"\x1b[[{letter}" for letter in "ABCDE")
F6, F7, F8, F9, F10, F11, F12 = (f"\x1b[{number}~" for number in (17, 18, 19, 20, 21, 23, 24))
DOWN = "\x1b[B"
REFERENCE = "REF9876543210_2712_0006_411111"
READY = "Type the amount, then Enter."
SLOW = Options(card_s=1000, host_s=0)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@contextlib.contextmanager
def at_the_lane(shop: Installation, **environment: str) -> Iterator[Terminal]:
    arguments = ("--config", str(shop.config), "--mode", "lane")
    with running(*arguments, folder=shop.folder, environment=environment) as terminal:
        yield terminal


def _money(shop: Installation) -> list[int]:
    return [one.minor for one in shop.simulator.ledger.movements]


def _sent(shop: Installation) -> int:
    return len(shop.simulator.ledger.requests)


def _journal(shop: Installation) -> list[Transaction]:
    reader = Reader(shop.journal)
    found = list(reversed(reader.transactions()))
    reader.close()
    return found


def _sells(terminal: Terminal, digits: str, told: str) -> None:
    terminal.hears(f"{digits}\r")
    terminal.wait("+ Approved", told, "Paid.")


# -- each operation ------------------------------------------------------------------------------


def test_a_sale_and_the_next_one_without_leaving_the_screen(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F2  Tip", "F5  Cancel", "F7  Capture", READY)
        _sells(lane, "1255", "€12.55")
        lane.wait("Reference", "Approval", "VISA •••• 1111", "Paid.")
        lane.type("700\r")
        lane.wait("Approved", "€7.00", "Paid.")
    assert _money(shop) == [1255, 700]


def test_a_tip_is_typed_after_the_amount(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F2  Tip")
        lane.hears(f"{F2}1000\r")
        lane.wait("Sale + tip", "Tip on €10.00")
        lane.type("1001\r")
        lane.wait("The highest tip is €10.00")
        assert _sent(shop) == 0
        lane.type("\x7f\x7f\x7f\x7f150\r")
        lane.wait("Approved", "€11.50", "Paid.")
    assert _money(shop) == [1150]


def test_a_refund_with_the_card(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F3  Refund")
        lane.hears(f"{F3}500\r")
        lane.wait("Approved", "€5.00", "Paid back.")
    assert _money(shop) == [-500]


def test_an_earlier_sale_is_refunded_in_parts_and_never_over_its_amount(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F4  By slip")
        _sells(lane, "1255", "€12.55")
        lane.hears(F4)
        lane.wait("Refund slip: of which payment?", "12.55")
        lane.hears("1")
        lane.wait("Still possible: €12.55")
        lane.hears("500\r")
        lane.wait("Approved", "€5.00", "Paid back.")
        lane.hears(F4)
        lane.wait("of which payment?")
        lane.hears("\r")
        lane.wait("Still possible: €7.55")
        before = _sent(shop)
        lane.hears("756\r")
        lane.wait("At most €7.55 of that payment is left.")
        assert _sent(shop) == before
        lane.type("\x7f5\r")
        lane.wait("Approved", "€7.55", "Paid back.")
        lane.hears(f"{F4}")
        lane.wait("of which payment?")
        lane.hears("1")
        lane.wait("is left: it has been refunded or")
        assert _sent(shop) == before + 1
    assert _money(shop) == [1255, -500, -755]


def test_a_sale_is_cancelled_with_three_keys_and_the_screen_follows_it(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F5  Cancel")
        _sells(lane, "1255", "€12.55")
        lane.hears(F5)
        lane.wait("Cancellation: of which payment?")
        lane.hears("1")
        lane.wait("Cancel this payment?", "[Enter] cancel the payment", "[Esc] keep it")
        lane.hears("7")
        lane.wait("It is cancelled as a whole: press Enter.")
        lane.type("\r")
        lane.wait("Cancelled", "€12.55", "The customer owes")
        lane.until(lambda: _journal(shop)[0].state is State.CANCELLED, "a cancellation")
    assert _money(shop) == [1255, -1255]
    assert _journal(shop)[0].state is State.CANCELLED


def test_a_reservation_is_completed_up_to_its_amount_and_once(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F6  Reserve")
        lane.hears(f"{F6}5000\r")
        lane.wait("Approved", "€50.00", "Reserved, not charged.")
        lane.hears(F7)
        lane.wait("Capture: of which payment?")
        lane.hears("1")
        lane.wait("Still possible: €50.00")
        before = _sent(shop)
        lane.hears("5001\r")
        lane.wait("At most €50.00 of that payment is left.")
        assert _sent(shop) == before
        lane.type("\x7f\x7f\x7f\x7f5000\r")
        lane.wait("Approved", "€50.00", "Paid.")
        after = _sent(shop)
        lane.hears(F7)
        lane.wait("of which payment?")
        lane.hears("1")
        lane.wait("is left: it has been refunded or")
        assert _sent(shop) == after
    assert _money(shop) == [5000]


def test_a_sale_by_reference_never_shows_stores_or_logs_the_reference(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F8  No card")
        lane.hears(f"{F8}2000\r")
        lane.wait("No card", "Never type a card number")
        lane.hears(REFERENCE)
        lane.wait("*1111")
        assert "REF98765" not in lane.text
        lane.type("\r")
        lane.wait("Approved", "€20.00", "Paid.")
        written = bytes(lane.written)
    assert _money(shop) == [2000]
    for piece in (REFERENCE, "9876543210", "_2712_"):
        assert piece.encode() not in written
        for path in shop.folder.rglob("*"):
            assert not path.is_file() or piece.encode() not in path.read_bytes(), path


def test_a_card_number_in_place_of_a_reference_is_refused_and_nothing_is_sent(
    shop: Installation,
) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F8  No card")
        lane.hears(f"{F8}2000\r")
        lane.wait("Never type a card number")
        lane.hears("4111111111111111\r")
        lane.wait("A card reference begins with REF, as TECS gave it.")
        assert "4111111111111111" not in lane.text
    assert _sent(shop) == 0


def test_a_balance_where_it_is_allowed(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F8  No card")
        assert "F9" not in lane.text
        lane.hears(F9)
        lane.wait("Balance: not allowed here ([lane] balance).")
    shop.configure(lane="balance = true")
    with at_the_lane(shop) as lane:
        lane.wait("F9  Balance")
        lane.hears(f"{F9}\r")
        lane.wait("Approved", "€0.00", "Balance of the card: €25.00")
    assert _money(shop) == []


def test_a_gratuity_where_it_is_allowed(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F8  No card")
        assert "Gratuity" not in lane.text
        lane.hears("**")
        lane.wait("Gratuity: not allowed here ([lane] gratuity).")
    shop.configure(lane="gratuity = true")
    with at_the_lane(shop) as lane:
        lane.wait("[**] gratuity")
        _sells(lane, "1255", "€12.55")
        lane.type("*")
        lane.wait("[*] Gratuity")
        lane.type("*")
        lane.wait("Gratuity: of which payment?")
        lane.hears("1")
        lane.wait("Tip on €12.55")
        lane.hears("1256\r")
        lane.wait("The highest tip is €12.55")
        lane.type("\x7f\x7f\r")
        lane.wait("Approved", "€0.12", "Paid.")
        lane.hears(DOWN)
        lane.wait("Today, the newest first")
        lane.hears("2")
        lane.wait("[5] Cancel", "[0] Gratuity")
        lane.hears("0")
        lane.wait("carries a tip already.")
        lane.hears(F5)
        lane.wait("Cancellation: of which payment?")
        lane.hears("2")
        lane.wait("Cancel this payment?", "€12.55")
        lane.hears("\r")
        lane.wait("has been tipped by")
    assert _money(shop) == [1255, 12]


def test_every_operation_begins_with_two_keys_of_a_numpad(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("[*] by digit")
        lane.hears("*")
        lane.wait("[2] Tip", "[4] By slip", "[7] Capture", "[8] No card", "[+] Tasks", "[-] Day")
        lane.type("3")
        lane.type("250\r")
        lane.wait("Approved", "€2.50", "Paid back.")
        lane.type("*6900\r")
        lane.wait("Approved", "€9.00", "Reserved")
        lane.hears("*5")
        lane.wait("Cancellation: of which payment?")
        lane.hears(".")
        lane.wait("F2  Tip", "€9.00")
    assert _money(shop) == [-250]


# -- another terminal's ----------------------------------------------------------------------------


def test_a_payment_of_another_terminal_is_refunded_and_cancelled_by_its_number(
    shop: Installation,
) -> None:
    other = {
        "KIOSK_TUI_TERMINAL__NUMBER": "11460019",
        "KIOSK_TUI_TERMINAL__SOURCE_ID": "2",
        "KIOSK_TUI_JOURNAL__PATH": str(shop.folder / "other.db"),
    }
    first, second = (
        json.loads(shop.run("sale", "--amount", amount, "--json", **other).stdout)["id"]
        for amount in ("30.00", "40.00")
    )
    with at_the_lane(shop) as lane:
        lane.wait("F4  By slip")
        for key, number, amount, *told in (
            (F4, first, "1000", "Approved", "€10.00"),
            (F5, f"TXID{second.zfill(20)}", "4000", "Cancelled", "€40.00"),
        ):
            lane.hears(key)
            lane.wait(
                "Today's list has none", "[0] another terminal's"
            ) if key is F4 else lane.wait("of which payment?")
            lane.hears("0")
            lane.wait("Which payment?", "Terminal number")
            lane.hears(f"{number}\r11460019\r2\r")
            lane.wait(READY, "F4  By slip")
            lane.hears(f"{amount}\r")
            lane.wait(*told)
        lane.until(lambda: _money(shop) == [3000, 4000, -1000, -4000], "all that was moved")


def test_a_number_that_is_not_known_is_told_and_nothing_is_sent(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F5  Cancel")
        lane.hears(F5)
        lane.wait("[0] another terminal's")
        lane.hears("0")
        lane.wait("Which payment?")
        lane.hears("20261101120000123\r\r\r")
        lane.wait("20261101120000123 is not known here: give its terminal.")
        lane.type("\x7f" * 20)
        lane.type("12x4\r\r\r")
        lane.wait("'12x4' is no TXID: it has up to 20 digits.")
    assert _sent(shop) == 0


def test_an_earlier_payment_is_found_by_the_reference_on_its_slip(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("F4  By slip")
        _sells(lane, "1255", "€12.55")
        reference = _journal(shop)[0].reference
        lane.hears(F4)
        lane.wait("of which payment?")
        lane.hears("0")
        lane.wait("Which payment?")
        lane.hears(f"{reference}\r\r\r")
        lane.wait("Still possible: €12.55")
        lane.hears("\r")
        lane.wait("Approved", "€12.55", "Paid back.")
    assert _money(shop) == [1255, -1255]


# -- what goes wrong ---------------------------------------------------------------------------------


def test_letters_in_an_amount_and_no_amount_are_told_and_nothing_is_sent(
    shop: Installation,
) -> None:
    with at_the_lane(shop) as lane:
        lane.wait(READY)
        lane.hears("12x")
        lane.wait("'x' is no digit: type amounts in digits.")
        lane.type("\x7f\x7f\r")
        lane.wait("Type an amount first.")
        lane.type("99999999")
        lane.wait("At most €1,000.00 can be entered here.")
    assert _sent(shop) == 0


def test_a_decline_tells_why_and_the_next_amount_can_be_typed(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait(READY)
        lane.hears("8051\r")
        lane.wait("Declined", "€80.51", "The card's limit or")
        _sells(lane, "1255", "€12.55")
    assert _money(shop) == [1255]


def test_giving_up_stops_the_terminal_and_nothing_is_charged(tmp_path: Path) -> None:
    with installed(tmp_path, SLOW) as shop, at_the_lane(shop) as lane:
        lane.wait(READY)
        lane.hears("1255\r")
        lane.wait("Customer at terminal", "[Esc] stop the payment")
        lane.until(lambda: shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
        lane.hears("\x1b")
        lane.wait("Stop this payment?", "Press Enter or 1 within 8 seconds to stop it.")
        lane.hears("1")
        lane.wait("Declined", "€12.55", "The payment was")
        assert _money(shop) == []
        assert _journal(shop)[0].state is State.DECLINED


def test_sales_go_on_while_a_cancellation_is_due_up_to_the_exposure(shop: Installation) -> None:
    shop.configure(
        kiosk='mode = "lane"\nexposure_count = 1\nexposure_amount = "20.00"',
        timeouts="cancel_most_s = 300",
    )
    shop.simulator.queue_fault(Fault.LOSE_CANCELLATIONS, times=3)
    with at_the_lane(shop) as lane:
        lane.wait(READY)
        lane.hears("1255\r")
        lane.wait("Being cancelled", "€12.55", "1 cancellation is due: €12.55", "To cancel 1")
        _sells(lane, "500", "€5.00")
        lane.until(lambda: "cancellation is due" not in lane.text, "no banner")
    assert _money(shop) == [1255, 500, -1255] or sorted(_money(shop)) == [-1255, 500, 1255]


def test_beyond_the_exposure_the_lane_is_closed_and_says_why(shop: Installation) -> None:
    shop.simulator.queue_fault(Fault.LOSE_CANCELLATIONS, times=3)
    with at_the_lane(shop) as lane:
        lane.wait(READY)
        lane.hears("1255\r")
        lane.wait("CLOSED: 1 cancellation is due: €12.55")
        lane.hears("500\r")
        lane.wait("Not started: nothing was sent.", "not yet answered by TECS.")
        lane.until(lambda: "Not started" not in lane.text, "an open lane")
        lane.hears("\r")  # the amount was kept
        lane.wait("Approved", "€5.00", "Paid.")
    assert sum(_money(shop)) == 500


def test_what_needs_a_person_is_a_task_with_what_to_do_and_is_settled_with_a_note(
    shop: Installation,
) -> None:
    shop.simulator.queue_fault(Fault.REFUSE_CANCELLATION)
    with at_the_lane(shop) as lane:
        lane.wait(READY)
        lane.hears("1255\r")
        lane.wait("Task", "€12.55", "Somebody has to look", "Tasks 1")
        lane.hears(F10)
        lane.wait("TECS refuses the cancellation", "pay it back by hand (F3 with the")
        lane.hears("\r")
        lane.wait("What was done about it?")
        lane.hears("\r")
        lane.wait("Please type: Note")
        lane.hears("paid back in cash\r")
        lane.wait("There are no tasks.")
        lane.hears("\x1b")
        lane.wait("F2  Tip", "settled")
        assert "Tasks 1" not in lane.text
    (one,) = _journal(shop)
    assert (one.state, one.note) == (State.SETTLED, "paid back in cash")


# -- who ---------------------------------------------------------------------------------------------


def _hash(shop: Installation, pin: str) -> str:
    return shop.run("config", "pin", stdin=f"{pin}\n").stdout.strip()


@pytest.fixture
def guarded(shop: Installation) -> Installation:
    people = f'people = {{ anna = "{_hash(shop, "1111")}", bernd = "{_hash(shop, "2222")}" }}'
    rights = 'pin = ["refund"]\nsecond_person = ["cancel"]'
    shop.configure(kiosk=f'service_pin_hash = "{_hash(shop, "4711")}"', lane=f"{rights}\n{people}")
    return shop


def _signs_on(lane: Terminal, person: str, pin: str) -> None:
    lane.wait("Who is there?", "Cashier's id")
    lane.hears(f"{person}\r{pin}\r")


def test_a_cashier_signs_on_and_every_entry_carries_the_id_and_who_agreed(
    guarded: Installation,
) -> None:
    with at_the_lane(guarded) as lane:
        _signs_on(lane, "anna", "9999")
        lane.wait("That id or PIN is wrong.")
        assert "9999" not in lane.text
        lane.hears("1111\r")
        lane.wait("Lane", "anna", READY)
        _sells(lane, "1255", "€12.55")
        lane.hears(f"{F3}500\r")
        lane.wait("This needs the service PIN.")
        lane.hears("1111\r")
        lane.wait("That PIN is wrong.")
        assert _money(guarded) == [1255]
        lane.hears("4711\r")
        lane.wait("Approved", "€5.00", "Paid back.")
        lane.hears(F5)
        lane.wait("of which payment?")
        lane.hears("1")
        lane.wait("Cancel this payment?", "€12.55")
        lane.hears("\r")
        lane.wait("This needs a second person")
        lane.hears("anna\r1111\r")
        lane.wait("It has to be another person")
        lane.hears("\x1b[A" + "\x7f" * 4 + "bernd\r2222\r")
        lane.wait("Cancelled", "€12.55")
        lane.hears("\x1b")
        lane.hears("\x1b")
        _signs_on(lane, "bernd", "2222")
        lane.wait("bernd")
        _sells(lane, "700", "€7.00")
    sale, refund, other = _journal(guarded)
    assert [one.order.personal_id for one in (sale, refund, other)] == ["anna", "anna", "bernd"]
    assert sale.state is State.CANCELLED
    reader = Reader(guarded.journal)
    whys = [one.why for one in reader.events(sale.id)]
    reader.close()
    assert "Cancellation asked for by anna+bernd." in whys
    log = (guarded.folder / "kiosk-tui.log").read_text()
    for pin in ("1111", "2222", "4711"):
        assert f"'{pin}'" not in log


def test_guessing_pins_takes_longer_and_longer_and_leaving_the_form_does_not_help(
    guarded: Installation,
) -> None:
    with at_the_lane(guarded) as lane:
        for _ in range(3):
            _signs_on(lane, "anna", "9999")
            lane.wait("That id or PIN is wrong.")
            lane.hears("\x1b[A")
            lane.type("\x7f" * 4)
        lane.hears("anna\r1111\r")
        lane.wait("Too many wrong PINs.")
        lane.leaves()
        assert lane.ended() == 0


def test_a_question_that_is_left_sends_nothing_and_keeps_the_amount(guarded: Installation) -> None:
    with at_the_lane(guarded) as lane:
        _signs_on(lane, "anna", "1111")
        lane.wait(READY)
        lane.hears(f"{F3}500\r")
        lane.wait("This needs the service PIN.")
        lane.hears("\x1b")
        lane.wait("Refund", READY)
        assert _sent(guarded) == 0


# -- beside ------------------------------------------------------------------------------------------


def test_reason_and_receipt_number_go_with_the_entry(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait("[?] keys")
        lane.hears("1255")
        lane.wait(READY)
        lane.hears("/")
        lane.wait("Details of this entry", "Receipt number")
        lane.hears("R-4711\rTwo chairs.\r")
        lane.wait("Receipt no. R-4711   Two chairs.")
        lane.hears("\r")
        lane.wait("Approved", "€12.55")
    (one,) = _journal(shop)
    assert (one.order.receipt_number, one.order.reason) == ("R-4711", "Two chairs.")
    assert _money(shop) == [1255]


def test_whoever_comes_back_sees_how_the_last_one_ended(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait(READY)
        _sells(lane, "1255", "€12.55")
        lane.kill()
    with at_the_lane(shop) as lane:
        lane.wait("ended while nobody was here", "Approval")  # no key after its end
        lane.hears("\r")
        lane.wait("Approved", "€12.55", "Approval")


def test_the_list_tells_all_of_an_entry_prints_it_again_and_leads_to_what_can_follow(
    shop: Installation,
) -> None:
    slips = shop.folder / "slips"
    shop.configure(receipt=f'printer = "text://{slips}"')
    with at_the_lane(shop) as lane:
        lane.wait(READY)
        _sells(lane, "1255", "€12.55")
        lane.wait("Paid. Give")
        (slip,) = slips.iterdir()
        slip.unlink()
        lane.hears(DOWN)
        lane.wait("Today, the newest first")
        lane.hears("1")
        lane.wait("Transaction id", "[1] print again", "[4] By slip", "[5] Cancel")
        lane.hears("1")
        lane.wait("Please take your receipt.")
        assert "DUPLICATE" in slip.read_text()
        lane.hears("5")
        lane.wait("Cancel this payment?", "€12.55")
        lane.hears("\r")
        lane.wait("Cancelled", "€12.55")
        lane.until(lambda: "CANCELLED" in slip.read_text(), "the slip of the cancellation")
    assert sum(_money(shop)) == 0


def test_a_days_end_is_shown_printed_and_exported_and_agrees_with_the_ledger(
    shop: Installation,
) -> None:
    slips = shop.folder / "slips"
    shop.configure(receipt=f'printer = "text://{slips}"')
    with at_the_lane(shop) as lane:
        lane.wait("F11 Day")
        _sells(lane, "1255", "€12.55")
        lane.hears(f"{F3}255\r")
        lane.wait("Approved", "€2.55", "Paid back.")
        lane.hears(F11)
        lane.wait("Day totals", "Sale", "Refund", "€10.00", "VISA")
        lane.hears("1")
        lane.wait("It is printed.")
        lane.hears("2")
        lane.wait("Written beside the journal: totals-", ".csv")
        lane.hears("3")
        lane.wait("Written beside the journal: totals-", ".json")
        code, from_outside = shop.json("totals")  # while the lane holds the journal
        assert (code, from_outside["agrees"]) == (0, True)
        lane.hears("4")
        lane.wait("Nothing happened on this day.")
        lane.hears("\x1b")
        lane.wait("F2  Tip")
    (file,) = shop.folder.glob("totals-*.json")
    day = json.loads(file.read_text())
    (net,) = (one for one in day["totals"] if one["what"] == "net")
    assert net["amount_minor"] == sum(_money(shop)) == 1000
    assert day["agrees"] is True
    assert day["totals"] == from_outside["totals"]
    assert list(slips.glob("totals-*.txt"))


def test_a_lane_is_left_with_escape_twice(shop: Installation) -> None:
    with at_the_lane(shop) as lane:
        lane.wait(READY)
        lane.hears("\x1b")
        lane.wait("[Esc] again leaves the lane.")
        lane.leaves()
        assert lane.ended() == 0


def test_a_digit_costs_few_bytes_and_a_lane_at_rest_none(shop: Installation) -> None:
    with at_the_lane(shop, SSH_CONNECTION="192.0.2.1 50000 192.0.2.2 22") as lane:
        lane.wait(READY)
        lane.quiet()
        for digit in "2593":
            lane.type(digit)
            assert 0 < lane.pump(0.4) <= 170
        assert lane.pump(2.0) == 0
