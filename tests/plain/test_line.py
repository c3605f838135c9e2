"""The line itself: which letters leave, what a typed line is, what the terminal is left like."""

from __future__ import annotations

import asyncio
import os
import pty
import termios

import pytest

from kiosk_tui.domain.money import Currency, Money, MoneyError
from kiosk_tui.plain import terminal_mode
from kiosk_tui.plain.line import LONGEST, LineTerminal, clean, encode
from kiosk_tui.plain.sale import read_amount

EUR = Currency("EUR", 2)


def test_a_control_character_is_never_said() -> None:
    assert clean("a\x1b[2Jb\nc\x7f\x9bd") == "a [2Jb c  d"


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "Čeština 5 €"), ("iso-8859-15", "Ceština 5 €"), ("ascii", "Cestina 5 EUR")],
)
def test_a_letter_that_the_terminal_lacks_becomes_its_plain_form(
    encoding: str, expected: str
) -> None:
    assert encode("Čeština 5 €", encoding).decode(encoding) == expected


async def _heard(data: bytes) -> list[str]:
    (hear, keys), heard, ended = os.pipe(), list[str](), asyncio.Event()
    line = LineTerminal(hear, os.open(os.devnull, os.O_WRONLY), "utf-8")
    line.start(lambda one: heard.append(one.text), ended.set)
    os.write(keys, data)
    os.close(keys)
    async with asyncio.timeout(10):
        await ended.wait()
    line.close()
    os.close(hear)
    return heard


async def test_a_line_ends_with_either_kind_of_end_and_the_last_one_without() -> None:
    assert await _heard(b"1\r\n\r\n2\n\n3") == ["1", "", "2", "", "3"]


async def test_an_endless_line_is_cut() -> None:
    (line,) = await _heard(b"9" * 5000)
    assert len(line) <= LONGEST


@pytest.mark.parametrize(
    ("text", "locale", "minor"),
    [
        ("12.55", "en", 1255),
        ("12,55", "en", 1255),
        ("12.55", "de", 1255),
        ("12,55", "de", 1255),
        ("12", "de", 1200),
        ("12,5", "en", 1250),
        ("1.250", "de", 125000),
        ("1,250", "en", 125000),
        ("1.250,50", "de", 125050),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, locale: str, minor: int) -> None:
    assert read_amount(text, EUR, locale) == Money(minor, EUR)


@pytest.mark.parametrize("text", ["", "-5", "1.250", "12,5555", "1 2", "zwölf", "1e3", "١٢"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        read_amount(text, EUR, "en")


def test_the_terminal_is_put_into_line_mode_and_left_as_it_was() -> None:
    top, bottom = pty.openpty()
    try:
        mode = termios.tcgetattr(bottom)
        mode[3] &= ~(termios.ICANON | termios.ECHO)  # as a full screen that crashed leaves it
        termios.tcsetattr(bottom, termios.TCSANOW, mode)
        before = termios.tcgetattr(bottom)
        with terminal_mode.line_mode(bottom, no_way_out=True):
            within = termios.tcgetattr(bottom)
            assert within[3] & termios.ICANON
            assert within[3] & termios.ECHO
            assert within[6][termios.VEOF] == b"\x00"
            with terminal_mode.without_echo(bottom):
                assert not termios.tcgetattr(bottom)[3] & termios.ECHO
        assert termios.tcgetattr(bottom) == before
    finally:
        os.close(top)
        os.close(bottom)


def test_a_pipe_has_no_manners() -> None:
    read, write = os.pipe()
    with terminal_mode.line_mode(read, no_way_out=True), terminal_mode.without_echo(read):
        terminal_mode.drop_typed(read)
    os.close(read)
    os.close(write)
