"""The line: a TCP proxy that strikes one connection at one byte offset of one direction.

A cut ends both directions with FIN, a reset with RST. A stall stands still until it is dropped (no
byte of it ever arrives); a late one stands still until it is released (everything arrives, late).
Garbling changes, doubles, loses or puts in one byte, and lets everything else through.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Way(StrEnum):
    """A direction, as the register sees it."""

    REQUEST = "request"
    ANSWER = "answer"


class Kind(StrEnum):
    """What happens at the offset."""

    CUT = "cut"
    RESET = "reset"
    STALL = "stall"
    LATE = "late"
    BIT = "bit"
    BYTE = "byte"
    DOUBLE = "double"
    INSERT = "insert"
    LOSE = "lose"


ENDINGS: Final = (Kind.CUT, Kind.RESET, Kind.STALL, Kind.LATE)
GARBLES: Final = (Kind.BIT, Kind.BYTE, Kind.DOUBLE, Kind.INSERT, Kind.LOSE)
HOLDING: Final = frozenset({Kind.STALL, Kind.LATE})


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault. `offset` counts bytes of one direction from 0; `seed` chooses among garbles.

    A cut, reset or stall at n lets n bytes through. One at 0 of the request strikes a connection
    that has just been taken; one of the answer waits for the answer's first byte.
    """

    way: Way
    offset: int
    kind: Kind
    seed: int = 0


def garble(byte: int, strike: Strike) -> bytes:
    """Return what arrives in the place of one byte: never that byte alone."""
    # a digit becomes another digit: what still reads well is the worst that can happen
    chance = random.Random(strike.seed * 1_000_003 + strike.offset)
    if strike.kind is Kind.BIT:
        return bytes([byte ^ 1 << chance.randrange(8)])
    if strike.kind is Kind.DOUBLE:
        return bytes([byte, byte])
    if strike.kind is Kind.INSERT:
        return bytes([chance.choice(b"0123456789"), byte])
    if strike.kind is Kind.LOSE:
        return b""
    digits = b"0123456789"
    pool = digits if byte in digits else bytes(range(256))
    return bytes([chance.choice([one for one in pool if one != byte])])


class Stream:
    """One direction of one connection: what was sent into it, and what was let through."""

    def __init__(self, strike: Strike | None, forward: Callable[[bytes], None]) -> None:
        self.sent = bytearray()
        self.delivered = bytearray()
        self._strike = strike
        self._forward = forward

    def feed(self, data: bytes) -> Strike | None:
        """Let through what may pass; return an ending that strikes now."""
        begins = len(self.sent)
        self.sent += data
        strike = self._strike
        if strike is None:
            self.let(data)
        elif strike.kind in GARBLES:
            at = strike.offset - begins
            if 0 <= at < len(data):
                self._strike = None
                self.let(data[:at] + garble(data[at], strike) + data[at + 1 :])
                return strike
            self.let(data)
        else:
            self.let(data[: max(0, strike.offset - begins)])
            if len(self.sent) >= strike.offset:
                self._strike = None
                return strike
        return None

    def let(self, data: bytes) -> None:
        """Let bytes through."""
        self.delivered += data
        if data:
            self._forward(bytes(data))


class Passage:
    """One connection through the line."""

    def __init__(self, wire: Wire, strike: Strike | None) -> None:
        self.struck = False
        self._wire = wire
        self.holding = False
        self._dead = False
        self._ends: dict[Way, _End] = {}
        self._early = bytearray()
        self.streams: dict[Way, Stream] = {
            way: Stream(
                strike if strike is not None and strike.way is way else None,
                lambda data, way=way: self._write(way, data),  # type: ignore[misc]
            )
            for way in Way
        }

    def joined(self, way: Way, end: _End) -> None:
        """Take note of the end that sends in a direction."""
        self._ends[way] = end
        if self._dead:
            _reset(end.transport)
        elif way is Way.ANSWER:
            early, self._early = bytes(self._early), bytearray()
            if early:
                end.transport.write(early)
        else:
            self.came(way, b"")  # a strike at 0 needs no byte

    def came(self, way: Way, data: bytes) -> None:
        """Take bytes that one end has sent."""
        self._wire.moved()
        stream = self.streams[way]
        if self._dead or self.holding:
            stream.sent += data
            return
        strike = stream.feed(data)
        if strike is None:
            return
        self.struck = True
        if strike.kind is Kind.CUT:
            self._dead = True
            for end in self._ends.values():
                with contextlib.suppress(OSError):
                    end.transport.write_eof()
        elif strike.kind is Kind.RESET:
            self.drop()
        elif strike.kind in HOLDING:
            self.holding = True
        self._wire.struck.set()

    def release(self) -> None:
        """Let everything through that was held back."""
        if not self.holding:
            return
        self.holding = False
        for stream in self.streams.values():
            stream.let(bytes(stream.sent[len(stream.delivered) :]))

    def drop(self) -> None:
        """Reset both ends."""
        self._dead = True
        for end in self._ends.values():
            _reset(end.transport)

    def ended(self, way: Way, *, reset: bool) -> None:
        """Take note that the end that sends in a direction is gone."""
        other = self._ends.get(Way.ANSWER if way is Way.REQUEST else Way.REQUEST)
        if other is None:
            self._dead = True  # not joined yet: reset as soon as it is
        elif reset or self.holding:
            _reset(other.transport)
        else:
            other.transport.close()
        if way is Way.REQUEST:
            self._wire.gone(self)

    def _write(self, way: Way, data: bytes) -> None:
        other = self._ends.get(Way.ANSWER if way is Way.REQUEST else Way.REQUEST)
        if other is None:
            self._early += data
        elif not other.transport.is_closing():
            other.transport.write(data)


class _End(asyncio.Protocol):
    """One socket of a passage; sends in direction `way`."""

    transport: asyncio.Transport

    def __init__(self, passage: Passage, way: Way) -> None:
        self._passage = passage
        self._way = way

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a TCP socket has
        self.transport = transport
        self._passage.joined(self._way, self)

    def data_received(self, data: bytes) -> None:
        self._passage.came(self._way, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._passage.ended(self._way, reset=exc is not None)


class Wire:
    """A listening proxy in front of one port of this machine."""

    def __init__(self, upstream: int) -> None:
        self.passages: list[Passage] = []
        """Every connection since `arm`."""
        self.struck = asyncio.Event()
        self.port = 0
        self.moved_at = 0.0
        self.upstream = upstream
        self._strike: Strike | None = None
        self._open: set[Passage] = set()
        self._quiet = asyncio.Event()
        self._joining: set[asyncio.Task[None]] = set()

    def arm(self, strike: Strike | None = None) -> None:
        """Let the next connection, and only that one, meet a fault."""
        self.moved()
        self.passages = []
        self.struck.clear()
        self._strike = strike

    def release(self) -> None:
        """Let late bytes through."""
        for one in tuple(self._open):
            one.release()

    def still(self, seconds: float) -> bool:
        """Say whether bytes are held back, or none has moved for so long."""
        held = any(one.holding for one in self._open)
        return held or asyncio.get_running_loop().time() - self.moved_at >= seconds

    async def quiet(self) -> None:
        """Drop what is open, and return when no connection is."""
        for one in tuple(self._open):
            one.drop()
        while self._open or self._joining:
            self._quiet.clear()
            await self._quiet.wait()

    def moved(self) -> None:
        """Take note that a byte has moved."""
        self.moved_at = asyncio.get_running_loop().time()

    def gone(self, passage: Passage) -> None:
        self._open.discard(passage)
        self._quiet.set()

    def _taken(self) -> _End:
        passage = Passage(self, self._strike)
        self._strike = None
        self.passages.append(passage)
        self._open.add(passage)
        task = asyncio.get_running_loop().create_task(self._join(passage))
        self._joining.add(task)
        task.add_done_callback(self._joined)
        return _End(passage, Way.REQUEST)

    async def _join(self, passage: Passage) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(
                lambda: _End(passage, Way.ANSWER), "127.0.0.1", self.upstream
            )
        except OSError:
            passage.drop()

    def _joined(self, task: asyncio.Task[None]) -> None:
        self._joining.discard(task)
        self._quiet.set()


@contextlib.asynccontextmanager
async def wired(upstream: int) -> AsyncIterator[Wire]:
    """Serve a line to a port of this machine until the block ends."""
    wire = Wire(upstream)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(wire._taken, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()
        await wire.quiet()
        await server.wait_closed()


_NO_LINGER: Final = struct.pack("ii", 1, 0)


def _reset(transport: asyncio.Transport) -> None:
    """Close with RST instead of FIN."""
    found = transport.get_extra_info("socket")
    if found is not None:
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
