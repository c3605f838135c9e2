"""Peers on sockets: an HTTP proxy that only knows CONNECT, and servers that say something odd."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[int]:
    """Serve a handler on this machine until the block ends; yields the port."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler runs as a task
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await handler(reader, writer)
        except asyncio.CancelledError:
            pass  # the block has ended
        finally:
            await closed(writer)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


@contextlib.asynccontextmanager
async def proxied(only: int) -> AsyncIterator[int]:
    """Serve a proxy that connects to one port of this machine, and to no other."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).split()
        try:
            if asked[:2] != [b"CONNECT", b"127.0.0.1:%d" % only]:
                raise ConnectionRefusedError
            there, back = await asyncio.open_connection("127.0.0.1", only)
        except OSError:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            ways = (relay(reader, back), relay(there, writer))
            await asyncio.wait(
                [asyncio.ensure_future(one) for one in ways], return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            await closed(back)

    async with listening(connect) as port:
        yield port


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes, until it ends either way."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


async def closed(writer: asyncio.StreamWriter) -> None:
    """Close a connection that is done with."""
    writer.transport.abort()
    with contextlib.suppress(ConnectionError, TimeoutError):
        await writer.wait_closed()
