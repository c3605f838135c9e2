"""Whole journeys of customers at the real program in a real terminal, with a real simulator behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import Terminal, running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.options import Options

pytestmark = pytest.mark.journey

IDLE = "idle_s = 5"


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=0.3, host_s=0.1)) as built:
        yield built


def _book(lobby: Installation) -> list[State]:
    if not lobby.journal.exists():
        return []
    reader = Reader(lobby.journal)
    states = [one.state for one in reader.transactions()]
    reader.close()
    return states


def _start(lobby: Installation, **sections: str) -> tuple[str, ...]:
    lobby.configure(**sections)
    return ("--config", str(lobby.config))


def _to_tip(terminal: Terminal) -> None:
    terminal.wait("Pay by card")
    terminal.hears("1255")
    terminal.wait("How much would you like to pay?")
    terminal.hears("\r")
    terminal.wait("add a tip")


# -- who walks away is led back, from each screen, with nothing pending ----------------------------


@pytest.mark.parametrize("keys", [("5",), ("5", "00\r"), ("5", "00\r", "4"), ("*",)], ids=str)
def test_whoever_walks_away_is_asked_and_led_back_with_nothing_pending(
    lobby: Installation, keys: tuple[str, ...]
) -> None:
    with running(*_start(lobby, kiosk=IDLE), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        for key in keys:
            terminal.hears(key[:-1] or key)
            if key.endswith("\r"):
                terminal.hears("\r")
            terminal.quiet()
        terminal.wait("Do you need more time?")
        terminal.wait("Pay by card")
    assert _book(lobby) == []


def test_whoever_is_still_there_says_so_with_any_key_and_goes_on(lobby: Installation) -> None:
    with running(*_start(lobby, kiosk=IDLE), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("1255")
        terminal.wait("How much would you like to pay?")
        terminal.wait("Do you need more time?")
        terminal.type("7")
        terminal.wait("How much would you like to pay?", "from €0.01")
        terminal.hears("\r")
        terminal.wait("add a tip", "€12.55")  # the key was an answer, and no digit
        terminal.type("0")
        terminal.hears("0")
        terminal.wait("Thank you")
    assert _book(lobby) == [State.APPROVED]


# -- the network goes away, at each screen ---------------------------------------------------------


@pytest.mark.parametrize("screen", ["welcome", "amount", "tip"])
def test_a_network_that_goes_before_the_payment_costs_nothing(
    lobby: Installation, screen: str
) -> None:
    """The payment is refused on the way; the journal says that nothing was sent."""
    with running(*_start(lobby), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        if screen != "welcome":
            terminal.hears("1255")
            terminal.wait("How much would you like to pay?")
        if screen == "tip":
            terminal.hears("\r")
            terminal.wait("add a tip")
        lobby.stop()
        if screen == "welcome":
            terminal.hears("1255")
            terminal.wait("How much would you like to pay?")
        if screen != "tip":
            terminal.hears("\r")
            terminal.wait("add a tip")
        terminal.hears("0")
        terminal.wait("Not paid", "Nothing was charged")
        terminal.hears("\r")
        terminal.wait("Out of service", "cannot be reached")
    assert _book(lobby) == [State.NOT_SENT]


# -- the terminal is busy --------------------------------------------------------------------------


def test_a_busy_terminal_is_told_as_what_it_is_and_charges_nothing(lobby: Installation) -> None:
    with running(*_start(lobby), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("8014")
        terminal.wait("How much would you like to pay?")
        terminal.hears("\r")
        terminal.wait("add a tip")
        terminal.hears("0")
        terminal.wait("Not paid", "The terminal is busy", "Nothing was charged")
        terminal.hears("\r")
        terminal.wait("Pay by card")
    assert _book(lobby) == [State.DECLINED]
    assert not lobby.simulator.ledger.movements


# -- at the service door ---------------------------------------------------------------------------


def test_five_wrong_pins_make_everybody_wait_and_are_logged(lobby: Installation) -> None:
    pin = lobby_pin(lobby)
    with running(*_start(lobby, kiosk=pin), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("\x1b[24~")
        terminal.wait("Service PIN")
        for _ in range(3):
            terminal.hears("1111\r")
            terminal.wait("That PIN is wrong.")
            terminal.type("\x7f")
        for _ in range(2):
            terminal.hears("4711\r")  # the right one: it is not even looked at
            terminal.wait("Too many wrong PINs. Please wait")
        terminal.hears("\x1b")
        terminal.wait("Pay by card")
        terminal.hears("\x1b[24~")
        terminal.wait("Service PIN")
        terminal.hears("4711\r")
        terminal.wait("Too many wrong PINs. Please wait")
    log = lobby.journal.with_name("kiosk-tui.log").read_text()
    assert log.count("wrong PIN, number") == 3
    assert "1111" not in log
    assert "4711" not in log


def lobby_pin(lobby: Installation) -> str:
    lobby.configure()
    hashed = lobby.run("config", "pin", stdin="4711\n").stdout.strip()
    return f'service_pin_hash = "{hashed}"'


def _to_menu(terminal: Terminal) -> None:
    terminal.wait("Pay by card")
    terminal.hears("\x1b[24~")
    terminal.wait("Service PIN")
    terminal.hears("4711\r")
    terminal.wait("Tasks")


def test_a_test_payment_shows_the_chain_and_leaves_no_charge(lobby: Installation) -> None:
    pin = lobby_pin(lobby)
    with running(*_start(lobby, kiosk=pin), folder=lobby.folder) as terminal:
        _to_menu(terminal)
        terminal.hears("7")
        terminal.wait("Card please")
        terminal.wait("Your payment was reversed. Nothing to pay.")
    assert _book(lobby) == [State.CANCELLED]
    assert "service: a test payment" in lobby.journal.with_name("kiosk-tui.log").read_text()


def test_a_changed_configuration_is_taken_up_by_a_restart_and_a_wrong_one_is_told(
    lobby: Installation,
) -> None:
    pin = lobby_pin(lobby)
    with running(*_start(lobby, kiosk=pin), folder=lobby.folder) as terminal:
        _to_menu(terminal)
        lobby.configure(kiosk=f'{pin}\ntheme = "pink"')
        terminal.hears("6")
        terminal.wait("'pink' is no", "Tasks")
        lobby.configure(kiosk=f'{pin}\nname = "Museum of Time"')
        terminal.hears("6")
        terminal.wait("Museum of Time", "Pay by card")
        terminal.hears("1255")
        terminal.wait("How much would you like to pay?")


def test_a_kiosk_that_must_not_be_left_has_no_way_to_the_shell(lobby: Installation) -> None:
    pin = lobby_pin(lobby)
    with running(*_start(lobby, kiosk=f"{pin}\nleave = false"), folder=lobby.folder) as terminal:
        _to_menu(terminal)
        assert not terminal.shows("end the program")
        terminal.hears("9")
        terminal.quiet()
        terminal.hears("0")
        terminal.wait("Pay by card")


# -- in his own language -----------------------------------------------------------------------------


def test_a_customer_pays_in_his_own_language_and_reads_what_became_of_it(
    lobby: Installation,
) -> None:
    languages = 'languages = ["en", "de_AT", "cs"]'
    with running(*_start(lobby, kiosk=languages, tip="ask = false"), folder=lobby.folder) as it:
        it.wait("[+]", "Deutsch", "Čeština")
        it.hears("+")
        it.wait("Mit Karte zahlen")
        it.hears("1255")
        it.wait("12,55")
        it.hears("\r")
        it.wait("Vielen Dank", "€12,55", "Genehmigung")
        reference = it.text.partition("Referenz ")[2][:11].replace(" ", "")
        it.hears("\r")
        it.wait("Pay by card")
        it.hears("*")
        it.wait("Type the nine digits")
        it.type(reference)
        it.hears("\r")
        it.wait("€12.55 approved:")
    reader = Reader(lobby.journal)
    assert [one.order.language for one in reader.transactions()] == ["de"]
    reader.close()
