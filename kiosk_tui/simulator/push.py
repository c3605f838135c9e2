"""Pushes each transaction to a merchant's address, as TECS does: again and again until it is taken.

`http://`, `https://` or a Unix socket: `http+unix://%2Frun%2Foffice%2Fpush.sock/push/secret`.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from collections import deque
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

_WAIT_S = 5.0
_MOST_WAITING = 100_000
_OK, _AFTER_OK = 200, 300


class TransactionPush:
    """Words that wait for `run` to send them, in their order. Whoever is away gets them later.

    After a failure it waits `first_wait_s`, each time twice as long, up to `longest_wait_s`: TECS sends
    several times a day.
    """

    def __init__(
        self, url: str, *, first_wait_s: float = 1.0, longest_wait_s: float = 4 * 3600.0
    ) -> None:
        """Raise `ValueError` for an address that cannot be one."""
        self._address = urlsplit(url)
        if self._address.scheme not in ("http", "https", "http+unix") or not self._address.netloc:
            raise ValueError(
                f"'{url}' is no address to push to: write http://127.0.0.1:8090/push/…"
            )
        self._first_wait_s, self._longest_wait_s = first_wait_s, longest_wait_s
        self._waiting: deque[dict[str, Any]] = deque(maxlen=_MOST_WAITING)
        self._more = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many have not been taken yet."""
        return len(self._waiting)

    def __call__(self, word: dict[str, Any]) -> None:
        """Let a word be sent. Called in the loop that `run` is in, or before it runs."""
        self._waiting.append(word)
        self._more.set()

    async def run(self) -> None:
        """Send for ever."""
        wait_s = self._first_wait_s
        while True:
            if not self._waiting:
                self._more.clear()
                await self._more.wait()
            word = self._waiting[0]
            if await asyncio.to_thread(_taken, self._address, json.dumps(word).encode()):
                if self._waiting and self._waiting[0] is word:
                    self._waiting.popleft()
                wait_s = self._first_wait_s
            else:
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, self._longest_wait_s)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_WAIT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _taken(address: SplitResult, body: bytes) -> bool:
    connection = _connection(address)
    try:
        path = address.path or "/"
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        return _OK <= connection.getresponse().status < _AFTER_OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _connection(address: SplitResult) -> http.client.HTTPConnection:
    if address.scheme == "http+unix":
        return _UnixConnection(unquote(address.netloc))
    if address.scheme == "https":
        return http.client.HTTPSConnection(address.netloc, timeout=_WAIT_S)
    return http.client.HTTPConnection(address.netloc, timeout=_WAIT_S)
