"""A line to head office's door, as nginx would pass it on: one request after the other, kept alive.

Plain streams, because ten thousand of them have to fit into one process.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

_LONGEST_S: Final = 60.0
BROKEN: Final = (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError, ValueError)
"""What a request on a line that was cut ends with."""


class Line:
    """One kiosk's; opened by the first request, and by the one that follows a cut."""

    def __init__(self, serial: str) -> None:
        self._head = (
            "POST {} HTTP/1.1\r\nHost: o\r\nX-Client-Verify: SUCCESS\r\nX-Client-Serial: "
            + serial
            + "\r\nContent-Length: {}\r\n\r\n"
        )
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, door: Path, path: str, body: bytes) -> tuple[int, bytes]:
        """Send a body; return the answer's status and body. Raises one of `BROKEN`."""
        async with asyncio.timeout(_LONGEST_S):
            if self._streams is None:
                self._streams = await asyncio.open_unix_connection(str(door))
            reader, writer = self._streams
            try:
                writer.write(self._head.format(path, len(body)).encode() + body)
                await writer.drain()
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                _, _, length = head.partition("content-length:")
                answer = await reader.readexactly(int(length.split("\r\n")[0]))
            except BaseException:
                self.cut()
                raise
            if "connection: close" in head:
                self.cut()
            return int(head.split()[1]), answer

    def cut(self) -> None:
        """End it, in the middle of whatever it carries."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None
