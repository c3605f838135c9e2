"""Lets the journal's chain be signed while a register is open: each hour, when a day was closed, at the end.

The key and its library are loaded in a process of its own, so that a register at rest is no bigger for it.
Nothing waits for that process but this: no payment, no day's end, and the program's own end only briefly.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk_tui import subprocesses
from kiosk_tui.domain.checkpoint import EVERY
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.fleet import signatures
from kiosk_tui.session.launch import Launch

log = logging.getLogger(__name__)

LOOK_S: Final = 60.0
"""The first look comes after it, too: the start has other things to do."""

SIGN_S: Final = 60.0
LAST_S: Final = 10.0
"""How long the process may take while the register is open, and at its end."""


class Checkpoints:
    """One register's. Where the library is not installed, or in the demo, nothing is signed."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._signs = signatures.available() and not launch.demo

    async def run(self) -> None:
        """Sign when it is due, until this is cancelled."""
        while self._signs:
            await asyncio.sleep(LOOK_S)
            if await self._is_due() and not await self._sign(SIGN_S):
                await asyncio.sleep(EVERY.total_seconds())

    async def last(self) -> None:
        """Sign what came since the last one, once the register is closed."""
        if self._signs and await self._is_due(EVERY):
            await self._sign(LAST_S)

    async def _is_due(self, ahead: timedelta = timedelta(0)) -> bool:
        try:
            return await asyncio.to_thread(self._look, ahead)
        except JournalUnavailableError as error:
            log.warning("no checkpoint is made: %s", error)
            return False

    def _look(self, ahead: timedelta) -> bool:
        from kiosk_tui.journal.reader import Reader  # noqa: PLC0415 - a minute after the start

        with closing(Reader(self._launch.journal)) as reader:
            return reader.checkpoint_is_due(datetime.now(UTC) + ahead)

    async def _sign(self, most_s: float) -> bool:
        file = self._launch.loaded.file
        named = () if file is None else ("--config", str(file))
        command = (*named, "journal", "checkpoint", "--sign")
        code = None
        try:
            async with subprocesses.own(command, self._launch.environment) as process:
                with suppress(TimeoutError):
                    async with asyncio.timeout(most_s):
                        code = await process.wait()
        except OSError as error:
            log.warning("the journal's chain was not signed: %s", error)
            return False
        if code != 0:
            log.warning("the journal's chain was not signed (exit code %s)", code)
        return code == 0
