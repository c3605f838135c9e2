"""How far head office has stored this journal's outbox: a small file of its own.

Missing, unreadable or another journal's, it means that nothing is known to be stored: head office is asked,
and nothing is pruned meanwhile.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

from kiosk_tui.files import writing
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Cursor:
    """`stored` is the last seq of the outbox that head office has, in the journal `epoch`.

    `send` are the days whose events are to be sent up to `compared`; None: every day's.
    """

    epoch: str
    stored: int
    compared: int = 0
    send: tuple[str, ...] | None = None


def read(path: Path, epoch: str) -> Cursor | None:
    """Return the cursor of this journal, or None."""
    try:
        given = json.loads(path.read_text("ascii"))
        send = given["send"]
        found = Cursor(
            str(given["epoch"]),
            int(given["stored"]),
            int(given["compared"]),
            None if send is None else tuple(map(str, send)),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
    days = all(re.fullmatch(r"[0-9]{8,11}", one) for one in found.send or ())
    return found if days and found.epoch == epoch and found.stored >= 0 else None


def write(path: Path, cursor: Cursor) -> None:
    """Keep a cursor, durably: a power cut leaves the one before or this one. Raises `OSError`."""
    writing.replace(path, json.dumps(asdict(cursor)))
