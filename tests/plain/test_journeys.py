"""A sale in lines, from the first question to the result: the real program in a real terminal."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.talk import Talk, must_be_plain, talking

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal.day_reports import closed_days
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey

SLOW = Options(card_s=1000, host_s=0)


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.fixture
def slow_lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, SLOW) as built:
        yield built


def _only(lobby: Installation) -> Transaction:
    reader = Reader(lobby.journal)
    (only,) = reader.transactions()
    reader.close()
    return only


def _state(lobby: Installation) -> State:
    return _only(lobby).state


def _waits_for_card(talk: Talk, lobby: Installation) -> None:
    talk.terminal.until(lambda: lobby.simulator.terminal.screen is Screen.WAITING_FOR_CARD)


def test_an_amount_is_read_back_a_tip_chosen_and_the_result_told(lobby: Installation) -> None:
    with talking(lobby, "--plain") as talk:
        talk.answers("12,55", to="Amount in EUR")
        talk.answers("", to="You pay 12.55 EUR. Enter to go on, 0 to go back.")
        talk.hears("1: 5%, 0.63 EUR. Total 13.18 EUR", "4: another tip", "0: No tip")
        talk.answers("2", to="2: 10%, 1.26 EUR. Total 13.81 EUR")
        talk.hears("Card please. Hold your card to the reader", "To pay: 13.81 EUR.")
        talk.hears(
            "Approved: 13.81 EUR. Thank you!",
            "Amount 12.55 EUR + tip 1.26 EUR.",
            "Card ending in 1111.",
            "Reference",
        )
        talk.answers("", to="Enter for the next payment.")
        talk.hears("Pay by card", "Amount in EUR")
        assert "DEMO" not in talk.all
    assert [one.minor for one in lobby.simulator.ledger.movements] == [1381]
    assert _state(lobby) is State.APPROVED


def test_a_tip_of_ones_own_and_every_way_back(lobby: Installation) -> None:
    with talking(lobby, "--plain") as talk:
        talk.answers("2000", to="Amount in EUR")
        talk.hears("Please type an amount from 0.01 EUR to 1,000.00 EUR")
        talk.answers("20", to="Amount in EUR")
        talk.answers("0", to="You pay 20.00 EUR")
        talk.answers("30", to="Amount in EUR")
        talk.answers("\x1b[A", to="You pay 30.00 EUR")  # an arrow key is no Enter
        talk.answers("20", to="Amount in EUR")
        talk.answers("", to="You pay 20.00 EUR")
        talk.answers("9", to="number of your choice")
        talk.answers("20", to="Amount in EUR")
        talk.answers("", to="You pay 20.00 EUR")
        talk.answers("4", to="number of your choice")
        talk.answers("0", to="Your tip in EUR. The highest tip is 20.00 EUR.")
        talk.answers("4", to="number of your choice")
        talk.answers("21", to="Your tip in EUR")
        talk.answers("3.5", to="Your tip in EUR")
        talk.hears("To pay: 23.50 EUR.", "Approved: 23.50 EUR.")
    assert [one.minor for one in lobby.simulator.ledger.movements] == [2350]


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("80.51", "Declined: 80.51 EUR. The card's limit or balance does not allow it."),
        ("80.14", "Not paid: 80.14 EUR. The terminal is busy."),
    ],
)
def test_a_decline_tells_the_reason_and_that_nothing_was_charged(
    lobby: Installation, amount: str, reason: str
) -> None:
    with talking(lobby, "--plain") as talk:
        talk.pays(amount)
        talk.hears(reason, "Nothing was charged.", "Reference")
    assert lobby.simulator.ledger.movements == []


def test_a_line_that_comes_at_once_pays_nothing_again_and_enter_is_the_next_customer(
    lobby: Installation,
) -> None:
    with talking(lobby, "--plain") as talk:
        talk.pays("80.51")
        talk.answers("1", to="To pay 80.51 EUR again, type 1, then Enter.")
        talk.answers("", to="To pay 80.51 EUR again, type 1, then Enter.")
        talk.hears("Pay by card")
    assert _state(lobby) is State.DECLINED


def test_a_customer_who_walks_off_from_the_terminal_is_charged_nothing(tmp_path: Path) -> None:
    with installed(tmp_path, Options(card_s=1000, card_timeout_s=0.1)) as lobby:
        with talking(lobby, "--plain") as talk:
            talk.pays("5")
            talk.hears("Not paid: 5.00 EUR. The terminal read no card.", "Nothing was charged.")
        assert lobby.simulator.ledger.movements == []


@pytest.mark.parametrize("how", ["0\n", "\x1b\n", ".\n", "\x03"])
def test_giving_up_stops_the_terminal_and_nothing_is_charged(
    slow_lobby: Installation, how: str
) -> None:
    with talking(slow_lobby, "--plain") as talk:
        talk.pays("5")
        _waits_for_card(talk, slow_lobby)
        talk.terminal.type(how)
        if how != "\x03":  # that one is a command
            talk.answers("1", to="Stop this payment? Type 1, then Enter, within 20 seconds.")
        talk.hears(
            "Stopping the payment. Please wait.",
            "Stopped: 5.00 EUR. You stopped this payment. Nothing was charged.",
        )
    assert slow_lobby.simulator.ledger.movements == []
    assert _state(slow_lobby) is State.DECLINED


def test_a_lost_answer_is_told_and_its_reversal_too(lobby: Installation) -> None:
    lobby.simulator.queue_fault(Fault.DROP_AFTER)
    with talking(lobby, "--plain") as talk:
        talk.pays("12.55")
        talk.hears("Not completed. Nothing to pay.", "Reference")
        talk.hears("Your payment was reversed.")
        talk.answers("", to="Enter for the next payment.")
        talk.hears("Pay by card")
    assert [one.minor for one in lobby.simulator.ledger.movements] == [1255, -1255]


def test_it_is_out_of_service_while_a_cancellation_is_due_and_opens_by_itself(
    lobby: Installation,
) -> None:
    lobby.simulator.queue_fault(Fault.LOSE_CANCELLATIONS, times=2)
    with talking(lobby, "--plain") as talk:
        talk.pays("12.55")
        talk.answers("", to="Enter for the next payment.")
        talk.hears("Out of service.", "An earlier payment is still being reversed.")
        talk.hears("Open again.", "Amount in EUR")
    assert sum(one.minor for one in lobby.simulator.ledger.movements) == 0


def test_it_says_why_it_is_out_of_service_while_the_server_is_away(tmp_path: Path) -> None:
    with installed(tmp_path) as built:
        pass  # its port is free again, and nobody listens there
    with talking(built, "--plain") as talk:
        talk.hears("Out of service.", "cannot be reached. Since", "Trying again.", "For staff:")
        talk.answers("", to="For staff:")
        talk.hears("Out of service")  # told again to whoever asks


def test_a_second_one_on_the_same_journal_waits_and_says_who_holds_it(lobby: Installation) -> None:
    with talking(lobby, "--plain") as first:
        first.hears("Amount in EUR")
        with talking(lobby, "--plain") as second:
            second.hears("Out of service", "cannot keep records", "in use by kiosk-tui run")
            first.terminal.kill()
            second.hears("Open again.", "Amount in EUR")


def test_killed_in_the_middle_it_cancels_when_it_comes_back(slow_lobby: Installation) -> None:
    simulator = slow_lobby.simulator
    with talking(slow_lobby, "--plain") as talk:
        talk.pays("12.55")
        _waits_for_card(talk, slow_lobby)
        talk.terminal.kill()
    assert _state(slow_lobby) is State.AUTHORIZING
    simulator.set_options(abort_works=False)
    simulator.terminal.present_card()  # nobody is there any more, and the card is charged
    simulator.set_options(card_s=0)
    with talking(slow_lobby, "--plain") as talk:
        talk.hears("Pay by card")
    assert [one.minor for one in simulator.ledger.movements] == [1255, -1255]
    assert _state(slow_lobby) is State.CANCELLED


@pytest.mark.parametrize("how", ["hang up", "SIGTERM"])
def test_a_payment_is_finished_and_recorded_when_nobody_listens_any_more(
    slow_lobby: Installation, how: str
) -> None:
    simulator = slow_lobby.simulator
    with talking(slow_lobby, "--plain") as talk:
        talk.pays("12.55")
        _waits_for_card(talk, slow_lobby)
        if how == "SIGTERM":
            os.kill(talk.terminal.pid, signal.SIGTERM)
            talk.terminal.pump(0.3)
        else:
            talk.terminal.hang_up()
        simulator.terminal.present_card()
        assert talk.terminal.ended() == 0
        assert ("Approved: 12.55 EUR." in talk.all) is (how == "SIGTERM")
    assert _state(slow_lobby) is State.APPROVED
    assert [one.minor for one in simulator.ledger.movements] == [1255]


class TestPipes:
    def test_answers_may_be_piped_in_and_the_result_is_told_at_their_end(
        self, lobby: Installation
    ) -> None:
        done = lobby.run("--plain", stdin="12.55\r\n\r\n1\r\n")
        assert done.returncode == 0
        assert "Approved: 13.18 EUR. Thank you!" in done.stdout
        assert done.stderr == ""
        must_be_plain(done.stdout)
        assert [one.minor for one in lobby.simulator.ledger.movements] == [1318]

    def test_no_input_at_all_ends_it_without_a_payment(self, lobby: Installation) -> None:
        done = lobby.run("--plain")
        assert (done.returncode, done.stderr) == (0, "")
        assert lobby.simulator.ledger.requests == []

    def test_the_demo_says_so(self, lobby: Installation) -> None:
        done = lobby.run("--plain", "--demo", stdin="1\n12.55\n\n0\n")
        assert "DEMO - no money moves" in done.stdout
        assert "Approved: 12.55 EUR." in done.stdout

    def test_a_terminal_without_euro_and_accents_is_told_in_its_own_letters(
        self, lobby: Installation
    ) -> None:
        lobby.configure(kiosk='languages = ["en", "fr", "cs"]')
        done = lobby.run("--plain", stdin="1\n12.55\n\n0\n", PYTHONIOENCODING="ascii")
        assert "Language: 1 English, 2 Francais, 3 Cestina" in done.stdout
        assert "Approved: 12.55 EUR." in done.stdout


class TestChoices:
    def test_a_fixed_price_is_paid_with_a_digit_and_never_with_a_held_enter(
        self, lobby: Installation
    ) -> None:
        lobby.configure(kiosk='price = "4.00"', tip="ask = false")
        with talking(lobby, "--plain") as talk:
            for _ in range(5):
                talk.answers("", to="You pay 4.00 EUR. Type 1, then Enter, to go on.")
            talk.answers("1", to="You pay 4.00 EUR")
            talk.hears("Approved: 4.00 EUR.")
        assert [one.minor for one in lobby.simulator.ledger.movements] == [400]

    def test_an_amount_is_chosen_or_another_one_typed(self, lobby: Installation) -> None:
        lobby.configure(kiosk='presets = ["5.00", "10.00"]', tip="ask = false")
        with talking(lobby, "--plain") as talk:
            talk.answers("2", to="2: 10.00 EUR")
            talk.answers("0", to="You pay 10.00 EUR.")
            talk.answers("0", to="0: Other amount")
            talk.answers("7.5", to="Amount in EUR")
            talk.answers("", to="You pay 7.50 EUR.")
            talk.hears("Approved: 7.50 EUR.")
        assert [one.minor for one in lobby.simulator.ledger.movements] == [750]

    def test_whoever_asks_for_an_earlier_payment_hears_what_became_of_it(
        self, lobby: Installation
    ) -> None:
        with talking(lobby, "--plain") as talk:
            talk.pays("12.55")
            talk.answers("", to="Enter for the next payment.")
            talk.answers("*", to="Amount in EUR")
            talk.answers("12", to="nine digits of the reference")
            talk.answers("000000000", to="A reference has nine digits.")
            talk.answers(_only(lobby).reference, to="This reference is not known here.")
            talk.hears("Paid.", "12.55 approved", "Pay by card")
            digits = _only(lobby).reference.replace(" ", "")
            talk.answers("*", to="Amount in EUR")
            talk.answers(f"https://museum.example/r/{digits}", to="nine digits of the reference")
            talk.hears("Paid.", "12.55 approved", "Pay by card")


class TestLanguages:
    def test_amounts_and_the_terminal_follow_the_language_that_was_chosen(
        self, lobby: Installation
    ) -> None:
        lobby.configure(kiosk='languages = ["en", "de"]')
        with talking(lobby, "--plain") as talk:
            talk.answers("7", to="Language: 1 English, 2 Deutsch")
            talk.answers("2", to="Language: 1 English, 2 Deutsch")
            talk.answers("1.000", to="12,55")
            talk.answers("0", to="1.000,00 EUR")
            talk.answers("0", to="12,55")
            talk.answers("2", to="Sprache: 1 English, 2 Deutsch")
            talk.answers("5,50", to="12,55")
            talk.answers("", to="5,50 EUR")
            talk.answers("0", to="3: 15 %, 0,83 EUR")
            talk.answers("", to="1111")
            talk.hears("Pay by card", "Language: 1 English, 2 Deutsch")
        assert _only(lobby).order.language == "de"


class TestNoWayOut:
    def test_nothing_but_the_service_pin_ends_a_kiosk(self, lobby: Installation) -> None:
        pin = lobby.run("config", "pin", stdin="4711\n").stdout.strip()
        lobby.configure(kiosk=f'service_pin_hash = "{pin}"')
        with talking(lobby, "--plain") as talk:
            talk.hears("Amount in EUR")
            # Ctrl-C, Ctrl-D, Ctrl-Z, Ctrl-backslash, Ctrl-Q, Ctrl-S, which must not silence it
            for key in ("\x03", "\x04\n", "\x1a\n", "\x1c\n", "q\n", "\x11\n", "\x13\n"):
                talk.terminal.type(key)
            talk.answers("**", to="Please type an amount")
            talk.answers("1111", to="Service PIN")
            talk.answers("4711", to="That PIN is wrong.")
            talk.answers("9", to="9: leave the program")
            assert talk.terminal.ended() == 0
            assert "4711" not in talk.all

    def test_after_three_wrong_pins_none_is_looked_at_for_a_while(
        self, lobby: Installation
    ) -> None:
        pin = lobby.run("config", "pin", stdin="4711\n").stdout.strip()
        lobby.configure(kiosk=f'service_pin_hash = "{pin}"')
        with talking(lobby, "--plain") as talk:
            talk.answers("\x1b[24~", to="Amount in EUR")  # F12
            for _ in range(3):
                talk.answers("1111", to="Service PIN")
            talk.answers("4711", to="That PIN is wrong.")
            talk.hears("Too many wrong PINs.", "Amount in EUR")

    def test_a_lane_is_left_with_q(self, lobby: Installation) -> None:
        with talking(lobby, "--plain", "--mode", "lane") as talk:
            talk.hears("q, then Enter, leaves the program.")
            talk.answers("q", to="Amount in EUR")
            assert talk.terminal.ended() == 0

    def test_staff_closes_the_business_day(self, lobby: Installation) -> None:
        pin = lobby.run("config", "pin", stdin="4711\n").stdout.strip()
        lobby.configure(kiosk=f'service_pin_hash = "{pin}"')
        with talking(lobby, "--plain") as talk:
            talk.pays("12.55")
            talk.answers("", to="Enter for the next payment.")
            talk.answers("**", to="Amount in EUR")
            talk.answers("4711", to="Service PIN")
            talk.answers("7", to="7: X/Z")
            talk.answers("9", to="9: close the day, 0: back")
            talk.answers("9", to="press 9 once more")
            talk.hears("Z REPORT 1", "12.55")
            talk.answers("0", to="0: back")
            talk.answers("7", to="7: X/Z")
            talk.answers("9", to="9: close the day, 0: back")
            talk.answers("9", to="press 9 once more")
            talk.hears("Nothing has happened since the last day was closed.")
        (closed,) = closed_days(lobby.journal)
        assert [one.net.minor for one in closed.currencies] == [1255]

    def test_staff_settles_what_no_machine_can(self, lobby: Installation) -> None:
        pin = lobby.run("config", "pin", stdin="4711\n").stdout.strip()
        lobby.configure(kiosk=f'service_pin_hash = "{pin}"')
        with talking(lobby, "--plain") as talk:
            talk.pays("90.17")
            talk.answers("", to="Please contact staff")
            talk.answers("**", to="Amount in EUR")
            talk.answers("4711", to="Service PIN")
            talk.answers("5", to="90.17 EUR.")
            talk.answers("q, paid back in cash", to="What was done about it?")
            talk.answers("0", to="there are no tasks.")
            talk.hears("Amount in EUR")
        assert _state(lobby) is State.SETTLED


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_it_comes_by_itself_where_no_cursor_can_be_moved(lobby: Installation, term: str) -> None:
    with talking(lobby, term=term) as talk:
        talk.hears(f"Plain mode, because TERM is '{term}'", "Amount in EUR")
