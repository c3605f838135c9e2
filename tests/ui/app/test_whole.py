"""The whole program, in a real terminal, against a simulator on a real socket."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from support.installation import Installation, installed
from support.terminal import Terminal, running

from kiosk_tui.domain.lifecycle import State
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


def _to_waiting(terminal: Terminal) -> None:
    terminal.wait("Pay by card")
    terminal.hears("1")
    terminal.wait("How much would you like to pay?")
    terminal.hears("255\r")
    terminal.wait("add a tip")
    terminal.hears("0")
    terminal.wait("Card please")


def _state(lobby: Installation) -> State:
    reader = Reader(lobby.journal)
    (only,) = reader.transactions()
    reader.close()
    return only.state


def test_the_demo_takes_a_payment_from_the_first_key_to_the_result(tmp_path: Path) -> None:
    with running(folder=tmp_path) as terminal:
        terminal.wait("Pay by card", "DEMO")
        terminal.hears("1")
        terminal.wait("How much would you like to pay?", "DEMO")
        terminal.hears("255\r")
        terminal.wait("add a tip", "10%", "€1.26", "€13.81", "DEMO")
        terminal.hears("2")
        terminal.wait("Card please", "€13.81", "DEMO")
        terminal.wait("Thank you", "€13.81", "Approved", "Card •••• 1111", "Reference", "DEMO")
        terminal.hears("\r")
        terminal.wait("Pay by card")
        terminal.hears("\x1b[24~")
        terminal.wait("Service PIN")
        terminal.hears("0000\r")
        terminal.wait("end the program")
        terminal.hears("9")
        assert terminal.ended() == 0


def test_whoever_types_fast_loses_no_digit(lobby: Installation) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        for _ in range(3):
            terminal.wait("Pay by card")
            terminal.type("1379")
            terminal.wait("How much would you like to pay?")
            terminal.hears("\r")
            terminal.wait("add a tip", "Amount €13.79")
            terminal.hears("\x1b")
            terminal.wait("How much would you like to pay?")
            terminal.hears("\x1b")


def test_a_configured_kiosk_charges_the_tip_and_says_nothing_of_a_demo(lobby: Installation) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("2")
        terminal.wait("How much would you like to pay?")
        terminal.hears("000\r")
        terminal.wait("add a tip")
        terminal.hears("1")
        terminal.wait("Thank you", "€21.00")
        assert "DEMO" not in terminal.text
    (movement,) = lobby.simulator.ledger.movements
    assert movement.minor == 2100


def test_a_decline_tells_the_reason_in_our_words(lobby: Installation) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("8")
        terminal.wait("How much would you like to pay?")
        terminal.hears("055\r")
        terminal.wait("add a tip")
        terminal.hears("0")
        terminal.wait("Declined", "The PIN was wrong.", "Nothing was charged.", "Reference")
        assert "WRONG PIN" not in terminal.text


def test_giving_up_stops_the_terminal_and_nothing_is_charged(slow_lobby: Installation) -> None:
    with running("--config", str(slow_lobby.config), folder=slow_lobby.folder) as terminal:
        _to_waiting(terminal)
        terminal.until(lambda: slow_lobby.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
        terminal.hears("\x1b")
        terminal.wait("Stop this payment?", "Press Enter or 1 within 8 seconds to stop it.")
        terminal.hears("\r")
        terminal.wait("Stopped", "You stopped this payment. Nothing was charged.")
    assert slow_lobby.simulator.ledger.movements == []
    assert _state(slow_lobby) is State.DECLINED


def test_one_escape_gives_nothing_up_nor_do_two(slow_lobby: Installation) -> None:
    with running("--config", str(slow_lobby.config), folder=slow_lobby.folder) as terminal:
        _to_waiting(terminal)
        terminal.until(lambda: slow_lobby.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
        for _ in range(2):
            terminal.hears("\x1b")
            terminal.wait("Stop this payment?", "[Enter] stop the payment", "[Esc] go on waiting")
            terminal.hears("\x1b")
            terminal.wait("Card please", "[Esc] stop the payment")
        terminal.hears("\r")
        terminal.hears("1")
        slow_lobby.simulator.terminal.present_card()
        terminal.wait("Approved", "€12.55")
    assert [one.minor for one in slow_lobby.simulator.ledger.movements] == [1255]


def test_a_pasted_amount_is_paid_with_an_enter_of_its_own(lobby: Installation) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("\x1b[200~\u20ac 12,55\r\n\x1b[201~")
        terminal.wait("How much would you like to pay?", "If that is right, press Enter.")
        assert lobby.simulator.ledger.movements == []
        terminal.hears("\x1b[200~1.234\x1b[201~")
        terminal.wait("This cannot be read as an amount. Paste it like 12.55.")
        terminal.hears("\r")
        terminal.wait("add a tip", "Amount €12.55")
        terminal.hears("0")
        terminal.wait("Approved", "€12.55")


def test_on_a_small_display_the_amount_is_read_at_every_step(slow_lobby: Installation) -> None:
    config = str(slow_lobby.config)
    with running("--config", config, folder=slow_lobby.folder, columns=40, rows=15) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("1")
        terminal.wait("How much would you like to pay?")
        terminal.hears("255")
        terminal.wait("12.55")
        terminal.hears("\r")
        terminal.wait("Amount €12.55", "10%  + €1.26  €13.81")
        terminal.hears("2")
        terminal.wait("Card please", "€13.81")
        terminal.until(lambda: slow_lobby.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
        terminal.hears("\x1b")
        terminal.wait("Stop this payment?", "within 8 seconds", "13.81")
        terminal.hears("\x1b")
        terminal.wait("[Esc] stop the payment", "13.81")
        slow_lobby.simulator.terminal.present_card()
        terminal.wait("Approved", "13.81")
    assert [one.minor for one in slow_lobby.simulator.ledger.movements] == [1381]


def test_a_lost_answer_is_told_as_not_completed_and_reversed_while_the_customer_looks(
    lobby: Installation,
) -> None:
    lobby.simulator.queue_fault(Fault.LOSE_CANCELLATIONS, times=1)
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        _to_waiting_or_further(terminal)
        terminal.wait("Not completed", "Nothing to pay", "Reference")
        terminal.wait("Your payment was reversed.")
        terminal.hears("\r")
        terminal.wait("Pay by card")
    charged, reversed_ = lobby.simulator.ledger.movements
    assert (charged.minor, reversed_.minor) == (1255, -1255)


def _to_waiting_or_further(terminal: Terminal) -> None:
    terminal.wait("Pay by card")
    terminal.hears("1")
    terminal.wait("How much would you like to pay?")
    terminal.hears("255\r")
    terminal.wait("add a tip")
    terminal.hears("0")


def test_a_kiosk_killed_while_waiting_cancels_when_it_comes_back(slow_lobby: Installation) -> None:
    simulator = slow_lobby.simulator
    with running("--config", str(slow_lobby.config), folder=slow_lobby.folder) as terminal:
        _to_waiting(terminal)
        terminal.until(lambda: simulator.terminal.screen is Screen.WAITING_FOR_CARD)
        terminal.kill()
    assert _state(slow_lobby) is State.AUTHORIZING
    simulator.set_options(abort_works=False)
    simulator.terminal.present_card()  # nobody is there any more, and the card is charged
    slow_lobby.simulator.set_options(card_s=0)
    with running("--config", str(slow_lobby.config), folder=slow_lobby.folder) as terminal:
        terminal.wait("Pay by card")
    assert [one.minor for one in simulator.ledger.movements] == [1255, -1255]
    assert _state(slow_lobby) is State.CANCELLED


def test_it_is_out_of_service_while_a_cancellation_is_due_and_opens_by_itself(
    lobby: Installation,
) -> None:
    lobby.simulator.queue_fault(Fault.LOSE_CANCELLATIONS, times=2)
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        _to_waiting_or_further(terminal)
        terminal.wait("Not completed")
        terminal.hears("\r")
        terminal.wait("Out of service", "An earlier payment is still being reversed")
        terminal.type("5")
        terminal.wait("Pay by card")
    assert sum(one.minor for one in lobby.simulator.ledger.movements) == 0


def test_it_is_out_of_service_while_the_server_is_away(tmp_path: Path) -> None:
    with installed(tmp_path) as built:
        pass  # its port is free again, and nobody listens there
    with running("--config", str(built.config), folder=tmp_path) as terminal:
        terminal.wait("Out of service", "cannot be reached", "opens again by itself")


def test_a_second_kiosk_on_the_same_journal_waits_and_says_who_holds_it(
    lobby: Installation,
) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as first:
        first.wait("Pay by card")
        with running("--config", str(lobby.config), folder=lobby.folder) as second:
            second.wait("Out of service", "in use by kiosk-tui run")
            first.kill()
            second.wait("Pay by card")


class TestNoWayOut:
    KEYS = (
        "\x03",  # ctrl-c
        "\x04",
        "\x11",  # ctrl-q
        "\x10",  # ctrl-p, the palette
        "\x1a",  # ctrl-z
        "\x1c",  # ctrl-backslash
        "\x1b",
        "q",
        "\t",
        "\x1b[11~",
        "\x1bOP",
        "\x1b[21~",
        "\x1bc",
        "\x1b[200~paste\x1b[201~",
    )

    def test_no_key_but_the_service_pin_ends_a_kiosk(self, lobby: Installation) -> None:
        with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
            terminal.wait("Pay by card")
            for key in self.KEYS:
                terminal.hears(key)
            terminal.pump(0.5)
            assert terminal.shows("Pay by card")
            terminal.hears("\x1b[24~")
            terminal.wait("No service PIN is set")
            terminal.hears("\r")
            terminal.hears("\x1b")
            terminal.wait("Pay by card")

    def test_a_wrong_pin_opens_nothing_and_the_sixth_try_is_not_even_looked_at(
        self, lobby: Installation
    ) -> None:
        pin = lobby.run("config", "pin", stdin="4711\n").stdout.strip()
        lobby.configure(kiosk=f'service_pin_hash = "{pin}"')
        with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
            terminal.wait("Pay by card")
            terminal.hears("\x1b[24~")
            terminal.wait("Service PIN")
            for _ in range(5):
                terminal.hears("1111\r")
                terminal.wait("That PIN is wrong.")
                terminal.type("9")
            terminal.hears("\x08" * 12)
            terminal.hears("4711\r")
            terminal.wait("Too many wrong PINs")

    def test_the_right_pin_opens_the_way_out(self, lobby: Installation) -> None:
        pin = lobby.run("config", "pin", stdin="4711\n").stdout.strip()
        lobby.configure(kiosk=f'service_pin_hash = "{pin}"')
        with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
            terminal.wait("Pay by card")
            terminal.hears("\x1b[24~")
            terminal.wait("Service PIN")
            terminal.hears("4711\r")
            terminal.wait("end the program")
            terminal.hears("9")
            assert terminal.ended() == 0

    def test_a_technician_s_register_is_left_with_escape(self, lobby: Installation) -> None:
        with running(
            "--config", str(lobby.config), "--mode", "technician", folder=lobby.folder
        ) as terminal:
            terminal.wait("Technician's bench", "The register is ready.", "[Esc] leave")
            terminal.leaves()
            assert terminal.ended() == 0


@pytest.mark.parametrize("how", ["hang up", "SIGTERM"])
def test_a_payment_is_finished_and_recorded_when_the_screen_goes_away(
    slow_lobby: Installation, how: str
) -> None:
    simulator = slow_lobby.simulator
    with running("--config", str(slow_lobby.config), folder=slow_lobby.folder) as terminal:
        _to_waiting(terminal)
        terminal.until(lambda: simulator.terminal.screen is Screen.WAITING_FOR_CARD)
        if how == "SIGTERM":
            os.kill(terminal.pid, signal.SIGTERM)
            terminal.pump(1.0)
        else:
            terminal.hang_up()
        simulator.terminal.present_card()
        assert terminal.ended() == 0
    assert _state(slow_lobby) is State.APPROVED
    assert [one.minor for one in simulator.ledger.movements] == [1255]


def test_a_missing_key_ends_it_with_one_sentence(lobby: Installation) -> None:
    (lobby.folder / "authkey").unlink()
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        assert terminal.ended() == 78
        assert "auth.key_file" in terminal.text


def test_a_kiosk_whose_authorities_cannot_be_read_stays_closed_and_comes_back(
    lobby: Installation,
) -> None:
    lobby.configure(terminal='ca_file = "ca.pem"')
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        terminal.wait("cannot be reached")
        trustme.CA().cert_pem.write_to_path(lobby.folder / "ca.pem")
        terminal.wait("Pay by card")


def test_a_wrong_configuration_ends_it_with_one_sentence(lobby: Installation) -> None:
    lobby.configure(kiosk='mode = "bank"')
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        assert terminal.ended() == 78
        assert "kiosk.mode" in terminal.text


def test_a_held_enter_key_pays_nothing(lobby: Installation) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        for _ in range(40):
            terminal.type("\r")
            terminal.pump(0.05)
        terminal.quiet()
        assert terminal.shows("How much would you like to pay?")
    assert lobby.simulator.ledger.requests == []


@pytest.mark.parametrize(
    ("over", "most"), [({"SSH_TTY": "/dev/pts/0"}, 180), ({}, 440)], ids=["SSH", "console"]
)
def test_a_digit_costs_few_bytes_and_a_resting_screen_none_over_ssh(
    lobby: Installation, over: dict[str, str], most: int
) -> None:
    config = str(lobby.config)
    with running("--config", config, folder=lobby.folder, environment=over) as terminal:
        terminal.wait("Pay by card")
        if over:  # on the machine itself there is a clock, and something moves
            terminal.quiet()
            assert terminal.pump(2.0) == 0
        terminal.hears("1")
        terminal.wait("How much would you like to pay?")
        terminal.quiet()
        for digit in "2593":
            terminal.type(digit)
            assert 0 < terminal.pump(0.4) <= most
        assert terminal.pump(2.0) == 0
        terminal.type("\x7f\x7f\r")
        terminal.wait("add a tip")
        terminal.quiet()
        assert terminal.pump(2.0) == 0
