"""A fault of ours in a screen costs that screen: the payment goes on, and nobody sees a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import Terminal, running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.options import Options

pytestmark = pytest.mark.journey

BROKEN = """
import sys
from kiosk_tui.ui.screens.{module} import {screen}

def broken(self, *_):
    raise ZeroDivisionError("a fault of ours")

{screen}.{method} = broken
from kiosk_tui.__main__ import main
sys.exit(main())
"""


def _broken(module: str, screen: str, method: str) -> tuple[str, ...]:
    return (sys.executable, "-c", BROKEN.format(module=module, screen=screen, method=method))


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1.5, host_s=0.2)) as built:
        built.configure(tip="ask = false")
        yield built


def _log(lobby: Installation) -> str:
    return lobby.journal.with_name("kiosk-tui.log").read_text()


def _book(lobby: Installation) -> list[State]:
    reader = Reader(lobby.journal)
    states = [one.state for one in reader.transactions()]
    reader.close()
    return states


def _no_traceback(terminal: Terminal) -> None:
    seen = terminal.written.decode()
    for word in ("Traceback", "ZeroDivisionError", "a fault of ours", "locals"):
        assert word not in seen


def test_a_fault_before_the_payment_closes_for_a_moment_and_opens_again(
    lobby: Installation,
) -> None:
    program = _broken("amount", "Amount", "erase")
    arguments = ("--config", str(lobby.config))
    with running(*arguments, folder=lobby.folder, program=program) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("5")
        terminal.wait("How much would you like to pay?")
        terminal.type("\x7f")
        terminal.wait("Out of service", "A fault was found.")
        terminal.wait("Pay by card")  # by itself
        _no_traceback(terminal)
    assert "ZeroDivisionError" in _log(lobby)
    assert _book(lobby) == []


def test_a_fault_while_the_terminal_waits_leaves_the_payment_to_its_end_and_tells_it(
    lobby: Installation,
) -> None:
    program = _broken("waiting", "Waiting", "digit")
    arguments = ("--config", str(lobby.config))
    with running(*arguments, folder=lobby.folder, program=program) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("500")
        terminal.wait("How much would you like to pay?")
        terminal.hears("\r")
        terminal.wait("Card please")
        terminal.hears("7")
        terminal.wait("A fault was found.")
        terminal.wait("Thank you")
        _no_traceback(terminal)
        assert _book(lobby) == [State.APPROVED]
        terminal.hears("\r")
        terminal.wait("Pay by card")


def test_screens_that_fail_again_and_again_end_the_program_for_systemd_to_start_it(
    lobby: Installation,
) -> None:
    program = _broken("out_of_service", "OutOfService", "_reason")
    lobby.url = "http://127.0.0.1:9/tecsclientrest"  # nobody is there, so it begins closed
    lobby.configure()
    arguments = ("--config", str(lobby.config))
    with running(*arguments, folder=lobby.folder, program=program) as terminal:
        assert terminal.ended() == 70
        _no_traceback(terminal)
        # on the screen that was there before: the emulator has one only
        assert b"The screen failed; what happened is in the log" in terminal.written
