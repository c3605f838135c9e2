"""One register's link: a socket beside the journal. It costs a payment nothing.

A watcher who is slow gets the newest state and not those between; one who is stuck, or who speaks, is
dropped. A socket that cannot be opened costs only a line in the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from pathlib import Path
from typing import Final

from kiosk_tui import __version__
from kiosk_tui.payment.register import Register
from kiosk_tui.remote.link import older
from kiosk_tui.remote.link.policy import TakeoverPolicy
from kiosk_tui.remote.link.protocol import (
    BEAT_S,
    LINK,
    Denial,
    Do,
    Greeting,
    Holder,
    LinkRequest,
    MessageError,
    TakeoverAnswer,
    link_socket,
    read,
    write,
)
from kiosk_tui.remote.link.status import StatusFeed
from kiosk_tui.remote.sockets.lines import LineTooLongError, line
from kiosk_tui.remote.sockets.places import SocketError, listening, peer

log = logging.getLogger(__name__)

LONGEST: Final = 1024
"""Bytes of a request."""
ASK_S: Final = 10.0
"""So long a connection may take to say what it is for."""
MOST_ASKING: Final = 4
"""So many connections may not have said it yet, or ask for the register."""
MOST_WATCHERS: Final = 8
STUCK_S: Final = 10.0
"""A watcher who has not taken a state for so long is dropped."""
LEAST_S: Final = 0.1
"""A watcher hears at most so often."""


class LinkServer:
    """Lets others watch a register, and take it over where there is a `takeover` policy."""

    def __init__(
        self, register: Register, holder: Holder, takeover: TakeoverPolicy | None = None
    ) -> None:
        self._status = StatusFeed(register, holder, self._changed)
        self._takeover = takeover
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._asking: set[asyncio.Task[None]] = set()
        self._watching: set[asyncio.Event] = set()
        self.shown = self._status.shown
        self.ending = self._status.ending

    async def start(self, journal: Path) -> None:
        """Let others in from now on. Failing to do so is logged, and nothing else."""
        try:
            older.clear(journal)
            made = listening(link_socket(journal))
        except SocketError as error:
            log.warning("nobody can watch or take over: %s", error)
            return
        await self._status.load()
        # Not start_unix_server: since Python 3.13 that looks the socket's name up, which holds the
        # number of a folder that is closed by now.
        self._server = await asyncio.start_server(self._accept, sock=made, limit=LONGEST)

    async def stop(self) -> None:
        """Let nobody in any more, and end every connection but the one that this runs in."""
        if self._server is not None:
            self._server.close()
        others = [task for task in self._connections if task is not asyncio.current_task()]
        for task in others:
            self._connections[task].transport.abort()
        await asyncio.gather(*others, return_exceptions=True)

    def _changed(self) -> None:
        for change in self._watching:
            change.set()

    # -- connections -------------------------------------------------------------------------------

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        _, user = peer(writer.get_extra_info("socket"))
        if task is None or len(self._asking) >= MOST_ASKING or user not in (0, os.geteuid()):
            writer.transport.abort()
            return
        self._connections[task] = writer
        try:
            with contextlib.suppress(ConnectionError, TimeoutError, LineTooLongError, MessageError):
                await self._serve(task, reader, writer)
        finally:
            del self._connections[task]
            writer.transport.abort()

    async def _serve(
        self, task: asyncio.Task[None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._asking.add(task)
        try:
            writer.write(write(Greeting(LINK, __version__)))
            async with asyncio.timeout(ASK_S):
                told = await line(reader)
            if told is None:
                return
            request = read(LinkRequest, told)
            if request.do is Do.TAKE_OVER:
                await self._hand_over(request, writer)
        finally:
            self._asking.discard(task)
        if request.do is Do.WATCH and len(self._watching) < MOST_WATCHERS:
            await self._tell(reader, writer)

    async def _hand_over(self, request: LinkRequest, writer: asyncio.StreamWriter) -> None:
        by = "".join(one for one in request.by if one.isprintable())[:200]
        takeover = self._takeover if by else None
        why_not = Denial.UNAVAILABLE if takeover is None else await takeover.decide(by, request.pin)
        with contextlib.suppress(ConnectionError):
            writer.write(write(TakeoverAnswer(granted=why_not is None, why=why_not)))
            await writer.drain()
        if takeover is not None and why_not is None:
            log.info("the register is handed over to %s", by)
            takeover.given(by)

    async def _tell(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Tell one watcher how things stand, until it goes, speaks or is stuck."""
        writer.transport.set_write_buffer_limits(high=0)
        change = asyncio.Event()
        change.set()
        self._watching.add(change)
        leaving = asyncio.create_task(reader.read(1))  # gone, or speaking, which is not for it
        try:
            while not leaving.done():
                waiting = asyncio.create_task(change.wait())
                await asyncio.wait(
                    {waiting, leaving}, timeout=BEAT_S, return_when=asyncio.FIRST_COMPLETED
                )
                waiting.cancel()
                if leaving.done():
                    return
                change.clear()
                writer.write(write(self._status.view()))
                async with asyncio.timeout(STUCK_S):
                    await writer.drain()
                await asyncio.sleep(LEAST_S)
        finally:
            self._watching.discard(change)
            leaving.cancel()
