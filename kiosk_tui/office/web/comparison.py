"""The comparison of journals with TECS: seconds of work for millions of rows, so it is kept for a while.

It runs beside the pages, on a connection of its own, one at a time: nobody waits for it but the first,
and he not for long.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk_tui.office.database import Pool
from kiosk_tui.office.queries.found import moment
from kiosk_tui.office.reconciliation.compare import disagreements
from kiosk_tui.office.reconciliation.disagreement import Disagreement
from kiosk_tui.office.settings import OfficeSettings

DAYS: Final = 35
PATIENCE_S: Final = 5.0
"""So long is a page held up when nothing was compared yet."""
KEPT_S: Final = 60.0
_KEPT_TIMES: Final = 20
"""It is kept for so many times as long as it took: it never takes more than a twentieth of the time."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found, and when by the database's clock; good `until`, by `time.monotonic`."""

    found: tuple[Disagreement, ...]
    at: datetime
    until: float

    @property
    def confirmed(self) -> tuple[Disagreement, ...]:
        """What is sure; the rest are questions."""
        return tuple(one for one in self.found if one.confirmed)


class Comparison:
    """The last comparison, made anew when it is old and somebody asks."""

    def __init__(self, settings: OfficeSettings, pool: Pool) -> None:
        """Compare nothing yet."""
        self._settings = settings
        self._pool = pool
        self._made: Compared | None = None
        self._task: asyncio.Task[None] | None = None

    async def latest(self) -> Compared | None:
        """Return the last one, a little old perhaps; None where the first is not ready yet."""
        if self._made is None or time.monotonic() >= self._made.until:
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._make())
            if self._made is None:
                await asyncio.wait({self._task}, timeout=PATIENCE_S)
        return self._made

    def forget(self) -> None:
        """Let the next who asks have a new one."""
        self._made = None

    async def _make(self) -> None:
        began = time.monotonic()
        try:
            async with self._pool.acquire() as connection:
                now = await moment(connection)
                found = await disagreements(connection, self._settings, DAYS, now)
        except Exception:
            log.exception("journals and TECS could not be compared")
            return
        took = time.monotonic() - began
        self._made = Compared(found, now, began + took + max(KEPT_S, _KEPT_TIMES * took))
