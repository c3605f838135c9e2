"""Other software: `kiosk-tui serve` as a process of its own, and requests to it over the real socket."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from support.installation import Installation
from support.terminal import PROGRAM

DEADLINE_S = 30.0


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its headers, and its JSON."""

    status: int
    headers: httpx.Headers
    body: dict[str, Any]

    @property
    def problem(self) -> str:
        """Which problem it is; empty for none."""
        kind = str(self.headers.get("content-type", ""))
        name = str(self.body.get("type", "")).partition("#problem-")[2]
        return name if kind == "application/problem+json" else ""


class Api:
    """A program that asks: over a Unix socket, or over a port."""

    def __init__(
        self,
        path: Path | None = None,
        port: int = 0,
        token: str = "",
        *,
        tls: bool = False,
        **client: Any,
    ) -> None:
        transport = None if path is None else httpx.HTTPTransport(uds=str(path))
        self.client = httpx.Client(
            transport=transport,
            base_url=f"{'https' if tls else 'http'}://127.0.0.1:{port}"
            if port
            else "http://localhost",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=DEADLINE_S,
            trust_env=False,
            **client,
        )

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str = "",
        prefer: str = "",
        **headers: str,
    ) -> Reply:
        """Send a request, and return its answer."""
        told = {"Idempotency-Key": key, "Prefer": prefer} | headers
        sent = self.client.request(
            method,
            path,
            json=body,
            headers=[(name.encode(), value.encode()) for name, value in told.items() if value],
        )
        return Reply(sent.status_code, sent.headers, sent.json() if sent.content else {})

    def get(self, path: str, **more: str) -> Reply:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: object = None, **more: str) -> Reply:
        return self.ask("POST", path, body, **more)

    def pay(self, key: str, amount: str = "12.55", *, prefer: str = "", **order: object) -> Reply:
        return self.post("/v1/payments", {"amount": amount, **order}, key=key, prefer=prefer)

    def begin(self, key: str, amount: str = "12.55", **order: object) -> Reply:
        """Begin a payment without waiting for its end."""
        return self.pay(key, amount, prefer="respond-async", **order)

    def ended(self, one: Reply) -> dict[str, Any]:
        """Return how a transaction ends."""
        return self.get(f"/v1/payments/{one.body['id']}", prefer="wait=25").body

    def close(self) -> None:
        self.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def request(
    method: str, path: str, body: bytes = b"", *headers: str, host: str = "localhost"
) -> bytes:
    """Return the bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while data := connection.recv(65536):
            found += data
    return found


_ACTIVATES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1", "LISTEN_FDNAMES": "api"}
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
        return self.installed.folder / "api.sock"

    @property
    def port(self) -> int:
        """The port that it said it serves."""
        return int(self.said.rpartition(":")[2].split(".")[0])

    def connect(self) -> Api:
        return Api(self.path)

    def socket(self) -> socket.socket:
        """Return a connection for bytes."""
        made = connected(self.path)
        made.settimeout(DEADLINE_S)
        return made

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


def connected(path: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    folder = os.open(path.parent, os.O_PATH)
    try:
        made.connect(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)
    return made
