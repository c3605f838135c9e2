"""A TCP line on loopback that stalls when it is told to, and passes everything on when it goes on."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator


class Line:
    """A relay to one port; `stall` holds back what is under way in both directions."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._ended = asyncio.Event()
        self._up = threading.Event()
        self.port = 0
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def start(self) -> None:
        self._thread.start()
        assert self._up.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()
        self._loop.close()

    @contextlib.contextmanager
    def stalled(self) -> Iterator[None]:
        """Pass nothing on for the length of a block; then all of it at once."""
        self._loop.call_soon_threadsafe(self._flows.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._flows.set)

    def cut(self) -> None:
        """Reset every connection."""
        self._loop.call_soon_threadsafe(self._abort)

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._ended.wait()
        server.close()
        self._abort()
        self._flows.set()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._relay(reader, far_writer), self._relay(far_reader, writer))

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._flows.wait()
                writer.write(data)
        writer.transport.abort()


@contextlib.contextmanager
def line(to: int) -> Iterator[Line]:
    """Relay to a port of loopback for the length of a test."""
    built = Line(to)
    built.start()
    try:
        yield built
    finally:
        built.stop()
