"""The keyboard's thread: it passes on what is typed, ends with its terminal, and never stumbles silently."""

from __future__ import annotations

import os
import pty
import threading
import tty
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from textual import events
from textual.message import Message

from kiosk_tui.ui.driver.listening import Listening, message
from kiosk_tui.ui.driver.typed import Burst, Noise
from kiosk_tui.ui.keyboard.reader import KeyboardReader
from kiosk_tui.ui.keyboard.tokens import Pasted, Pointed, Press, Rush, Unreadable

PATIENCE_S = 20.0


class Line:
    """A terminal of our own, whoever listens to it, and what it told."""

    def __init__(self) -> None:
        self.ours, self.its = pty.openpty()
        tty.setraw(self.its)
        self.heard: list[Message] = []
        self.told: list[object] = []
        self._change = threading.Condition()
        self.listening = Listening(self.its, self._hear, self._gone, self._failed)

    def until(self, condition: Callable[[], bool]) -> None:
        with self._change:
            assert self._change.wait_for(condition, PATIENCE_S), (self.heard, self.told)

    def type(self, data: bytes) -> None:
        os.write(self.ours, data)

    def hang_up(self) -> None:
        os.close(self.ours)
        self.ours = -1

    def close(self) -> None:
        self.listening.stop()
        for one in (self.ours, self.its):
            if one >= 0:
                os.close(one)

    def _hear(self, one: Message) -> None:
        with self._change:
            self.heard.append(one)
            self._change.notify_all()

    def _gone(self) -> None:
        self._tell("gone")

    def _failed(self, error: Exception) -> None:
        self._tell(error)

    def _tell(self, what: object) -> None:
        with self._change:
            self.told.append(what)
            self._change.notify_all()


@pytest.fixture
def line() -> Iterator[Line]:
    opened = Line()
    os.set_blocking(opened.its, False)  # as another program may have left it
    yield opened
    opened.close()


def test_a_key_and_a_scan_arrive_as_such(line: Line) -> None:
    line.type(b"\x1b[A")
    line.until(lambda: len(line.heard) == 1)
    line.type(b"4006381333931\r")
    line.until(lambda: len(line.heard) == 2)
    up, scan = line.heard
    assert isinstance(up, events.Key)
    assert up.key == "up"
    assert scan == Burst("4006381333931", entered=True)


def test_at_rest_nothing_wakes_it(line: Line) -> None:
    assert line.listening._wait_ms() is None
    line.type(b"\x1b\r")
    line.until(lambda: bool(line.heard))
    assert line.listening._wait_ms() is None


def test_the_end_of_its_terminal_is_told_once_and_ends_it(line: Line) -> None:
    line.hang_up()
    line.until(lambda: bool(line.told))
    line.listening._thread.join(PATIENCE_S)
    assert not line.listening._thread.is_alive()
    assert line.told == ["gone"]


def test_the_end_of_a_file_and_a_file_that_is_none_are_the_end_of_the_terminal() -> None:
    for file in (os.open(os.devnull, os.O_RDONLY), 1023):
        told = threading.Event()
        listening = Listening(file, lambda _one: None, told.set, lambda _error: None)
        assert told.wait(PATIENCE_S)
        listening.stop()


def test_a_fault_of_ours_is_told_and_ends_it(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_reader: KeyboardReader, _data: bytes, _now: float) -> list[Any]:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(KeyboardReader, "feed", broken)
    line.type(b"5")
    line.until(lambda: bool(line.told))
    (told,) = line.told
    assert isinstance(told, ZeroDivisionError)


def test_who_does_not_listen_any_more_hears_nothing_and_leaves_no_thread(line: Line) -> None:
    line.listening.stop()
    assert not line.listening._thread.is_alive()
    line.listening.stop()
    assert line.told == []


@pytest.mark.parametrize(
    ("character", "key"),
    [
        *(("5", "5"), ("*", "asterisk"), ("+", "plus"), ("-", "minus"), (",", "comma")),
        *(("/", "slash"), (".", "full_stop"), ("a", "a"), ("A", "A"), (" ", "space")),
        ("\xe4", "\xe4"),
    ],
)
def test_a_character_has_textual_s_name(character: str, key: str) -> None:
    told = message(Press(character, character))
    assert isinstance(told, events.Key)
    assert (told.key, told.character) == (key, character)


def test_everything_else_is_what_the_screens_know() -> None:
    enter = message(Press("enter", "\r"))
    assert isinstance(enter, events.Key)
    assert (enter.key, enter.is_printable) == ("enter", False)
    assert message(Rush("12", entered=False)) == Burst("12", entered=False)
    assert message(Unreadable()) == Noise()
    pasted = message(Pasted("12,55"))
    assert isinstance(pasted, events.Paste)
    assert pasted.text == "12,55"
    down = message(Pointed(4, 5, 1, down=True))
    assert isinstance(down, events.MouseDown)
    assert (down.x, down.y, down.button) == (4, 5, 1)
    assert isinstance(message(Pointed(4, 5, 1, down=False)), events.MouseUp)
