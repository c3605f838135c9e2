"""Whoever stands before the gallery: answers that the line cuts, then one digit, at every screen."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import random
import select
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from proofs.terminals.answers import every

_ROOT: Final = Path(__file__).parents[2]
_LONGEST_S: Final = 60.0
_PAUSES: Final = (0.02, 0.12, 0.3)
"""Seconds in the middle of an answer: less and more than what makes an Escape key."""
_AFTER_S: Final = 0.2
_SIZE: Final = struct.pack("HHHH", 24, 80, 0, 0)


class Visitor:
    """A gallery on a terminal of ours. Use `visiting`."""

    def __init__(self, terminal: int, line: socket.socket) -> None:
        self._terminal = terminal
        self._line = line
        self._buffer = b""
        self.screens: list[str] = self._answer()["screens"]

    def case(self, screen: str, chance: random.Random) -> str:
        """Send one cut answer and a digit to a screen; return what is wrong, or nothing."""
        whose, answer = chance.choice(every())
        places = range(1 + (answer[0] >= 0x80), len(answer))
        place = chance.choice((places[0], chance.choice(places))) if places else 0
        pause_s = chance.choice(_PAUSES)
        self._ask(f"show {screen}")
        self._send(answer[:place])
        self._draw(pause_s)
        self._send(answer[place:])
        self._draw(_AFTER_S)
        self._send(b"5")
        seen = self._seen()
        keys = [one for one in seen["keys"] if one != "escape" and not one.startswith("ctrl+")]
        if keys == ["5"] and not (seen["bursts"] or seen["gave_up"] or seen["faults"]):
            return ""
        return f"{screen}: {whose}, {answer!r} cut at {place} for {pause_s} s: {seen}"

    def _seen(self) -> dict[str, Any]:
        end = time.monotonic() + 3.0
        while True:
            seen = self._ask("tell")
            if "5" in seen["keys"] or time.monotonic() > end:
                return seen
            self._draw(0.02)

    def _ask(self, what: str) -> dict[str, Any]:
        self._line.sendall(what.encode() + b"\n")
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        end = time.monotonic() + _LONGEST_S
        while b"\n" not in self._buffer:
            if time.monotonic() > end:
                raise TimeoutError("the gallery does not answer")
            self._draw(0.05, self._line.fileno())
            with contextlib.suppress(BlockingIOError):
                data = self._line.recv(65536)
                if not data:
                    raise EOFError("the gallery has ended")
                self._buffer += data
        first, self._buffer = self._buffer.split(b"\n", 1)
        told: dict[str, Any] = json.loads(first)
        return told

    def _send(self, data: bytes) -> None:
        os.write(self._terminal, data)

    def _draw(self, seconds: float, until: int = -1) -> None:
        """Take what is drawn for a while, or until somebody answers."""
        end = time.monotonic() + seconds
        files = [self._terminal] if until < 0 else [self._terminal, until]
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select(files, [], [], left)
            if self._terminal in ready:
                with contextlib.suppress(OSError):
                    os.read(self._terminal, 65536)
            if until in ready:
                return


@contextlib.contextmanager
def visiting(folder: Path, reader: str) -> Iterator[Visitor]:
    """Open a gallery whose keyboard this reader hears."""
    ours, its = pty.openpty()
    line, other = socket.socketpair()
    fcntl.ioctl(its, termios.TIOCSWINSZ, _SIZE)
    call = "from proofs.terminals.gallery import start; start()"
    process = subprocess.Popen(
        [sys.executable, "-c", call, str(other.fileno()), reader],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{_ROOT}:{_ROOT / 'tests'}",
            "TERM": "linux",
            "LANG": "C.UTF-8",
            "HOME": str(folder),
        },
        stdin=its,
        stdout=its,
        stderr=its,
        pass_fds=(other.fileno(),),
        start_new_session=True,
    )
    os.close(its)
    other.close()
    line.setblocking(False)
    try:
        yield Visitor(ours, line)
    finally:
        line.close()
        process.kill()
        process.wait()
        os.close(ours)
