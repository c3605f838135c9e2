"""A POS: `kiosk-tui serve` as a process of its own, and connections to it over the real socket."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from support.installation import Installation
from support.terminal import PROGRAM

DEADLINE_S = 30.0


class Connection:
    """One connection, spoken in whole lines or in any bytes."""

    def __init__(self, path: Path | None = None, port: int = 0) -> None:
        if path is None:
            self.socket = socket.create_connection(("127.0.0.1", port))
        else:
            self.socket = _connected(path)
        self.socket.settimeout(DEADLINE_S)
        self._buffer = b""
        self.received = 0

    def send(self, **request: object) -> None:
        self.socket.sendall(line(**request))

    def answer(self) -> dict[str, Any]:
        """Return the next answer."""
        while b"\n" not in self._buffer:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError(f"the connection was closed after {self._buffer!r}")
            self._buffer += data
            self.received += len(data)
        first, self._buffer = self._buffer.split(b"\n", 1)
        told = json.loads(first)
        assert isinstance(told, dict)
        return told

    def ask(self, **request: object) -> dict[str, Any]:
        self.send(**request)
        return self.answer()

    def until(self, **wanted: object) -> dict[str, Any]:
        """Return the first answer that has these facts, also inside of its transaction."""
        while True:
            told = self.answer()
            flat = {**told.get("transaction", {}), **told}
            if all(flat.get(name) == value for name, value in wanted.items()):
                return told

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def line(**request: object) -> bytes:
    return json.dumps(request).encode() + b"\n"


def sale(reference: str, amount: str = "12.55") -> dict[str, str]:
    return {"do": "pay", "operation": "sale", "amount": amount, "caller_reference": reference}


_ACTIVATES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1", "LISTEN_FDNAMES": "pos"}
os.execvp(sys.argv[2], sys.argv[2:])
"""
"""Does what systemd does before it starts a service that a socket unit activates."""


class Served:
    """A running `kiosk-tui serve`. `given` is a listening socket that it gets as systemd passes one."""

    def __init__(
        self,
        installed: Installation,
        *arguments: str,
        given: socket.socket | None = None,
        program: tuple[str, ...] = PROGRAM,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.installed = installed
        number = () if given is None else (given.fileno(),)
        before = (sys.executable, "-c", _ACTIVATES, *map(str, number)) if number else ()
        self.process = subprocess.Popen(
            [*before, *program, "--config", str(installed.config), "serve", *arguments],
            env={**installed.environment, **(environment or {})},
            pass_fds=number,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], DEADLINE_S)
        self.said = self.process.stdout.readline() if ready else ""
        if not self.said:
            _, error = self.process.communicate(timeout=DEADLINE_S)
            raise AssertionError(f"it did not serve: {error}")

    @property
    def path(self) -> Path:
        return self.installed.folder / "pos.sock"

    def connect(self) -> Connection:
        return Connection(self.path)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(DEADLINE_S)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        self.process.communicate(timeout=60)
        return self.process.returncode


@contextlib.contextmanager
def serving(
    installed: Installation,
    *arguments: str,
    given: socket.socket | None = None,
    environment: Mapping[str, str] | None = None,
    program: tuple[str, ...] = PROGRAM,
) -> Iterator[Served]:
    served = Served(installed, *arguments, given=given, program=program, environment=environment)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.kill()
        for stream in (served.process.stdout, served.process.stderr):
            if stream is not None:
                stream.close()


def eventually(condition: Any, what: str = "it") -> None:
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end, f"{what} never happened"
        time.sleep(0.02)


def _connected(path: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    folder = os.open(path.parent, os.O_PATH)
    try:
        made.connect(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)
    return made
