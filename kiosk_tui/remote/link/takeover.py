"""A second session on a register that is held: it sees who holds it, waits, and may ask for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Final, Self

from kiosk_tui.records import dataclass
from kiosk_tui.remote.link.client import LinkError, take_over, watch
from kiosk_tui.remote.link.protocol import Denial, RegisterView
from kiosk_tui.remote.sockets.places import SocketError

log = logging.getLogger(__name__)

LOOK_AGAIN_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Held:
    """A register that another program holds: `why` names it; `view` is how it stands, if it tells.

    `denial` is what it said when it was asked for the register.
    """

    why: str
    view: RegisterView | None = None
    denial: Denial | None = None

    @property
    def asks_for_pin(self) -> bool:
        """Whether the other program gives the register up for its service PIN only: a kiosk does."""
        return self.view is not None and self.view.holder.mode == "kiosk"


class Takeover:
    """Waits for the register; `told` hears how it is held. Used as a context."""

    def __init__(self, journal: Path, command: str, told: Callable[[Held], None]) -> None:
        self._journal = journal
        self._by = f"{command} (process {os.getpid()})"
        self._told = told
        self._why = self._trouble = ""
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
        self._denial = await take_over(self._journal, self._by, pin)
        self._tell()

    async def _follow(self) -> None:
        while True:
            trouble = ""
            try:
                async with contextlib.aclosing(watch(self._journal)) as views:
                    async for view in views:
                        self._view, self._trouble = view, ""
                        self._tell()
            except LinkError as error:
                trouble = str(error)
            except SocketError:
                pass  # not for us: `why` says who holds it
            self._view, self._trouble = None, trouble
            self._free.set()
            self._tell()
            await asyncio.sleep(LOOK_AGAIN_S)

    def _tell(self) -> None:
        self._told(Held(f"{self._why} {self._trouble}".strip(), self._view, self._denial))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
