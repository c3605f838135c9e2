"""Tasks that outlive any screen. They end when the register is closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class BackgroundTasks:
    """Tasks of one register; `pause_s` seconds pass before one that failed is taken up again."""

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Awaitable[None]) -> None:
        """Let this go on, whoever asked for it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do this for as long as the register lives, even after a fault of ours in it."""
        self.begin(self._keep(work))

    async def close(self) -> None:
        """Cancel all of them, and wait for their end."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception:
                log.exception("a duty of the register failed and is taken up again")
                await asyncio.sleep(self._pause_s)
