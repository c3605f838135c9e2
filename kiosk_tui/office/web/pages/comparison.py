"""The comparison of journals with TECS: seconds of work for millions of rows, so it is kept for a while."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.applications import Starlette

from kiosk_tui.office.queries.found import moment
from kiosk_tui.office.reconciliation.compare import disagreements
from kiosk_tui.office.reconciliation.disagreement import Disagreement
from kiosk_tui.office.web.page import PageRequest

DAYS: Final = 35
_KEPT_S: Final = 30.0
_KEPT_TIMES: Final = 20
"""It is kept for so many times as long as it took: so it never takes more than a twentieth of the time."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found, when, and by `time.monotonic` until when it is good."""

    found: tuple[Disagreement, ...]
    at: datetime
    until: float

    @property
    def confirmed(self) -> tuple[Disagreement, ...]:
        """What is sure; the rest are questions."""
        return tuple(one for one in self.found if one.confirmed)


async def comparison(asked: PageRequest) -> Comparison:
    """Return what journals and TECS disagree on, as of some seconds or minutes ago."""
    app: Starlette = asked.http.app
    state = app.state
    lock: asyncio.Lock = state.comparing
    kept: Comparison | None = state.comparison
    if kept is not None and (lock.locked() or time.monotonic() < kept.until):
        return kept
    async with lock:
        kept = state.comparison
        if kept is not None and time.monotonic() < kept.until:
            return kept
        began = time.monotonic()
        now = await moment(asked.connection)
        found = await disagreements(asked.connection, asked.settings, DAYS, now)
        took = time.monotonic() - began
        done = Comparison(found, now, began + took + max(_KEPT_S, _KEPT_TIMES * took))
        state.comparison = done
        return done
