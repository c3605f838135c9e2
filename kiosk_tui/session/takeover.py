"""A second session on a register that is held: it sees who holds it, waits, and may ask for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Coroutine
from typing import Final, Self

from kiosk_tui.remote.link.client import ask_for_it, pictures
from kiosk_tui.remote.link.view import Denial, Held, RegisterView, read
from kiosk_tui.remote.sockets.places import SocketError
from kiosk_tui.session.launch import Launch

log = logging.getLogger(__name__)

LOOK_AGAIN_S: Final = 1.0


class Takeover:
    """Waits for the register; `told` hears how it is held. Used as a context."""

    def __init__(self, launch: Launch, told: Callable[[Held], None]) -> None:
        self._choice = launch
        self._told = told
        self._why = ""
        self._view: RegisterView | None = None
        self._denial: Denial | None = None
        self._free = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def wait(self, why: str) -> None:
        """Wait until it is worth a try again; `why` says who holds the register."""
        if not self._why:
            log.info("%s", why)
            self._spawn(self._follow())
        if why != self._why:
            self._why = why
            self._tell()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN_S):
                await self._free.wait()
        self._free.clear()

    def ask(self, pin: str) -> None:
        """Ask whoever holds the register for it."""
        self._spawn(self._ask(pin))

    async def _ask(self, pin: str) -> None:
        by = f"{self._choice.command} (process {os.getpid()})"
        self._denial = await ask_for_it(self._choice.journal, by, pin)
        self._tell()

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(SocketError):
                async with contextlib.aclosing(pictures(self._choice.journal)) as told:
                    async for line in told:
                        self._view = read(line)
                        self._tell()
            self._view = None
            self._free.set()
            self._tell()
            await asyncio.sleep(LOOK_AGAIN_S)

    def _tell(self) -> None:
        self._told(Held(self._why, self._view, self._denial))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
