"""Keeps what came of a command, a file each, until head office has it. Loads little: the register writes here."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final

from kiosk_tui.files import writing
from kiosk_tui.fleet.folder import FleetFolder

_LONGEST: Final = 300


def note(folder: FleetFolder, n: int, sentence: str, *, ok: bool) -> None:
    """Keep what came of command `n`, durably, as a `CommandOutcome`. Raises `OSError`."""
    short = sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 4]} ..."
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    writing.make_folder(folder.outcomes)
    told = json.dumps({"n": n, "ok": ok, "sentence": short, "at": at})
    writing.replace(folder.outcomes / f"{n}.json", told)
