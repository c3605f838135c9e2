"""From the reference that a customer has, the end of an id, to the ids that it may be the end of.

An id begins with its day (`yyyymmdd`), so the days before the newest one's are tried, each by the
table's own key: the clock may be wrong, and a million rows are not read.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

LOOK_BACK_DAYS: Final = 400
"""Further back nobody asks a kiosk; `kiosk-tui journal` has all of it."""

_DAY: Final = 8


def possible_ids(newest: str, reference: str) -> list[str]:
    """Return the ids that a reference may belong to, given the newest id of the journal."""
    if len(newest) != _DAY + len(reference) or not reference.isdigit() or not reference.isascii():
        return []
    last = date(int(newest[:4]), int(newest[4:6]), int(newest[6:_DAY]))
    days = (last - timedelta(days) for days in range(LOOK_BACK_DAYS))
    return [f"{day:%Y%m%d}{reference}" for day in days]
