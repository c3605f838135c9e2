"""Work that may hang, off the event loop, and with an end: a printer must not hold up anybody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class HangsError(Exception):
    """The work did not end in time; it is left behind, and nothing new is begun until it ends."""


class PrinterThread:
    """Does one thing at a time in a thread that dies with the process."""

    def __init__(self, most_s: float) -> None:
        self._most_s = most_s
        self._turn = asyncio.Lock()
        self._stuck: threading.Thread | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Return what the work returns. Raises `HangsError`, and what the work raises."""
        async with self._turn:
            if self._stuck is not None and self._stuck.is_alive():
                raise HangsError
            loop = asyncio.get_running_loop()
            ended: asyncio.Future[T] = loop.create_future()
            thread = threading.Thread(
                target=_do, args=(work, loop, ended), name="printer", daemon=True
            )
            thread.start()
            try:
                async with asyncio.timeout(self._most_s):
                    return await ended
            except TimeoutError as error:
                if ended.done() and not ended.cancelled():
                    raise  # the work's own
                self._stuck = thread
                raise HangsError from error


def _do(work: Callable[[], T], loop: asyncio.AbstractEventLoop, ended: asyncio.Future[T]) -> None:
    def tell(result: T | None, error: BaseException | None) -> None:
        if ended.done():
            return
        if error is not None:
            ended.set_exception(error)
        else:
            ended.set_result(result)  # type: ignore[arg-type]

    result, fault = None, None
    try:
        result = work()
    except Exception as error:  # noqa: BLE001 - told to whoever waits
        fault = error
    try:
        loop.call_soon_threadsafe(tell, result, fault)
    except RuntimeError:
        return  # the loop is closed: nobody waits any more
