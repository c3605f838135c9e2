"""The line to a person: bytes in, bytes out, each in a thread of its own.

A terminal that was stopped with Ctrl-S, or a pipe that nobody empties, holds up whoever writes to it.
That must never be the loop in which a payment waits for its answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import select
import threading
from collections.abc import Callable, Iterator
from typing import Final

from kiosk_tui.domain.one_line import one_line
from kiosk_tui.locales.cells import wrap
from kiosk_tui.locales.encodings import PLAINER, reads
from kiosk_tui.locales.glyphs import drawable

WIDTH: Final = 80
LONGEST: Final = 200
"""Characters of a typed line; nobody types more here, and the rest is dropped."""

_AHEAD: Final = 100
"""Lines that may be typed before anybody asks."""
_UNHEARD: Final = 1000
"""Lines that may wait for a stalled reader; what is said after them is lost, never the payment."""


class Line:
    """Says lines on one file, hears them on another."""

    def __init__(self, hear_fd: int, say_fd: int, encoding: str) -> None:
        self._hear_fd = hear_fd
        self._say_fd = say_fd
        self._encoding = encoding
        self._heard_in = reads(encoding)
        self._said: queue.Queue[bytes | Callable[[], None] | None] = queue.Queue(_UNHEARD)
        self._room = threading.Semaphore(_AHEAD)
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

    def start(self, typed: Callable[[str], None], ended: Callable[[], None]) -> None:
        """Begin to say and to hear: `typed` gets each line, `ended` the end, both in the loop."""
        loop = asyncio.get_running_loop()

        def read() -> None:
            with contextlib.suppress(RuntimeError):  # the loop ended before the line did
                for row in self._rows():
                    self._room.acquire()
                    loop.call_soon_threadsafe(typed, row)
                loop.call_soon_threadsafe(ended)

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
        while (said := self._said.get()) is not None:
            if callable(said):
                said()
                continue
            with contextlib.suppress(OSError):  # gone: whoever listens on the other end ends us
                _write_all(self._say_fd, said)

    def _rows(self) -> Iterator[str]:
        left = b""
        while data := self._read():
            *rows, left = (left + data).split(b"\n")
            left = left[:LONGEST]
            for row in rows:
                yield row.rstrip(b"\r").decode(self._heard_in, PLAINER)[:LONGEST]
        if left:
            yield left.decode(self._heard_in, PLAINER)

    def _read(self) -> bytes:
        """Read what has come; nothing means the end. A terminal that is gone gives an error."""
        try:
            select.select([self._hear_fd], [], [])
            return os.read(self._hear_fd, 4096)
        except OSError:
            return b""


def clean(text: str) -> str:
    """Return a text without a control character: no word of anybody's moves a cursor."""
    return one_line(text)


def encode(text: str, encoding: str) -> bytes:
    """Write a text as the terminal reads it, plainer where it lacks a letter."""
    return text.encode(encoding, PLAINER)


def _write_all(fd: int, data: bytes) -> None:
    while data:
        select.select([], [fd], [])
        data = data[os.write(fd, data) :]
