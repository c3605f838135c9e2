"""The thread that hears the keyboard. It wakes when something comes or is due, and never else."""

from __future__ import annotations

import errno
import math
import os
import select
import threading
import time
from collections.abc import Callable
from typing import Final

from textual import events
from textual.keys import _character_to_key
from textual.message import Message

from kiosk_tui.ui.driver.typed import Burst, Noise
from kiosk_tui.ui.keyboard.reader import KeyboardReader
from kiosk_tui.ui.keyboard.tokens import Pasted, Pointed, Press, Rush, Token

_PIECE: Final = 4096
_NOT_NOW: Final = frozenset((errno.EAGAIN, errno.EINTR))


class Listening:
    """Reads a terminal's file, and calls these in its thread: they must not wait.

    `hear` gets what was typed; `gone` is called once, when there will never be anything any more: end of
    file, a hang-up, an error; `failed` is called once with a fault of ours. After either the thread ends.
    """

    def __init__(
        self,
        file: int,
        hear: Callable[[Message], None],
        gone: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._file = file
        self._hear = hear
        self._gone = gone
        self._failed = failed
        self._reader = KeyboardReader()
        self._stopped, self._stop = os.pipe()
        # a daemon: nothing of a screen keeps the process from ending
        self._thread = threading.Thread(target=self._run, name="input", daemon=True)
        self._thread.start()

    def point(self, *, pointing: bool) -> None:
        """Say whether the mouse was asked for."""
        self._reader.pointing = pointing

    def stop(self) -> None:
        """Hear nothing any more."""
        if self._stop >= 0:
            os.write(self._stop, b"\0")
            self._thread.join()
            os.close(self._stop)
            os.close(self._stopped)
            self._stop = -1

    # -- the thread --------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            if not self._listen():
                self._gone()
        except Exception as error:  # noqa: BLE001 - told, and a fresh screen follows
            self._failed(error)

    def _listen(self) -> bool:
        """Read until told to stop (True), or until the terminal has gone away (False)."""
        poll = select.poll()
        poll.register(self._file, select.POLLIN)
        waiting = bool(poll.poll(0))
        poll.register(self._stopped, select.POLLIN)
        while True:
            ready = {file for file, _ in poll.poll(self._wait_ms())}
            if self._stopped in ready:
                return True
            tokens = []
            if self._file in ready:
                data = self._read()
                if data is None:
                    return False
                feed = self._reader.feed_waiting if waiting else self._reader.feed
                tokens = feed(data, time.monotonic())
                waiting = False
            else:
                tokens = self._reader.tick(time.monotonic())
            for token in tokens:
                self._hear(message(token))

    def _wait_ms(self) -> int | None:
        due = self._reader.deadline
        return None if due is None else max(0, math.ceil((due - time.monotonic()) * 1000))

    def _read(self) -> bytes | None:
        """Return what came, or None at the end of the terminal."""
        try:
            return os.read(self._file, _PIECE) or None
        except OSError as error:
            return b"" if error.errno in _NOT_NOW else None


def message(token: Token) -> Message:
    """Return what a token is to Textual, and to the screens."""
    match token:
        case Press():
            return events.Key(_name(token), token.character)
        case Rush():
            return Burst(token.text, token.entered)
        case Pasted():
            return events.Paste(token.text)
        case Pointed():
            return _button(token)
        case _:
            return Noise()


def _name(token: Press) -> str:
    return _character_to_key(token.key) if token.key == token.character else token.key


def _button(token: Pointed) -> events.MouseEvent:
    happened = events.MouseDown if token.down else events.MouseUp
    return happened(
        None,
        x=token.column,
        y=token.row,
        delta_x=0,
        delta_y=0,
        button=token.button,
        shift=False,
        meta=False,
        ctrl=False,
        screen_x=token.column,
        screen_y=token.row,
    )
