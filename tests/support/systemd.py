"""What systemd would hear of a program: its notify socket, in the test's hand."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from support.terminal import Terminal

DEADLINE_S = 40.0


class Manager:
    """Listens in systemd's place; `heard` holds every fact in its order, as `NAME=value`."""

    def __init__(self, line: socket.socket, address: str) -> None:
        self._line = line
        self._address = address
        self.heard: list[str] = []

    def environment(self, watchdog_s: float) -> dict[str, str]:
        """What the program is started with."""
        usec = str(round(watchdog_s * 1e6))
        return {"NOTIFY_SOCKET": self._address, "WATCHDOG_USEC": usec}

    @property
    def status(self) -> str:
        told = [one for one in self.heard if one.startswith("STATUS=")]
        return told[-1].removeprefix("STATUS=") if told else ""

    def until(self, terminal: Terminal | None, fact: str, since: int = 0) -> int:
        """Wait until a fact that begins so is heard after `since`; return how many there are then."""
        end = time.monotonic() + DEADLINE_S
        while not any(one.startswith(fact) for one in self.heard[since:]):
            if time.monotonic() > end:
                raise AssertionError(f"never heard {fact}; heard {self.heard[since:]}")
            self.listen(terminal, 0.05)
        return len(self.heard)

    def listen(self, terminal: Terminal | None, seconds: float) -> None:
        """Hear what is told within a time, and let the terminal show what is drawn."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if terminal is not None:
                terminal.pump(0.01)
            self._line.settimeout(min(left, 0.05))
            with contextlib.suppress(TimeoutError):
                self.heard += self._line.recv(65536).decode().split("\n")


@contextlib.contextmanager
def manager(folder: Path) -> Iterator[Manager]:
    """Open the socket."""
    address = str(folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(address)
        yield Manager(line, address)
