"""The drill's line: a fault strikes exactly where it is said to strike."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import pytest

from kiosk_tui.lab.drill.line import HOST, Barrier, FaultyProxy, Passage, RequestKind

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789"


class Tecs:
    """Writes down what arrives, and answers each whole request with `ANSWER`."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.arrived.append(await reader.read(4096))
        writer.write(ANSWER)
        await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def playing() -> AsyncIterator[tuple[FaultyProxy, Tecs]]:
    tecs = Tecs()
    server = await asyncio.start_server(tecs.serve, HOST, 0)
    line = FaultyProxy(server.sockets[0].getsockname()[1])
    await line.pick_up()
    try:
        yield line, tecs
    finally:
        await line.close()
        server.close()


def request(message_type: str | None) -> bytes:
    if message_type is None:
        return b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n"
    body = json.dumps({"message_type": message_type}).encode()
    return b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


async def ask(line: FaultyProxy, text: bytes) -> bytes:
    """Send a request and read until the line hangs up."""
    reader, writer = await asyncio.open_connection(HOST, line.port)
    writer.write(text)
    try:
        return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize("message_type", [None, "0001", "0013", "0017"])
async def test_without_a_fault_everything_passes_unchanged(message_type: str | None) -> None:
    async with playing() as (line, tecs):
        assert await ask(line, request(message_type)) == ANSWER
        assert tecs.arrived == [request(message_type)]


async def test_a_request_meets_what_was_planned_for_its_kind_once() -> None:
    met: list[RequestKind] = []

    async def note(passage: Passage) -> None:
        met.append(passage.kind)
        passage.reset()

    async with playing() as (line, tecs):
        for kind in RequestKind:
            line.next(kind, note)
        for message_type in (None, "0001", "0013", "0017"):
            with pytest.raises(ConnectionResetError):
                await ask(line, request(message_type))
        assert met == [
            RequestKind.PROBE,
            RequestKind.PAYMENT,
            RequestKind.CANCELLATION,
            RequestKind.ABORT,
        ]
        assert tecs.arrived == []
        assert await ask(line, request("0001")) == ANSWER


async def test_a_request_that_is_held_has_not_arrived() -> None:
    async with playing() as (line, tecs):
        gate = line.hold_request(RequestKind.PAYMENT)
        asking = asyncio.create_task(ask(line, request("0001")))
        await gate.reached()
        assert tecs.arrived == []
        gate.let_go()
        assert await asking == ANSWER


async def test_an_answer_that_is_held_is_all_there_but_for_the_part_that_passed() -> None:
    async with playing() as (line, tecs):
        gate = line.hold_answer(RequestKind.PAYMENT, part=0.5)
        reader, writer = await asyncio.open_connection(HOST, line.port)
        writer.write(request("0001"))
        await gate.reached()
        assert tecs.arrived == [request("0001")]
        half = len(ANSWER) // 2
        assert await reader.readexactly(half) == ANSWER[:half]
        gate.let_go()
        assert await reader.read() == ANSWER[half:]
        writer.close()


async def test_a_request_that_is_swallowed_never_arrives() -> None:
    async with playing() as (line, tecs):
        gate: Barrier = line.swallow(RequestKind.PAYMENT)
        gate.let_go()
        assert await ask(line, request("0001")) == b""
        assert tecs.arrived == []


async def test_what_hung_up_refuses_and_takes_connections_again_on_the_same_port() -> None:
    async with playing() as (line, _):
        line.hang_up()
        with pytest.raises(ConnectionRefusedError):
            await ask(line, request("0001"))
        await line.pick_up()
        assert await ask(line, request("0001")) == ANSWER
