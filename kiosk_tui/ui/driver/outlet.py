"""The way to the terminal: whoever draws never waits for it.

A terminal may take nothing for minutes (Scroll Lock, Ctrl+S, a frozen SSH client) or for ever. One
thread writes and waits; what the terminal does not take in time is dropped, and once it takes again the
screen is drawn anew, because nothing is known of what it shows by then.
"""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

MOST_WAITING: Final = 64 * 1024
"""So many bytes may wait behind the one that is being written: several pictures of the largest screen."""

MOST_ASKING: Final = 16
"""So many may wait to hear that something was taken; who waits longer has long given up."""

LAST_S: Final = 0.5
"""So long the last words may take; then the terminal is left as it is."""

_PIECE: Final = 4096


class Outlet:
    """A terminal's output.

    `takes_again` is called, in the writing thread, when the terminal takes again after something was
    dropped.
    """

    def __init__(self, file: int, encoding: str, takes_again: Callable[[], None]) -> None:
        self._file = file
        self._encoding = encoding
        self._takes_again = takes_again
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._asking: deque[Callable[[], None]] = deque(maxlen=MOST_ASKING)
        self._dropped = False
        self._closed = False
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Write a text when the terminal takes it. Never waits, never raises."""
        data = text.encode(self._encoding, "replace")
        with self._change:
            if self._closed or self._dropped or not data:
                return
            if self._size > MOST_WAITING:
                self._drop()
                return
            self._put(data)

    def ask(self, taken: Callable[[], None], proof: str) -> None:
        """Write `proof`; call `taken`, in the writing thread, when the terminal has taken all there is."""
        with self._change:
            self._asking.append(taken)
            if not self._closed and not self._dropped:
                self._put(proof.encode("ascii"))

    def close(self, last: str) -> None:
        """Write the last words instead of whatever waits, and wait for them, but not for long."""
        with self._change:
            self._waiting.clear()
            self._dropped = False
            self._closed = True
            self._put(last.encode(self._encoding, "replace"))
        self._thread.join(LAST_S)

    def _put(self, data: bytes) -> None:
        self._waiting.append(data)
        self._size += len(data)
        self._change.notify()

    def _drop(self) -> None:
        """Forget what waits. The writing thread tells when the terminal takes again."""
        self._waiting.clear()
        self._size = 0
        self._dropped = True
        self._change.notify()

    # -- the writing thread --------------------------------------------------------------------------

    def _run(self) -> None:
        while (data := self._next()) is not None:
            if not self._written(data):
                return  # the terminal is gone; the reader notices it, too
            self._taken()

    def _next(self) -> bytes | None:
        with self._change:
            while not (self._waiting or self._dropped):
                if self._closed:
                    return None
                self._change.wait()
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._size = 0
            return data

    def _written(self, data: bytes) -> bool:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._file, rest[:_PIECE]) :]
            except BlockingIOError:  # another program has made this terminal so
                select.select([], [self._file], [])
            except OSError:
                return False
        return True

    def _taken(self) -> None:
        with self._change:
            if self._waiting:
                return
            asking = list(self._asking)
            self._asking.clear()
            anew, self._dropped = self._dropped, False
        for taken in asking:
            taken()
        if anew:
            self._takes_again()
