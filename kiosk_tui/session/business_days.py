"""Closes a business day by itself, when the next one has begun (`day.close = "automatic"`).

Also a day that ended while the machine was off, as soon as it is on again. Nothing here costs a payment: it
reads and writes beside the register, in a thread, and what fails is logged and tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from kiosk_tui.domain.days import DayReport, NothingToCloseError, is_due
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.day_reports import first_open
from kiosk_tui.receipt import day_report
from kiosk_tui.receipt.receipts import Receipts
from kiosk_tui.session.day import close_business_day, day_clock, report_lines, utc_now
from kiosk_tui.session.launch import Launch

log = logging.getLogger(__name__)

LOOK_S: Final = 60.0


class BusinessDays:
    """One register's. `receipts` prints the report of a day that was closed, or is None."""

    def __init__(
        self, launch: Launch, receipts: Receipts | None, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._now = now
        self._launch = launch
        self._receipts = receipts
        self._clock = day_clock(launch)
        self._looked_on: object = None

    async def run(self) -> None:
        """Close each day that has ended, until this is cancelled."""
        while True:
            now = self._now()
            # once in a day, and after a failure: the journal's events are read for it
            if self._clock.day(now) != self._looked_on:
                await self._look(now)
            await asyncio.sleep(LOOK_S)

    async def _look(self, now: datetime) -> None:
        try:
            day = await asyncio.to_thread(self._close_what_is_due, now)
        except JournalUnavailableError as error:
            log.warning("the day cannot be closed: %s", error)
            return
        self._looked_on = self._clock.day(now)
        if day is not None:
            log.info("day %s (%s) is closed", day.number, day.day)
            await self._print(day)

    def _close_what_is_due(self, now: datetime) -> DayReport | None:
        if not is_due(first_open(self._launch.journal), now, self._clock):
            return None
        try:
            return close_business_day(self._launch, now, ended=True)
        except NothingToCloseError:  # somebody else has closed it
            return None

    async def _print(self, day: DayReport) -> None:
        if self._receipts is not None:
            laid_out = partial(report_lines, self._launch, day)
            await self._receipts.print_lines(day_report.name(day), laid_out)
