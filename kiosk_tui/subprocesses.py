"""Runs another program: no shell, a process group of its own, and none of it left when nobody waits for it.

What is somebody else's gets nothing of this process's environment but the usual names: no key, no folder of
credentials. What is this program itself gets what was given to it, but for what systemd gives to one process.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from kiosk_tui.isolation import NOT_PASSED, program

KILLED_S: Final = 5.0
"""So long a killed process is waited for."""

_KEPT: Final = ("PATH", "HOME", "LANG", "TZ", "USER")


@contextlib.asynccontextmanager
async def foreign(
    command: Sequence[str], told: Mapping[str, str], *, answers: bool
) -> AsyncIterator[Process]:
    """Run somebody else's program for the length of a block; it is asked by its input.

    `told` are more variables of its environment. Its output is dropped, but where it `answers`. Raises
    `OSError`, `ValueError` where it cannot be run.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    async with _running(command, kept | dict(told), PIPE, PIPE if answers else DEVNULL) as process:
        yield process


@contextlib.asynccontextmanager
async def own(arguments: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[Process]:
    """Run this very program for the length of a block: it is asked nothing and says nothing. Raises `OSError`."""
    given = {name: value for name, value in environment.items() if name not in NOT_PASSED}
    async with _running((*program(), *arguments), given, DEVNULL, DEVNULL) as process:
        yield process


@contextlib.asynccontextmanager
async def _running(
    command: Sequence[str], environment: Mapping[str, str], stdin: int, stdout: int
) -> AsyncIterator[Process]:
    starting = asyncio.create_task(
        asyncio.create_subprocess_exec(
            *command,
            stdin=stdin,
            stdout=stdout,
            stderr=DEVNULL,
            env=environment,
            start_new_session=True,
        )
    )
    try:
        await _done(starting)
    except asyncio.CancelledError:
        # cut off in the middle of a start, asyncio kills the program alone, and waits without an end for
        # whatever that has started
        with contextlib.suppress(OSError, ValueError):
            await _end(starting.result())
        raise
    process = starting.result()
    try:
        yield process
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    """Kill it, with all that it started, where it has not ended; what it still says is dropped."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await _done(asyncio.create_task(_ended(process)))


async def _ended(process: Process) -> None:
    with contextlib.suppress(TimeoutError):  # one that a dead disk holds is killed later
        async with asyncio.timeout(KILLED_S):
            await process.communicate()


async def _done(task: asyncio.Task[Any]) -> None:
    """Wait until it is done, whoever does not want to wait any more; raise their `CancelledError` then."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
