"""Tells watchers how things stand, over a socket beside the journal. It costs a payment nothing.

A watcher who is slow gets the newest picture and not those between; one who is stuck, or who speaks,
is dropped. A socket that cannot be opened costs only a line in the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import OPEN
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import Notification, TerminalTold, TransactionChanged
from kiosk_tui.payment.register import Register
from kiosk_tui.remote.link.snapshot import SHOWN, Holder, Scene, line
from kiosk_tui.remote.sockets.places import SocketError, listening

log = logging.getLogger(__name__)

MOST_WATCHERS: Final = 8
STUCK_S: Final = 10.0
"""A watcher who has not taken a picture for so long is dropped."""
BEAT_S: Final = 10.0
"""A picture comes at least so often: a register that hangs is known by its silence."""
LEAST_S: Final = 0.1
"""And at most so often."""


def watch_socket(journal: Path) -> Path:
    """Return where a register on this journal is watched."""
    return journal.with_name(journal.name + ".watch")


class Publisher:
    """One register's watchers."""

    def __init__(self, register: Register, holder: Holder) -> None:
        self._register = register
        self._holder = holder
        self._scene = Scene()
        self._last: deque[Transaction] = deque(maxlen=SHOWN)
        self._server: asyncio.Server | None = None
        self._changes: set[asyncio.Event] = set()
        self._telling: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        register.listen(self._heard)

    async def open(self, journal: Path) -> None:
        """Let others watch from now on. Failing to do so is logged, and nothing else."""
        try:
            made = listening(watch_socket(journal))
        except SocketError as error:
            log.warning("nobody can watch: %s", error)
            return
        with contextlib.suppress(JournalUnavailableError):
            newest = await self._register.newest(SHOWN)
            self._last.extend(one for one in newest if one.state not in OPEN)
        # Not start_unix_server: since Python 3.13 that looks the socket's name up, which holds the
        # number of a folder that is closed by now.
        self._server = await asyncio.start_server(self._accept, sock=made)

    def shown(self, screen: str) -> None:
        """Take note of the screen that is shown, by its name."""
        self._scene = replace(self._scene, screen=screen)
        self._changed()

    def ending(self, why: str) -> None:
        """Take note that the program ends, and why."""
        self._scene = replace(self._scene, ending=why)
        self._changed()

    async def close(self) -> None:
        """Let nobody watch any more."""
        if self._server is not None:
            self._server.close()
        for writer in self._telling.values():
            writer.transport.abort()
        await asyncio.gather(*self._telling, return_exceptions=True)

    def _heard(self, notification: Notification) -> None:
        if isinstance(notification, TransactionChanged):
            self._scene = replace(self._scene, told="")
            self._remember(notification.transaction)
        elif isinstance(notification, TerminalTold):
            self._scene = replace(self._scene, told=str(notification.state))
        self._changed()

    def _remember(self, one: Transaction) -> None:
        """Keep the newest results first, each once."""
        others = [other for other in self._last if other.id != one.id]
        ended = [one] if one.state not in OPEN else []
        self._last = deque([*ended, *others][:SHOWN], maxlen=SHOWN)

    def _changed(self) -> None:
        for change in self._changes:
            change.set()

    def _picture(self) -> bytes:
        return line(self._register, self._holder, replace(self._scene, last=tuple(self._last)))

    # -- watchers ------------------------------------------------------------------------------

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._telling) >= MOST_WATCHERS:
            writer.transport.abort()
            return
        self._telling[task] = writer
        change = asyncio.Event()
        change.set()
        self._changes.add(change)
        leaving = asyncio.create_task(reader.read(1))  # gone, or speaking, which is not for it
        try:
            with contextlib.suppress(ConnectionError, TimeoutError):
                await self._tell(writer, change, leaving)
        finally:
            self._changes.discard(change)
            del self._telling[task]
            leaving.cancel()
            writer.transport.abort()

    async def _tell(
        self, writer: asyncio.StreamWriter, change: asyncio.Event, leaving: asyncio.Task[bytes]
    ) -> None:
        writer.transport.set_write_buffer_limits(high=0)
        while not leaving.done():
            waiting = asyncio.create_task(change.wait())
            await asyncio.wait(
                {waiting, leaving}, timeout=BEAT_S, return_when=asyncio.FIRST_COMPLETED
            )
            waiting.cancel()
            if leaving.done():
                return
            change.clear()
            writer.write(self._picture())
            async with asyncio.timeout(STUCK_S):
                await writer.drain()
            await asyncio.sleep(LEAST_S)
