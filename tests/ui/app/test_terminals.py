"""What terminals and lines send on their own, to the real program: nothing is typed, given up or ended."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import PROGRAM, Terminal, running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.options import Options
from proofs.terminals.answers import ANSWERS

pytestmark = pytest.mark.journey

LATE = {
    "PuTTY's version": b"\x1b[>0;136;0c",
    "xterm's name": b"\x1bP>|XTerm(354)\x1b\\",
    "a background": b"\x1b]11;rgb:12/34/56\x1b\\",
    "a size": b"\x1b[8;24;80t",
    "a mouse that is moved": b"\x1b[<35;12;9M",
}
CUT_S = 0.15

BROKEN = """
import sys
from kiosk_tui.ui.keyboard.sequences import Sequences

honest = Sequences.take

def take(self, byte, now):
    if byte == ord("7"):
        raise ZeroDivisionError("a fault of ours")
    honest(self, byte, now)

Sequences.take = take
from kiosk_tui.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as built:
        built.configure(tip="ask = false")
        yield built


@pytest.fixture
def kiosk(lobby: Installation) -> Iterator[Terminal]:
    with running("--config", str(lobby.config), folder=lobby.folder) as terminal:
        terminal.wait("Pay by card")
        terminal.hears("")
        yield terminal


def states(lobby: Installation) -> list[State]:
    reader = Reader(lobby.journal)
    found = [one.state for one in reader.transactions()]
    reader.close()
    return found


def cut(terminal: Terminal, answer: bytes) -> None:
    """Send an answer with a pause after its ESC, longer than an Escape key takes."""
    terminal.send(answer[:1])
    terminal.pump(CUT_S)
    terminal.send(answer[1:])
    terminal.pump(CUT_S)


def test_late_answers_at_rest_type_nothing(kiosk: Terminal) -> None:
    for answer in LATE.values():
        kiosk.send(answer)
        kiosk.pump(0.1)
        cut(kiosk, answer)
    kiosk.quiet()
    assert kiosk.shows("Pay by card")
    kiosk.hears("5")
    kiosk.wait("How much would you like to pay?")


def test_late_answers_in_an_amount_change_nothing(kiosk: Terminal) -> None:
    kiosk.type("5")
    kiosk.wait("How much would you like to pay?")
    kiosk.hears("00")
    kiosk.quiet()
    before = kiosk.text
    for answer in LATE.values():
        kiosk.send(answer)
        kiosk.pump(0.1)
    kiosk.quiet()
    assert kiosk.text == before


def test_a_mouse_on_a_line_that_cuts_gives_no_payment_up(
    kiosk: Terminal, lobby: Installation
) -> None:
    kiosk.type("5")
    kiosk.wait("How much would you like to pay?")
    kiosk.hears("00")
    kiosk.hears("\r")
    kiosk.wait("Card please")
    kiosk.hears("")
    for _ in range(3):
        for answer in LATE.values():
            cut(kiosk, answer)
    assert states(lobby) == [State.AUTHORIZING]
    lobby.simulator.terminal.present_card()
    kiosk.wait("Thank you")
    assert states(lobby) == [State.APPROVED]


def test_bytes_that_are_no_utf_8_are_dropped(kiosk: Terminal, lobby: Installation) -> None:
    for byte in range(0x80, 0x100):
        kiosk.send(bytes((byte,)))
        kiosk.pump(0.02)
    kiosk.pump(1.0)
    kiosk.hears("5")
    kiosk.wait("How much would you like to pay?")
    log = lobby.journal.with_name("kiosk-tui.log")
    assert "Traceback" not in kiosk.written.decode("utf-8", "replace")
    assert not log.exists() or "Traceback" not in log.read_text()


def test_xon_xoff_and_breaks_of_a_serial_line_end_no_lane_at_rest(lobby: Installation) -> None:
    lobby.configure(kiosk='mode = "lane"')
    with running("--config", str(lobby.config), folder=lobby.folder) as lane:
        lane.wait("Type the amount, then Enter.")
        lane.hears("")
        for sent in ANSWERS["serial lines"].values():
            lane.send(sent * 3)
            lane.pump(0.2)
        lane.hears("1")
        lane.hears("2")
        lane.wait("€0.12")
        assert lane.pid


def test_a_fault_in_the_keyboard_s_thread_is_logged_and_a_fresh_screen_follows(
    lobby: Installation,
) -> None:
    program = (sys.executable, "-c", BROKEN)
    with running("--config", str(lobby.config), folder=lobby.folder, program=program) as kiosk:
        kiosk.wait("Pay by card")
        kiosk.hears("7")
        kiosk.wait("Out of service", "A fault was found.")
        kiosk.wait("Pay by card")
        kiosk.hears("5")
        kiosk.wait("How much would you like to pay?")
        for word in (b"Traceback", b"ZeroDivisionError"):
            assert word not in kiosk.written
    assert "ZeroDivisionError" in lobby.journal.with_name("kiosk-tui.log").read_text()


@pytest.mark.parametrize("controlling", [True, False])
def test_a_terminal_that_goes_away_without_a_word_leaves_no_ghost(
    lobby: Installation, *, controlling: bool
) -> None:
    ours, its = pty.openpty()
    ways = ("setsid", "--ctty") if controlling else ("setsid",)
    with subprocess.Popen(
        [*ways, *PROGRAM, "--config", str(lobby.config)],
        env=lobby.environment | {"TERM": "linux"},
        stdin=its,
        stdout=its,
        stderr=its,
    ) as process:
        os.close(its)
        seen = b""
        end = time.monotonic() + 30
        while b"Type the amount" not in seen and time.monotonic() < end:
            seen += os.read(ours, 65536)
        os.close(ours)
        assert process.wait(30) == 0
    log = lobby.journal.with_name("kiosk-tui.log").read_text()
    assert "ending on SIGHUP" in log
    # of a controlling one the kernel tells as well: then the screen may have ended before it hears of it
    assert controlling or "the terminal has gone away" in log
