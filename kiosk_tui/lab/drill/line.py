"""The line between the register and TECS: a relay that can hold, cut or spoil what passes.

Each connection carries one request, as the register speaks. What happens to it is a `Meet`; without
one it passes straight on.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Final

HOST: Final = "127.0.0.1"

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)


class RequestKind(StrEnum):
    """What a request is for."""

    PROBE = "probe"
    PAYMENT = "payment"
    CANCELLATION = "cancellation"
    ABORT = "abort"


_KINDS: Final = {"0013": RequestKind.CANCELLATION, "0017": RequestKind.ABORT}
"""By message type; the drill asks for no completions, which share the cancellation's."""


class Barrier:
    """A place where something is held until it is let go."""

    def __init__(self) -> None:
        self._reached = asyncio.Event()
        self._open = asyncio.Event()

    async def hold(self) -> None:
        """Wait here until `let_go`."""
        self._reached.set()
        await self._open.wait()

    async def reached(self) -> None:
        """Wait until something is held here."""
        await self._reached.wait()

    def let_go(self) -> None:
        """Let pass what is held and what comes later."""
        self._open.set()


class Passage:
    """One request on its way to TECS, and the answer on its way back."""

    def __init__(self, port: int, writer: asyncio.StreamWriter, request: bytes) -> None:
        self.request = request
        self.kind = _kind(request)
        self._port = port
        self._register = writer
        self._reader: asyncio.StreamReader | None = None
        self._tecs: asyncio.StreamWriter | None = None

    async def deliver(self, most: int | None = None) -> None:
        """Pass the request on to TECS; no more than `most` bytes of it."""
        self._reader, self._tecs = await asyncio.open_connection(HOST, self._port)
        self._tecs.write(self.request[:most])
        await self._tecs.drain()

    async def answer(self) -> bytes:
        """Wait for TECS's answer, or for what there is of it when TECS hangs up."""
        if self._reader is None:
            raise RuntimeError("nothing was delivered")
        return await _message(self._reader)

    async def hand_over(self, answer: bytes) -> None:
        """Give bytes to the register, which may have died."""
        with contextlib.suppress(OSError):
            self._register.write(answer)
            await self._register.drain()

    def reset(self) -> None:
        """Break the connection to the register at once, as a router does that forgot it."""
        # lingering for no time makes the kernel send a reset; otherwise it would say a polite goodbye
        to_register = self._register.get_extra_info("socket")
        to_register.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._register.transport.abort()

    def close(self) -> None:
        """Hang up on both sides."""
        self._register.close()
        if self._tecs is not None:
            self._tecs.close()


Meet = Callable[[Passage], Awaitable[None]]
"""What a request meets on the line."""


async def straight(passage: Passage) -> None:
    """Pass everything on."""
    await passage.deliver()
    await passage.hand_over(await passage.answer())


class FaultyProxy:
    """Listens on a port of its own, which stays its own while it does not listen."""

    def __init__(self, tecs_port: int) -> None:
        self._tecs_port = tecs_port
        self._reserved = _bound(0)
        self.port: int = self._reserved.getsockname()[1]
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()
        self._planned: dict[RequestKind, deque[Meet]] = {kind: deque() for kind in RequestKind}

    async def pick_up(self) -> None:
        """Take connections, again or for the first time."""
        self._server = await asyncio.start_server(self._connected, sock=_bound(self.port))

    def hang_up(self) -> None:
        """Refuse connections from now on."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def close(self) -> None:
        """Break everything off."""
        self.hang_up()
        for task in tuple(self._passing):
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
        self._reserved.close()

    def next(self, kind: RequestKind, meet: Meet) -> None:
        """Let the next request of that kind, for which nothing is planned yet, meet something."""
        self._planned[kind].append(meet)

    def hold_request(self, kind: RequestKind) -> Barrier:
        """Hold the next such request before a byte of it reaches TECS; then it passes on."""
        gate = Barrier()

        async def meet(passage: Passage) -> None:
            await gate.hold()
            await straight(passage)

        self.next(kind, meet)
        return gate

    def swallow(self, kind: RequestKind) -> Barrier:
        """Hold the next such request and never pass it on."""
        gate = Barrier()

        async def meet(_passage: Passage) -> None:
            await gate.hold()

        self.next(kind, meet)
        return gate

    def hold_answer(self, kind: RequestKind, *, part: float = 0.0) -> Barrier:
        """Hold the answer to the next such request, once a part of it (0 to 1) has passed."""
        gate = Barrier()

        async def meet(passage: Passage) -> None:
            await passage.deliver()
            answer = await passage.answer()
            passed = int(len(answer) * part)
            await passage.hand_over(answer[:passed])
            await gate.hold()
            await passage.hand_over(answer[passed:])

        self.next(kind, meet)
        return gate

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._pass(reader, writer))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _message(reader)
            if not request:
                return
            passage = Passage(self._tecs_port, writer, request)
            planned = self._planned[passage.kind]
            try:
                await (planned.popleft() if planned else straight)(passage)
            finally:
                passage.close()
        except OSError:
            return  # one of the two has gone, which is what a drill is about
        finally:
            writer.close()


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((HOST, port))
    return bound


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Read one HTTP message with a known length, or as much of it as came."""
    head = b""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        return head + (await reader.readexactly(int(length[1])) if length else b"")
    except asyncio.IncompleteReadError as error:
        return head + error.partial


def _kind(request: bytes) -> RequestKind:
    if request.startswith(b"GET "):
        return RequestKind.PROBE
    try:
        body = json.loads(request.partition(b"\r\n\r\n")[2])
    except ValueError:
        return RequestKind.PAYMENT
    return _KINDS.get(body.get("message_type"), RequestKind.PAYMENT)
