"""What is typed while the program starts: digits wait for the amount, and no other key does anything."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import LOOK, PROGRAM, Terminal

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.options import Options
from kiosk_tui.start.picture import TEXT
from proofs.terminals.answers import ANSWERS

pytestmark = pytest.mark.journey

OPEN, AMOUNT = "Press any key to start", "How much would you like to pay?"
KEYS_THAT_DO_NOTHING = b"\r\x1b\x1bOP\x1b[24~\x04+*-.x \t\x1b[A"


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as built:
        built.configure(tip="ask = false")
        yield built


@contextmanager
def starting(lobby: Installation, early: bytes, *later: bytes) -> Iterator[Terminal]:
    """Start it with keys in its terminal already; send the rest when the first picture stands."""
    # the shell waits for the first of them, so that they are there before the program is
    wait = "stty -echo; touch ready; while [ ! -e typed ]; do sleep 0.01; done; stty echo"
    program = f"{wait}; exec {shlex.join(PROGRAM)} --config {shlex.quote(str(lobby.config))}"
    folder = shlex.quote(str(lobby.folder))
    environment = {"STATE_DIRECTORY": str(lobby.folder), "HOME": str(lobby.folder)}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    terminal = Terminal(environment=environment, program=("sh", "-c", f"cd {folder}; {program}"))
    try:
        terminal.until((lobby.folder / "ready").exists, "the shell")
        terminal.send(early)
        (lobby.folder / "typed").touch()
        terminal.until(lambda: TEXT.encode() in terminal.written, "the first picture")
        for one in later:
            terminal.send(one)
            terminal.pump(0.05)
        yield terminal
    finally:
        terminal.close()


def nothing_was_paid(lobby: Installation) -> bool:
    if not lobby.journal.exists():
        return True
    reader = Reader(lobby.journal)
    try:
        return not list(reader.transactions())
    finally:
        reader.close()


@pytest.mark.parametrize(
    ("early", "later", "amount"),
    [
        (b"1255", (), "€12.55"),
        (b"", (b"1", b"2", b"5", b"5"), "€12.55"),
        (b"12", (b"5", b"5"), "€12.55"),
        (b"125\x7f", (b"5", b"\x7f", b"0"), "€1.20"),
        (b"\x7f\x085", (), "€0.05"),
        (b"1\x1b[A2\x1bOP5", (b"5",), "€12.55"),
    ],
)
def test_digits_typed_during_the_start_stand_in_the_amount(
    lobby: Installation, early: bytes, later: tuple[bytes, ...], amount: str
) -> None:
    with starting(lobby, early, *later) as kiosk:
        kiosk.wait(AMOUNT, amount)
        kiosk.quiet()
        assert not kiosk.shows(LOOK)
        assert nothing_was_paid(lobby)
        kiosk.hears("\r")
        kiosk.wait("Card please")
    reader = Reader(lobby.journal)
    assert [one.state for one in reader.transactions()] == [State.AUTHORIZING]
    reader.close()


@pytest.mark.parametrize("scanned", [b"1255\r", b"12\r55", b"1255\r\r\r"])
def test_an_enter_behind_them_confirms_nothing_and_they_are_to_be_looked_at(
    lobby: Installation, scanned: bytes
) -> None:
    with starting(lobby, scanned, b"\r") as kiosk:
        kiosk.wait(AMOUNT, "€12.55", LOOK)
        kiosk.quiet()
        assert nothing_was_paid(lobby)


def test_a_code_that_is_longer_than_any_amount_is_none(lobby: Installation) -> None:
    with starting(lobby, b"4006381333931\r") as kiosk:
        kiosk.wait(OPEN)
        kiosk.quiet()
        assert kiosk.shows(OPEN)


def test_no_other_key_does_anything(lobby: Installation) -> None:
    with starting(lobby, KEYS_THAT_DO_NOTHING, b"\r", b"\x1b", b"\x1b", b"\x1b[24~") as kiosk:
        kiosk.wait(OPEN)
        kiosk.quiet()
        assert kiosk.shows(OPEN)
        kiosk.hears("7")
        kiosk.wait(AMOUNT, "€0.07")


@pytest.mark.parametrize("named", ANSWERS)
def test_what_terminals_say_on_their_own_types_nothing(lobby: Installation, named: str) -> None:
    answers = [one for one in ANSWERS[named].values() if not one.strip(b"\x11\x13").isdigit()]
    with starting(lobby, b"".join(answers), *answers) as kiosk:
        kiosk.wait(OPEN)
        kiosk.quiet()
        assert kiosk.shows(OPEN)


def test_a_sequence_that_the_line_cut_in_the_middle_of_the_start_types_nothing(
    lobby: Installation,
) -> None:
    with starting(lobby, b"\x1b[<35;1", b"2;9M") as kiosk:
        kiosk.wait(OPEN)
        kiosk.quiet()
        assert kiosk.shows(OPEN)


def test_a_lane_has_them_in_its_amount(lobby: Installation) -> None:
    lobby.configure(kiosk='mode = "lane"')
    with starting(lobby, b"12", b"5", b"\r", b"5") as lane:
        lane.wait("Type the amount, then Enter.", "€12.55")
        lane.quiet()
        assert nothing_was_paid(lobby)


def test_a_price_is_not_agreed_to_by_what_was_typed_before(lobby: Installation) -> None:
    lobby.configure(kiosk='price = "5.00"')
    with starting(lobby, b"1255\r", b"1", b"\r") as kiosk:
        kiosk.wait("Press Enter to begin")
        kiosk.quiet()
        assert kiosk.shows("Press Enter to begin")
        assert nothing_was_paid(lobby)
