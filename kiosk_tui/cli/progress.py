"""What a command is doing, on one line of a terminal's stderr; nothing of it in a pipe or a log.

The line is drawn by a thread of its own: a terminal that is stopped (Ctrl-S) or slow must not hold up a
payment. It is gone before anything else is printed, and at the end.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

from kiosk_tui.cli import output
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.start.abilities import DUMB
from kiosk_tui.text.cells import cut
from kiosk_tui.text.times import minutes

FIRST_S: Final = 0.5
"""What is over sooner shows nothing."""
LOOK_S: Final = 0.25
"""So often the thread looks whether the line has changed."""
_GOODBYE_S: Final = 1.0
_BAR: Final = 20
_ERASE: Final = "\r\x1b[K"
_STDERR: Final = 2


class ProgressLine:
    """Shows what is being done, and for how long; with a `total`, how much of it is done."""

    def __init__(self, what: str, total: int = 0) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._hint = ""
        self._began = time.monotonic()
        self._ends: float | None = None
        self._drawn = ""
        self._pen = threading.RLock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.seen = _seen()
        self.hidden = False
        """While somebody is asked something."""

    def __enter__(self) -> Self:
        if self.seen:
            output.set_aside(self._aside)
            try:
                self._thread.start()
            except RuntimeError:  # no more threads: the work goes on without the line
                self.seen = False
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._over.set()
        if self.seen:
            self._thread.join(_GOODBYE_S)  # it may be held by a terminal that is stopped
            output.set_aside(contextlib.nullcontext)

    def tell(
        self, what: str, *, done: int = 0, left_s: float | None = None, hint: str = ""
    ) -> None:
        """Say what is being done now, how much of the total is, and in how many seconds it ends.

        With nothing to say there is no line.
        """
        self._what, self._done, self._hint = what, done, hint
        self._ends = None if left_s is None else time.monotonic() + left_s

    def _run(self) -> None:
        pause = FIRST_S
        while not self._over.wait(pause):
            pause = LOOK_S
            with self._pen:
                self._draw(self._line())
        with self._pen:
            self._draw("")

    @contextlib.contextmanager
    def _aside(self) -> Iterator[None]:
        with self._pen:
            self._draw("")
            yield

    def _draw(self, line: str) -> None:
        if line == self._drawn or not _foreground():
            return
        try:
            # not through sys.stderr: a thread that is held in its lock would break the end of Python
            os.write(_STDERR, f"{_ERASE}{line}".encode(sys.stderr.encoding, "replace"))
        except OSError:
            self._over.set()
        self._drawn = line

    def _line(self) -> str:
        if self.hidden or not self._what:
            return ""
        ends, now = self._ends, time.monotonic()
        parts = [self._what]
        if self._total:
            filled = _BAR * self._done // self._total
            parts.append(f"[{'#' * filled}{'.' * (_BAR - filled)}] {self._done} of {self._total}")
        parts.append(minutes(now - self._began) if ends is None else f"{minutes(ends - now)} left")
        parts += [self._hint] if self._hint else []
        return cut(one_line("   ".join(parts)), shutil.get_terminal_size().columns - 1)


def _seen() -> bool:
    """Say whether stderr is a terminal on which a line can be drawn anew."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in DUMB


def _foreground() -> bool:
    """Say whether this command has the terminal: in the background it would write into others' lines."""
    try:
        return os.tcgetpgrp(_STDERR) == os.getpgrp()
    except OSError:
        return False
