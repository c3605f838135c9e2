"""Connections of POS software: accepted, bounded, and dropped when they do not read."""

from __future__ import annotations

import asyncio
import hmac
import logging
import socket
from dataclasses import dataclass
from typing import Final

from kiosk_tui.pos.protocol import Complaint, Hello, answer, farewell, parse
from kiosk_tui.pos.till import Till
from kiosk_tui.sockets.lines import LONGEST, LineTooLongError, Outbox, line

log = logging.getLogger(__name__)

MOST_CONNECTIONS: Final = 16
MOST_WAITING: Final = 64
"""Lines that wait for a slow reader."""
GREET_S: Final = 10.0
"""So long a connection that needs a token has to say hello."""


@dataclass(frozen=True, slots=True)
class Door:
    """A listening socket; behind one with a token nothing is done before it was given."""

    socket: socket.socket
    token: str = ""


class PosServer:
    """Serves connections until it is closed; a payment goes on without any of them."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._servers: list[asyncio.Server] = []
        self._open: dict[Outbox, asyncio.Task[None]] = {}

    async def listen(self, door: Door) -> None:
        """Accept connections at a door."""

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(reader, writer, door.token)

        if door.socket.family is socket.AF_UNIX:
            server = await asyncio.start_unix_server(connected, sock=door.socket, limit=LONGEST)
        else:
            server = await asyncio.start_server(connected, sock=door.socket, limit=LONGEST)
        self._servers.append(server)

    async def close(self, why: str) -> None:
        """Accept nobody more, and say farewell to everybody."""
        for server in self._servers:
            server.close()
        serving = tuple(self._open.values())
        for outbox in tuple(self._open):
            outbox.end(why)
        await asyncio.gather(*serving, return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str
    ) -> None:
        outbox = Outbox(writer, MOST_WAITING, farewell)
        mine = asyncio.current_task()
        if mine is None or len(self._open) >= MOST_CONNECTIONS:
            outbox.end(f"{MOST_CONNECTIONS} connections are open already: close one.")
            await outbox.run()
            return
        writing = asyncio.create_task(outbox.run())
        self._open[outbox] = mine
        reading = asyncio.create_task(_Conversation(self._till, reader, outbox, token).run())
        try:
            await asyncio.wait({reading, writing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            outbox.end()
            # not cancelled: what was asked for is done, whether its connection lives or not
            await asyncio.gather(reading, writing, return_exceptions=True)
            self._till.forget(outbox.put)
            del self._open[outbox]


class _Conversation:
    """One connection's requests, one after the other."""

    def __init__(
        self, till: Till, reader: asyncio.StreamReader, outbox: Outbox, token: str
    ) -> None:
        self._till = till
        self._reader = reader
        self._outbox = outbox
        self._token = token

    async def run(self) -> None:
        try:
            async with asyncio.timeout(GREET_S if self._token else None) as greeting:
                while not self._outbox.ending:
                    told = await line(self._reader)
                    if told is None:
                        return
                    await self._take(told)
                    if not self._token:
                        greeting.reschedule(None)
        except TimeoutError:
            self._outbox.end(f"No token came within {GREET_S:g} seconds: say hello first.")
        except LineTooLongError:
            self._outbox.end(f"A line is longer than {LONGEST} bytes.")
        except Exception:
            log.exception("a request failed inside the register")
            self._outbox.end("The request failed inside the register: ask how it stands.")

    async def _take(self, told: bytes) -> None:
        tag, request = parse(told)
        if isinstance(request, Complaint):
            self._outbox.put(answer("error", tag, code=request.code, why=request.why))
            return
        if self._token:
            given = request.token if isinstance(request, Hello) else ""
            if not hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode()):
                self._outbox.end("The token is missing or wrong: say hello with it first.")
                return
            self._token = ""
        await self._till.take(request, tag, self._outbox.put)
