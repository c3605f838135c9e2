"""Starting a journal anew, when a person says so: the old files are moved aside, never deleted.

Invariant: no id of the old journal is used again, as far as its mark or its file still tells.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from kiosk_tui.journal.mark import Known, Mark
from kiosk_tui.journal.opening import connect
from kiosk_tui.payment.ports import JournalUnavailableError

_PARTS: Final = ("-wal", "-shm", "", ".mark")
"""The mark goes last: when this is broken off, the journal is still known to be gone."""


class JournalWholeError(Exception):
    """There is nothing wrong with the journal; the text is a sentence."""


def start_anew(path: Path, note: str, now: datetime) -> tuple[Path, ...]:
    """Move a refused journal aside and make an empty one; return what was moved.

    The caller holds the `WriterLock`. Raises `JournalWholeError` when the journal can be used, or
    `JournalUnavailableError` when the disk does not take the new one.
    """
    why = why_refused(path)
    if not why:
        raise JournalWholeError(f"The journal {path} is whole: there is no reason for a new one.")
    floor = last_id(path)
    try:
        moved = move_aside(path, now)
        connection = connect(path)
        try:
            origin = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {note} ({why})"
            connection.execute("UPDATE register SET last_id = ?, origin = ?", (floor, origin))
            (identity,) = connection.execute("SELECT identity FROM register").fetchone()
            Mark(path).make(Known(identity, floor))
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        raise JournalUnavailableError(
            f"No new journal could be made at {path}: {error}."
        ) from error
    return moved


def why_refused(path: Path) -> str:
    """Return why the journal is refused, or nothing when it can be used."""
    if not os.path.lexists(path) and not Mark(path).exists():
        return ""
    try:
        connect(path).close()
    except (JournalUnavailableError, sqlite3.Error, OSError) as error:
        return str(error)
    return ""


def last_id(path: Path) -> int:
    """Return the highest id that may have been used, as far as mark or file still tells."""
    known = Mark(path).read()
    found = 0 if known is None else known.last_id
    if not path.is_file():
        return found
    with contextlib.suppress(sqlite3.Error):
        raw = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            found = max(found, raw.execute("SELECT last_id FROM register").fetchone()[0])
        finally:
            raw.close()
    return found


def move_aside(path: Path, now: datetime, parts: Sequence[str] = _PARTS) -> tuple[Path, ...]:
    """Give the files of a journal other names, in this order; return these. Raises `OSError`."""
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (f"{path.name}.aside-{stamp}" + f"-{number}" * bool(number) for number in count())
    aside = next(path.with_name(name) for name in names if not _taken(path.with_name(name)))
    moved = []
    for part in parts:
        old = path.with_name(path.name + part)
        if os.path.lexists(old):
            moved.append(old.rename(aside.with_name(aside.name + part)))
    return tuple(moved)


def _taken(aside: Path) -> bool:
    return any(os.path.lexists(aside.with_name(aside.name + part)) for part in _PARTS)
