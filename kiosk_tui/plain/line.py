"""Lines to and from a terminal or pipe, each way in a thread of its own.

A terminal that was stopped with Ctrl-S, or a pipe that nobody empties, blocks whoever writes to it.
That must never be the loop in which a payment waits for its answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import queue
import select
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from kiosk_tui.domain.one_line import one_line
from kiosk_tui.plain.input import Typed
from kiosk_tui.text.cells import wrap
from kiosk_tui.text.encodings import PLAINER, reads
from kiosk_tui.text.glyphs import drawable

log = logging.getLogger(__name__)

WIDTH: Final = 80
LONGEST: Final = 200
"""Characters of a typed line; nobody types more here, and the rest is dropped."""
_CUT: Final = "\u2026"
"""Stands at the end of a line that was longer: what is left of it is no answer."""

_AHEAD: Final = 100
"""Lines that may be typed before anybody asks."""
_BYTES: Final = 4 * LONGEST + 4
"""More bytes than that are more letters than that, in every encoding."""
_UNHEARD: Final = 1000
"""Lines that may wait for a stalled reader; what is said after them is lost, never the payment."""


AT_ONCE: Final = 20
"""Lines in one read: a script may give all its answers, more of them answer nothing. What is read at
once holds more lines than that, or longer ones than anybody types."""
FLOOD: Final = 10_000
FLOOD_S: Final = 60.0
"""So many lines in so short a time come from no person, not even from a key that is held down."""
_READ: Final = AT_ONCE * LONGEST


class LineTerminal:
    """Says lines on one file, hears them on another."""

    def __init__(self, hear_fd: int, say_fd: int, encoding: str) -> None:
        self._hear_fd = hear_fd
        self._say_fd = say_fd
        self._encoding = encoding
        self._heard_in = reads(encoding)
        self._said: queue.Queue[bytes | Callable[[], None] | None] = queue.Queue(_UNHEARD)
        self._room = threading.Semaphore(_AHEAD)
        self._ended: Callable[[], None] = lambda: None
        self._writer = threading.Thread(target=self._write, daemon=True)

    def say(self, text: str) -> None:
        """Say a text, in lines that fit every terminal."""
        for row in wrap(drawable(clean(text)), WIDTH):
            with contextlib.suppress(queue.Full):
                self._said.put_nowait(encode(row, self._encoding) + b"\n")

    async def taken(self) -> bool:
        """Return once the terminal has taken all that was said before; never, where it is stalled."""
        loop = asyncio.get_running_loop()
        taken = asyncio.Event()

        def tell() -> None:
            with contextlib.suppress(RuntimeError):  # the loop ended first
                loop.call_soon_threadsafe(taken.set)

        with contextlib.suppress(queue.Full):
            self._said.put_nowait(tell)
        await taken.wait()
        return True

    def start(self, typed: Callable[[Typed], None], ended: Callable[[], None]) -> None:
        """Begin to say and to hear: `typed` gets each line, `ended` the end, both in the loop.

        It has ended, too, when nobody takes what is said: a closed pipe, a terminal that is gone.
        """
        loop = asyncio.get_running_loop()

        def end() -> None:
            with contextlib.suppress(RuntimeError):  # the loop ended before the line did
                loop.call_soon_threadsafe(ended)

        def read() -> None:
            with contextlib.suppress(RuntimeError):
                for row in self._rows():
                    self._room.acquire()
                    loop.call_soon_threadsafe(typed, row)
            end()

        self._ended = end
        self._writer.start()
        threading.Thread(target=read, daemon=True).start()

    def answered(self) -> None:
        """Make room for one more line: the dialogue has taken one."""
        self._room.release()

    def close(self, patience_s: float = 1.0) -> None:
        """Let the last words out, if anybody takes them."""
        with contextlib.suppress(queue.Full):
            self._said.put_nowait(None)
        if self._writer.is_alive():
            self._writer.join(patience_s)

    def _write(self) -> None:
        heard = True
        while (said := self._said.get()) is not None:
            if callable(said):
                said()
            elif heard:
                try:
                    _write_all(self._say_fd, said)
                except OSError:
                    heard = False
                    self._ended()

    def _rows(self) -> Iterator[Typed]:
        left, flood = b"", _Flood()
        while data := self._read():
            at = time.monotonic()
            *rows, left = (left + data).split(b"\n")
            left = left[:_BYTES]
            if flood.rises(at, len(rows)):
                log.warning("lines come faster than anybody types: nobody is there")
                return
            for row in rows if len(rows) <= AT_ONCE else ():
                yield Typed(self._text(row.rstrip(b"\r")), at)
        if left.strip():  # without a line's end an Enter is none
            yield Typed(self._text(left))

    def _text(self, row: bytes) -> str:
        text = row[:_BYTES].decode(self._heard_in, PLAINER)
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + _CUT

    def _read(self) -> bytes:
        """Read what has come; nothing means the end. A terminal that is gone gives an error."""
        try:
            select.select([self._hear_fd], [], [])
            return os.read(self._hear_fd, _READ)
        except OSError:
            return b""


class _Flood:
    """Notices more lines than any person types."""

    def __init__(self) -> None:
        self._since = 0.0
        self._lines = 0

    def rises(self, at: float, lines: int) -> bool:
        """Count some more lines; say whether they are too many by now."""
        if at - self._since > FLOOD_S:
            self._since, self._lines = at, 0
        self._lines += lines
        return self._lines > FLOOD


def clean(text: str) -> str:
    """Return a text without a control character: no word of anybody's moves a cursor."""
    return one_line(text)


def encode(text: str, encoding: str) -> bytes:
    """Write a text as the terminal reads it, plainer where it lacks a letter."""
    return text.encode(encoding, PLAINER)


def _write_all(fd: int, data: bytes) -> None:
    while data:
        select.select([], [fd], [])
        with contextlib.suppress(BlockingIOError):  # somebody else's flag on the same file
            data = data[os.write(fd, data) :]
