"""A terminal that takes nothing (Scroll Lock, Ctrl+S, a frozen client) holds nothing up."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import DEADLINE_S, Terminal, running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.simulator.options import Options

pytestmark = pytest.mark.journey


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1.0, host_s=0.2)) as built:
        yield built


@contextlib.contextmanager
def _unread(terminal: Terminal) -> Iterator[None]:
    """Read nothing any more, as a client that is stopped, until the line is full."""
    for number in range(30):  # each is a picture of the whole screen
        terminal.resize(80 + number % 2, 24)
        time.sleep(0.05)
    yield
    terminal.resize(80, 24)


def _recorded(lobby: Installation, state: State) -> None:
    """Wait, without reading the terminal, until the journal says so."""
    end = time.monotonic() + DEADLINE_S
    while state not in lobby.states:
        assert time.monotonic() < end, f"the journal says {lobby.states}"
        time.sleep(0.05)


def _to_waiting(terminal: Terminal) -> None:
    for words, keys in (
        ("Pay by card", "1255"),
        ("How much would you like to pay?", "\r"),
        ("add a tip", "0"),
    ):
        terminal.wait(words)
        terminal.hears(keys)
    terminal.wait("Card please")


@pytest.mark.parametrize("freeze", [Terminal.stopped, _unread])
def test_an_approval_is_on_disk_while_the_terminal_takes_nothing_and_is_shown_once_it_does(
    lobby: Installation, freeze: Callable[[Terminal], contextlib.AbstractContextManager[None]]
) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        _to_waiting(terminal)
        with freeze(terminal):
            _recorded(lobby, State.APPROVED)
        terminal.wait("Thank you")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_whoever_is_told_to_end_behind_a_frozen_terminal_finishes_the_payment_and_ends(
    lobby: Installation, how: signal.Signals
) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        _to_waiting(terminal)
        with _unread(terminal):
            os.kill(terminal.pid, how)
            assert terminal.ended_unread() == 0
    assert lobby.states == [State.APPROVED]


def test_what_was_on_the_screen_is_drawn_anew_after_a_long_freeze(lobby: Installation) -> None:
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        with _unread(terminal):
            pass
        terminal.screen.reset()  # as a terminal that forgot everything
        terminal.resize(81, 24)
        terminal.wait("Pay by card")
