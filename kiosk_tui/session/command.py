"""A register without a screen: opened, used for one command, closed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from kiosk_tui.payment.register import Register
from kiosk_tui.session.front import COMMAND, Duties, Reason
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.session import Session

T = TypeVar("T")


class CommandFront:
    """One command: it leaves when its work is done, and a signal gives up what it waits for."""

    failed = False
    resting = True

    def __init__(self, duties: Duties) -> None:
        self.session = Session(self, duties)
        self._asked: set[asyncio.Task[None]] = set()

    async def alive(self) -> bool:
        """Answer at once; nobody supervises a command."""
        return True

    async def attach(self, opened: OpenRegister) -> None:
        """Take signals from now on; before, there is nothing to give up, and they end the command."""
        self._register = opened.register
        self.session.catch_signals()

    def told(self, news: object) -> None:
        """Hear nothing: what keeps a command from its register is raised."""

    def leave(self, why: Reason) -> None:  # noqa: ARG002 - whatever the reason is
        """Ask the terminal for the payment's end: the answer still decides."""
        task = asyncio.get_running_loop().create_task(self._register.give_up())
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)


@contextlib.asynccontextmanager
async def opened(launch: Launch, duties: Duties = COMMAND) -> AsyncIterator[Register]:
    """Hold an open register for the length of a block. Raises `SessionError`, or `ConfigError`.

    What an earlier process left open is taken up before the block.
    """
    async with CommandFront(duties).session as session:
        session.begin(lambda: launch)
        yield (await session.open()).register


def use(launch: Launch, work: Callable[[Register], Awaitable[T]], duties: Duties = COMMAND) -> T:
    """Open a register, do the work with it, close it. Raises like `opened`, and what the work raises."""

    async def whole() -> T:
        async with opened(launch, duties) as register:
            return await work(register)

    return asyncio.run(whole())
