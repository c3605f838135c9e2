"""A register without a screen: opened, used for one command, closed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.signals import ENDING
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.lock import JournalBusyError
from kiosk_tui.observe import logs
from kiosk_tui.payment.register import Register
from kiosk_tui.session.launch import Launch, UnavailableError
from kiosk_tui.session.register import open_register, reporter

T = TypeVar("T")


class HeldError(CommandError):
    """Another process holds the journal; the text says which."""


def with_register(
    launch: Launch,
    busy: Exit,
    work: Callable[[Register], Awaitable[T]],
    *,
    alerting: bool = False,
) -> T:
    """Open the register, take up what an earlier process left open, do the work, close.

    `alerting`: whoever has to is alerted before the end, which nobody may be waiting for. `busy` is
    the exit code when the journal cannot be opened. Raises `CommandError`; `HeldError` when another
    process holds it.
    """

    async def whole() -> T:
        async with opened(launch, busy, alerting=alerting) as register:
            return await work(register)

    return asyncio.run(whole())


@contextlib.asynccontextmanager
async def opened(launch: Launch, busy: Exit, *, alerting: bool = False) -> AsyncIterator[Register]:
    """Hold an open register for the length of a block. Raises `CommandError`."""
    # without a place to go to, Python would print warnings among the command's own words
    logs.begin(launch.journal.with_name("kiosk-tui.log"), to=launch.config.log.to)
    mode = launch.config.kiosk.mode
    try:
        held = await open_register(launch, mode)
    except JournalBusyError as error:
        raise HeldError(busy, str(error)) from error
    except JournalUnavailableError as error:
        raise CommandError(busy, str(error)) from error
    except UnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    machines = reporter(launch)
    machines.attach(held.register)
    try:
        _give_up_on_signals(held.register)
        await held.register.look()
        yield held.register
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    finally:
        await machines.close(alerting=alerting)
        await held.close(patience_s=0.0)


def _give_up_on_signals(register: Register) -> None:
    """Make Ctrl-C, SIGQUIT and SIGTERM ask for the payment's end: the answer still decides."""
    loop = asyncio.get_running_loop()
    waiting: set[asyncio.Task[None]] = set()

    def ask() -> None:
        task = loop.create_task(register.give_up())
        waiting.add(task)
        task.add_done_callback(waiting.discard)

    for number in ENDING:
        loop.add_signal_handler(number, ask)
