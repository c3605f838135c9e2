"""The screens in a thread of their own, with a loop of their own: what they wait for holds nothing else up.

A thread, and not a process: it costs no memory of its own, and what a process would add (to outlive a
crash of the interpreter) the journal gives already. The register keeps the main thread, which alone
hears signals.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.other_loop import OtherLoop

log = logging.getLogger(__name__)

T = TypeVar("T")

LEAVE_S: Final = 5.0
"""So long an app that was told to end may take; then whoever owns it goes on without it."""


class ScreenThread:
    """One app, as the loop that owns it reaches it."""

    def __init__(self, *, after_fault: bool = False) -> None:
        self.app = KioskApp(after_fault=after_fault)
        self._owner = OtherLoop.here()
        self._loop: OtherLoop | None = None
        self._told: list[tuple[Callable[..., object], tuple[object, ...]]] = []
        self._begun = asyncio.Event()
        self._painted = asyncio.Event()
        self._ended = asyncio.Event()
        self._leaving = asyncio.Event()
        self._result: int | None = None

    def start(self) -> None:
        """Begin to show the first picture."""
        # a daemon: nothing of a screen keeps the process from ending
        threading.Thread(target=self._run, name="screen", daemon=True).start()

    def tell(self, what: Callable[..., object], *arguments: object) -> None:
        """Call something of the app in its own loop, as soon as there is one. Never waits."""
        if self._loop is None:
            self._told.append((what, arguments))
        else:
            self._loop.soon(what, *arguments)

    async def ask(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do something in the app's loop, and wait for it. Who asks sets a deadline."""
        await self._begun.wait()
        if self._loop is None:  # pragma: no cover - it has begun
            raise RuntimeError("the screen has no loop")
        return await self._loop.begin(work())

    async def painted(self) -> None:
        """Wait until the first picture is on the screen."""
        await self._painted.wait()

    async def began(self) -> bool:
        """Wait for the first picture; False where the app ended, or was told to end, before it."""
        painted = asyncio.create_task(self._painted.wait())
        ended = asyncio.create_task(self.ended())
        await asyncio.wait({painted, ended}, return_when=asyncio.FIRST_COMPLETED)
        painted.cancel()
        ended.cancel()
        return self._painted.is_set()

    @property
    def failed(self) -> bool:
        """Whether the app ended by a fault of ours; one that was told to end may end in any way."""
        return self.app.crashed and not self._leaving.is_set()

    def leave(self, code: int) -> None:
        """Let the app end with this code."""
        self._result = code
        self._leaving.set()
        self.tell(self.app.exit, code)

    async def ended(self) -> int | None:
        """Wait for the app's end, and return its code; one that does not end when told is left behind."""
        ended = asyncio.create_task(self._ended.wait())
        leaving = asyncio.create_task(self._leaving.wait())
        try:
            await asyncio.wait({ended, leaving}, return_when=asyncio.FIRST_COMPLETED)
            _, late = await asyncio.wait({ended}, timeout=LEAVE_S)
            if late:
                log.error("the screen does not end; the register goes on without it")
        finally:
            ended.cancel()
            leaving.cancel()
        return self._result

    # -- the thread --------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._show())

    async def _show(self) -> None:
        self._owner.soon(self._begin, OtherLoop.here())
        watching = asyncio.create_task(self._watch_paint())
        try:
            result = await self.app.run_async()
            if not self._leaving.is_set():
                self._result = result
        except BaseException:
            log.exception("the screen failed")
            self.app.crashed = True
        finally:
            watching.cancel()
            # not after the loop's own end: it waits for whatever its threads still do
            self._owner.soon(self._ended.set)

    async def _watch_paint(self) -> None:
        await self.app.painted.wait()
        self._owner.soon(self._painted.set)

    def _begin(self, loop: OtherLoop) -> None:
        self._loop = loop
        for what, arguments in self._told:
            loop.soon(what, *arguments)
        self._told.clear()
        self._begun.set()
