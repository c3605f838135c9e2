"""Lines to and from another program: of bounded length, and never waited for."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import Final

LONGEST: Final = 16 * 1024
"""Bytes of a line, its end included."""
FAREWELL_S: Final = 5.0
"""So long a reader who is dropped has to take the reason."""


class LineTooLongError(Exception):
    """A line that is longer than anybody needs; what follows it is not looked for."""


async def line(reader: asyncio.StreamReader) -> bytes | None:
    """Return the next whole line; None at the end. Half a line is none. Raises `LineTooLongError`."""
    try:
        return await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError as error:
        raise LineTooLongError from error
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class Outbox:
    """What is still to be told to one reader; more than `most` lines are more than he gets.

    `farewell` words the last line: why he is dropped.
    """

    def __init__(
        self, writer: asyncio.StreamWriter, most: int, farewell: Callable[[str], bytes]
    ) -> None:
        self._writer = writer
        self._most = most
        self._farewell = farewell
        self._lines: deque[bytes] = deque()
        self._ready = asyncio.Event()
        self.ending = False
        writer.transport.set_write_buffer_limits(high=0)

    def put(self, told: bytes) -> None:
        """Tell a line, without waiting for anybody."""
        if self.ending:
            return
        if len(self._lines) >= self._most:
            self._lines.clear()
            self.end(f"{self._most} lines wait for you: you read too slowly.")
            return
        self._lines.append(told)
        self._ready.set()

    def end(self, why: str = "") -> None:
        """Tell no more than what waits, and why."""
        if self.ending:
            return
        self.ending = True
        if why:
            self._lines.append(self._farewell(why))
        self._ready.set()
        asyncio.get_running_loop().call_later(FAREWELL_S, self._writer.transport.abort)

    async def run(self) -> None:
        """Write until the end, or until the reader is gone."""
        with contextlib.suppress(ConnectionError):
            while not self.ending or self._lines:
                await self._ready.wait()
                self._ready.clear()
                while self._lines:
                    self._writer.write(self._lines.popleft())
                    await self._writer.drain()
            self._writer.close()
            await self._writer.wait_closed()
