"""A new configuration is taken while the kiosk runs: never a wrong one, never in a payment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import KEY, Installation, installed
from support.terminal import running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.fixture
def slow_lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as built:
        yield built


def _log(lobby: Installation) -> str:
    return (lobby.folder / "kiosk-tui.log").read_text()


def _pin(lobby: Installation) -> str:
    return lobby.run("config", "pin", stdin="2468\n").stdout.strip()


def test_a_right_one_is_shown_by_the_same_process(lobby: Installation) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as kiosk:
        kiosk.wait("Pay by card")
        lobby.configure(kiosk='name = "Museum of Time"')
        os.kill(kiosk.pid, signal.SIGUSR1)
        kiosk.wait("Museum of Time", "Pay by card")
        os.kill(kiosk.pid, signal.SIGTERM)
        assert kiosk.ended() == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"terminal": "abort = 7"}, "terminal.abort"),
        ({"tip": "percent = [500]"}, "500 is out of range"),
        ({"journal": 'path = "/var/elsewhere.db"'}, "cannot become /var/elsewhere.db"),
    ],
    ids=["type", "rule", "journal"],
)
def test_a_wrong_one_is_refused_with_a_sentence_and_the_old_one_stays(
    lobby: Installation, wrong: dict[str, str], words: str
) -> None:
    pin = f'service_pin_hash = "{_pin(lobby)}"'
    lobby.configure(kiosk=pin)
    with running("--config", str(lobby.config), folder=lobby.folder) as kiosk:
        kiosk.wait("Pay by card")
        lobby.configure(kiosk=f'{pin}\nname = "Museum of Time"', **wrong)
        os.kill(kiosk.pid, signal.SIGUSR1)
        kiosk.until(lambda: "reload refused" in _log(lobby), "the refusal in the log")
        assert words in _log(lobby)
        assert "Museum of Time" not in kiosk.text
        kiosk.hears("\x1b[24~")
        kiosk.wait("Service PIN")
        kiosk.hears("2468\r")
        kiosk.wait("new settings", words.split(" ", maxsplit=1)[0])


def test_a_key_that_is_gone_is_refused_too(lobby: Installation) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as kiosk:
        kiosk.wait("Pay by card")
        (lobby.folder / "authkey").chmod(0o644)
        os.kill(kiosk.pid, signal.SIGUSR1)
        kiosk.until(lambda: "can be read by others" in _log(lobby), "the refusal in the log")
        assert KEY not in _log(lobby)
        kiosk.hears("1")
        kiosk.wait("How much would you like to pay?")  # it goes on as it was


def test_a_payment_is_finished_first_and_its_customer_sees_how_it_ended(
    slow_lobby: Installation,
) -> None:
    with running("--config", str(slow_lobby.config), folder=slow_lobby.folder) as kiosk:
        kiosk.wait("Pay by card")
        kiosk.hears("1")
        kiosk.wait("How much would you like to pay?")
        kiosk.hears("255\r")
        kiosk.wait("add a tip")
        kiosk.hears("0")
        kiosk.wait("Card please")
        kiosk.until(lambda: slow_lobby.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
        slow_lobby.configure(kiosk='name = "Museum of Time"')
        for _ in range(3):
            os.kill(kiosk.pid, signal.SIGUSR1)
        kiosk.until(lambda: "reload:" in _log(slow_lobby), "the wish in the log")
        kiosk.quiet()
        assert kiosk.shows("Card please")
        slow_lobby.simulator.terminal.present_card()
        kiosk.wait("Thank you", "Approved")
        kiosk.hears("\r")
        kiosk.wait("Museum of Time", "Pay by card")
    reader = Reader(slow_lobby.journal)
    assert [one.state for one in reader.transactions()] == [State.APPROVED]
    reader.close()


def test_plain_mode_takes_it_as_well_and_asks_on(lobby: Installation) -> None:
    with running(
        "--plain", "--config", str(lobby.config), folder=lobby.folder, term="dumb"
    ) as desk:
        desk.wait("Pay by card")
        lobby.configure(terminal='amount_max = "7"')
        os.kill(desk.pid, signal.SIGUSR1)
        desk.until(lambda: desk.text.count("Pay by card") == 2, "the desk again")
        desk.type("8\r")
        desk.wait("7")
        os.kill(desk.pid, signal.SIGTERM)
        assert desk.ended() == 0
