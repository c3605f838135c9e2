"""Connections of POS software: accepted, bounded, and dropped when they do not read."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Final

from kiosk_tui.records import dataclass
from kiosk_tui.remote.pos.admission import Admission
from kiosk_tui.remote.pos.dispatcher import Dispatcher
from kiosk_tui.remote.pos.protocol import Complaint, Hello, answer, farewell, parse
from kiosk_tui.remote.sockets.lines import LONGEST, LineTooLongError, Outbox, line

log = logging.getLogger(__name__)

MOST_WAITING: Final = 64
"""Lines that wait for a slow reader."""
GREET_S: Final = 5.0
"""So long a connection that needs a token has to say hello: a program says it at once."""


@dataclass(frozen=True, slots=True)
class PosSocket:
    """A listening socket. One with a `token` does nothing for a connection that has not said it."""

    socket: socket.socket
    token: str = ""


class PosServer:
    """Serves connections until it is closed; a payment goes on without any of them.

    Connections to one socket keep nobody out of another. `greet_s` is how long, in seconds, a
    connection may take to say the token.
    """

    def __init__(self, dispatcher: Dispatcher, greet_s: float = GREET_S) -> None:
        self._dispatcher = dispatcher
        self._greet_s = greet_s
        self._servers: list[asyncio.Server] = []
        self._open: dict[Outbox, asyncio.Task[None]] = {}

    async def listen(self, at: PosSocket) -> None:
        """Accept connections on a socket."""
        admission = Admission(at.token)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(reader, writer, admission)

        # Not start_unix_server, for a Unix socket either: since Python 3.13 that looks its name up, which
        # holds the number of a folder that is closed by now.
        server = await asyncio.start_server(connected, sock=at.socket, limit=LONGEST)
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
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, admission: Admission
    ) -> None:
        outbox = Outbox(writer, MOST_WAITING, farewell)
        admission.come(outbox)
        mine = asyncio.current_task()
        if mine is None or outbox.ending:
            await outbox.run()
            return
        writing = asyncio.create_task(outbox.run())
        self._open[outbox] = mine
        conversation = _Conversation(self._dispatcher, reader, outbox, admission)
        reading = asyncio.create_task(conversation.run(self._greet_s))
        try:
            await asyncio.wait({reading, writing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            outbox.end()
            # not cancelled: what was asked for is done, whether its connection lives or not
            await asyncio.gather(reading, writing, return_exceptions=True)
            self._dispatcher.forget(outbox.put)
            admission.leave(outbox)
            del self._open[outbox]


class _Conversation:
    """One connection's requests, one after the other."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        reader: asyncio.StreamReader,
        outbox: Outbox,
        admission: Admission,
    ) -> None:
        self._dispatcher = dispatcher
        self._reader = reader
        self._outbox = outbox
        self._admission = admission

    async def run(self, greet_s: float) -> None:
        within_s = None if self._known else greet_s
        try:
            async with asyncio.timeout(within_s) as deadline:
                while not self._outbox.ending:
                    told = await line(self._reader)
                    if told is None:
                        return
                    await self._take(told)
                    if self._known:
                        deadline.reschedule(None)
        except TimeoutError:
            self._outbox.end(f"No token came within {within_s:g} seconds: say hello first.")
        except LineTooLongError:
            self._outbox.end(f"A line is longer than {LONGEST} bytes.")
        except Exception:
            log.exception("a request failed inside the register")
            self._outbox.end("The request failed inside the register: ask how it stands.")

    @property
    def _known(self) -> bool:
        return self._admission.knows(self._outbox)

    async def _take(self, told: bytes) -> None:
        tag, request = parse(told)
        if isinstance(request, Complaint):
            self._outbox.put(answer("error", tag, code=request.code, why=request.why))
            return
        if not self._known:
            self._admission.greet(self._outbox, request.token if isinstance(request, Hello) else "")
        if self._known:
            await self._dispatcher.take(request, tag, self._outbox.put)
