"""Another thread's event loop, as this thread reaches it: the register has one, the screens another.

Neither may ever wait for the other without being able to stop waiting, and work that was begun there
goes on, whatever happens to who asked for it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")


class OtherLoop:
    """A loop, from outside. Where it is this thread's own, everything works all the same."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    @classmethod
    def here(cls) -> Self:
        """Return the loop of this thread, for others to reach."""
        return cls(asyncio.get_running_loop())

    def soon(self, what: Callable[..., object], *arguments: object) -> None:
        """Call it there. A loop that has ended hears nothing."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what, *arguments)

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Begin work there; the future is this thread's. Raises `RuntimeError`: the loop has ended."""
        try:
            begun = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:
            work.close()
            raise
        return asyncio.wrap_future(begun)

    async def ask(self, work: Coroutine[Any, Any, T]) -> T:
        """Begin work there and wait for it here; whoever stops waiting does not stop the work."""
        return await asyncio.shield(self.begin(work))
