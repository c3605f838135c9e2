"""An event loop whose time jumps to the next timer, and whose processes can be killed at any await.

Owns: virtual time, and which process a callback belongs to. A process is a context variable: every
callback that asyncio schedules carries its context, so a killed process simply runs no more. Nothing
of it is unwound: no `finally`, no cancellation, as with SIGKILL.
"""

from __future__ import annotations

import asyncio
import heapq
from asyncio import Handle, TimerHandle
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any

WORLD = 0
"""The number of what is no process: line, terminal, host, operator. It cannot be killed."""

PROCESS: ContextVar[int] = ContextVar("process", default=WORLD)


MOST_TURNS = 20_000
"""More rounds than this without time passing are one that never ends; real ones need some hundreds."""


class StuckError(Exception):
    """Nothing is left to happen, or the same for ever, but the schedule is not over."""


class Loop(asyncio.AbstractEventLoop):
    """The least that asyncio, httpx and Starlette need of a loop; no selector, no thread."""

    def __init__(self) -> None:
        self.now = 0.0
        self.steps = 0
        """Callbacks that the present process has run: where a kill can strike."""
        self.kill_at: int | None = None
        self.on_kill: Callable[[], None] = lambda: None
        self.living = WORLD
        self._ready: deque[Handle] = deque()
        self._timers: list[tuple[float, int, TimerHandle]] = []
        self._order = 0
        self._turns = 0
        self._over = False

    # -- what the simulation does with it -------------------------------------------------------

    def run(self, until_s: float) -> None:
        """Run until `finish` is called. Raises `StuckError` when time passes `until_s` before."""
        asyncio._set_running_loop(self)
        try:
            while not self._over:
                self._turn(until_s)
        finally:
            asyncio._set_running_loop(None)

    def finish(self) -> None:
        """End `run` after the present callback."""
        self._over = True

    def spawn(self, process: int, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start a task that belongs to a process, or to the world."""
        context = copy_context()
        context.run(PROCESS.set, process)
        return asyncio.Task(work, loop=self, context=context)

    def _turn(self, until_s: float) -> None:
        ready = self._ready
        self._turns += 1
        if not ready:
            self._turns = 0
            self._jump(until_s)
        if self._turns > MOST_TURNS:
            raise StuckError("Something happens for ever, and no time passes.")
        for _ in range(len(ready)):
            handle = ready.popleft()
            if handle._cancelled:
                continue
            process = handle._context.get(PROCESS, WORLD)  # type: ignore[attr-defined]
            if process != WORLD:
                if process != self.living:
                    continue
                self.steps += 1
                if self.steps == self.kill_at:
                    self.on_kill()
                    continue
            handle._run()
            if self._over:
                return

    def _jump(self, until_s: float) -> None:
        timers = self._timers
        while timers and timers[0][2]._cancelled:
            heapq.heappop(timers)
        if not timers:
            raise StuckError("Nothing is left to happen.")
        self.now = max(self.now, timers[0][0])
        if self.now > until_s:
            raise StuckError(f"It is not over after {until_s:.0f} s.")
        while timers and timers[0][0] <= self.now:
            timer = heapq.heappop(timers)[2]
            if not timer._cancelled:
                self._ready.append(timer)

    # -- what asyncio asks of a loop ------------------------------------------------------------

    def time(self) -> float:
        return self.now

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> Handle:
        handle = Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def call_later(  # type: ignore[override]
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> TimerHandle:
        return self.call_at(self.now + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> TimerHandle:
        timer = TimerHandle(when, callback, args, self, context)
        self._order += 1
        heapq.heappush(self._timers, (when, self._order, timer))
        return timer

    def _timer_handle_cancelled(self, handle: TimerHandle) -> None:
        """Do nothing: cancelled timers are dropped when their time comes."""

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Any, *, name: str | None = None, context: Context | None = None
    ) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, name=name, context=context)

    def run_in_executor(  # type: ignore[override]
        self, _executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Do it in a step of its own: a kill strikes before it, or after it and before anybody knows."""
        done = self.create_future()
        self.call_soon(_work, done, func, args)
        return done

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Tasks of a killed process are destroyed while pending: that is the idea."""

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        """Nobody is told."""


def _work(done: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        result = func(*args)
    except Exception as error:  # noqa: BLE001 - handed to whoever waits
        if not done.cancelled():
            done.set_exception(error)
    else:
        if not done.cancelled():
            done.set_result(result)
