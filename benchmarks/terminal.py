"""A program on a pseudo terminal of its own: the size and type of a Linux console, every byte timed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from proofs.fingers import strokes

ROOT = Path(__file__).parent.parent
ROWS, COLUMNS = 24, 80
DEADLINE_S = 120.0
"""Twenty times what a start takes under valgrind."""


class ProgramError(Exception):
    """A program that is measured did not do what it should; the text is a sentence."""


class Terminal:
    """One run of a program on a terminal."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._output = bytearray()
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._started = time.perf_counter()
        # S603: the commands are written in this package
        self._process = subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=dict(environment),
            start_new_session=True,
        )
        os.close(theirs)

    def wait_for(self, text: str) -> float:
        """Read until the text has come; return the seconds since the program was started."""
        wanted = text.encode()
        while wanted not in self._output:
            seconds = time.perf_counter() - self._started
            if seconds > DEADLINE_S or not self._read(DEADLINE_S - seconds):
                said = bytes(self._output[-600:]).decode(errors="replace")
                raise ProgramError(f"{' '.join(self._command)} never showed '{text}': {said!r}")
        return time.perf_counter() - self._started

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    @property
    def received(self) -> int:
        """How many bytes came since the start, or since keys were last typed."""
        return len(self._output)

    def wait_for_end(self) -> None:
        """Read until the program has ended."""
        end = time.perf_counter() + DEADLINE_S
        while self._process.poll() is None:
            if time.perf_counter() > end or not self._read(0.1):
                break
        try:
            self._process.wait(max(0.1, end - time.perf_counter()))
        except subprocess.TimeoutExpired:
            said = bytes(self._output[-600:]).decode(errors="replace")
            raise ProgramError(f"{' '.join(self._command)} does not end: {said!r}") from None

    def count(self, seconds: float) -> int:
        """Read for so long; return how many bytes came."""
        before, end = len(self._output), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and self._read(left):
            pass
        return len(self._output) - before

    def next(self, seconds: float) -> None:
        """Read until something has come, for so long at most."""
        self._read(seconds)

    def settle(self) -> None:
        """Read until nothing has come for a moment."""
        while self.count(0.3):
            pass

    def type(self, keys: str) -> None:
        """Press keys, and forget what was on the screen before."""
        self._output.clear()
        for stroke, pause_s in strokes(keys):
            os.write(self._ours, stroke)
            time.sleep(pause_s if len(keys) > 1 else 0.0)

    def memory(self) -> int:
        """Return the bytes of memory that are this program's, its part of shared ones included."""
        rollup = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text(encoding="ascii")
        found = re.search(r"^Pss: +(\d+) kB", rollup, flags=re.MULTILINE)
        if found is None:
            raise ProgramError("the kernel does not say how much memory a program has")
        return int(found[1]) * 1024

    def close(self) -> None:
        """End the program, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def _read(self, wait_s: float) -> bool:
        """Take what comes within that time; return whether the program is still there."""
        ready, _, _ = select.select([self._ours], [], [], wait_s)
        if ready:
            try:
                self._output += os.read(self._ours, 65536)
            except OSError:  # how Linux says that nobody holds the other end any more
                return False
        return True


@contextlib.contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Run a program for the length of a block."""
    terminal = Terminal(command, environment)
    try:
        yield terminal
    finally:
        terminal.close()
