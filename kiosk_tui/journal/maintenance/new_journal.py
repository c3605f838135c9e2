"""Starts a new journal when a person asks for it: the old files are moved aside, never deleted.

Invariant: no id and no receipt number of the old journal is used again, as far as its watermark, its
anchor or its file still tells.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from kiosk_tui.domain.checkpoint import ChainEnd
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import chain, chain_start, rows
from kiosk_tui.journal.anchor import Anchor, open_anchored
from kiosk_tui.journal.database import prepare
from kiosk_tui.journal.maintenance import register_rows
from kiosk_tui.journal.watermark import Known, Watermark

T = TypeVar("T")

PARTS: Final = ("", "-wal", "-shm")
"""A journal's files, in the order of moving them: nobody opens a log that has no file beside it."""

_MADE: Final = ".new"
"""Ends the name of a journal that is complete and synced, and only has to be renamed."""

SKIPPED: Final = 10_000
"""Receipt numbers that are skipped where it is not certain which was the last.

Watermark and anchor lag by what the kernel keeps in memory (half a minute), a backup by a day. A
terminal that takes a payment every ten seconds, day and night, takes 8,640 in a day.
"""


class JournalWholeError(Exception):
    """There is nothing wrong with the journal; the text is a sentence."""


def start_anew(
    path: Path, note: str, now: datetime, anchor: Anchor | None = None
) -> tuple[Path, ...]:
    """Move a refused journal aside and make an empty one; return what was moved.

    The anchor names the new one from then on. The caller holds the `WriterLock`. Raises
    `JournalWholeError` when the journal can be used, or `JournalUnavailableError` when the disk refuses
    the new one.
    """
    why = why_refused(path, anchor)
    if not why:
        raise JournalWholeError(f"The journal {path} is whole: there is no reason for a new one.")
    last = reached_by(path, anchor)
    try:
        made = path.with_name(path.name + _MADE)
        origin = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {note} ({why})"
        reached = _make(made, path, last, origin, now)
        moved = take_place(made, path, reached, now, anchor)
    except (OSError, sqlite3.Error) as error:
        raise JournalUnavailableError(
            f"No new journal could be made at {path}: {error}."
        ) from error
    return moved


def _make(made: Path, path: Path, last: Known, origin: str, now: datetime) -> Known:
    for part in PARTS:
        made.with_name(made.name + part).unlink(missing_ok=True)
    os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(made, isolation_level=None)
    try:
        prepare(connection, made, "FULL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "UPDATE register SET last_id = ?, last_receipt = ?, follows = ?, origin = ?",
            (last.last_id, last.last_receipt, last.identity, origin),
        )
        chain_start.begin_after(connection, now, f"new: {origin}", end_of(path))
        _carry_over(connection, path)
        connection.execute("COMMIT")
        return rows.reached(connection)
    finally:
        connection.close()


def _carry_over(to: sqlite3.Connection, path: Path) -> None:
    if not path.is_file():  # a pipe would be waited for
        return
    try:
        left = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return
    with closing(left):
        register_rows.carry_over(to, left)


def take_place(
    made: Path, path: Path, known: Known, now: datetime, anchor: Anchor | None
) -> tuple[Path, ...]:
    """Put a complete, closed journal in the place of another; return what was moved aside.

    Interrupted at any point, the journal is the old one, the new one, or known to be gone. Raises
    `OSError`.
    """
    sync(made)
    moved = move_aside(path, now)
    sync(path.parent)
    # the watermark before the file: interrupted here, it still says that there was a journal
    Watermark(path).make(known)
    made.rename(path)
    sync(path.parent)
    if anchor is not None:
        anchor.move(known)  # until then the journal's `follows` column names the anchored one
    return moved


def sync(path: Path) -> None:
    """Make a file, or a folder's names, safe on the disk. Raises `OSError`."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def why_refused(path: Path, anchor: Anchor | None = None) -> str:
    """Return why the journal is refused, or nothing when it can be used."""
    try:
        if not os.path.lexists(path) and not Watermark(path).exists():
            return "" if anchor is None else anchor.misses(path)
        open_anchored(path, anchor).close()
    except (JournalUnavailableError, sqlite3.Error, OSError) as error:
        return str(error)
    finally:
        if anchor is not None:
            anchor.close()
    return ""


def last_id(path: Path) -> int:
    """Return the highest id that may have been used, as far as watermark or file still tells."""
    return reached_by(path).last_id


def reached_by(path: Path, anchor: Anchor | None = None, backup: Known | None = None) -> Known:
    """Return where the next journal at `path` has to go on, and the identity of the one that it follows.

    As far as watermark, anchor, file or backup still tells. Only the file is exact, and only where none
    of the others names another journal or higher numbers: otherwise `SKIPPED` receipt numbers are
    skipped.
    """
    anchored = None if anchor is None else anchor.known()
    file = _in_file(path)
    notes = [one for one in (anchored, Watermark(path).read(), backup) if one is not None]
    told = notes if file is None else [*notes, file]
    certain = file is not None and not any(
        one.identity != file.identity or one.is_ahead_of(file) for one in notes
    )
    return Known(
        identity=told[0].identity if told else "",
        last_id=max((one.last_id for one in told), default=0),
        last_receipt=max((one.last_receipt for one in told), default=0) + SKIPPED * (not certain),
    )


def _in_file(path: Path) -> Known | None:
    return _read(path, rows.reached)


def end_of(path: Path) -> ChainEnd | None:
    """Return the end of the chain of a journal that is left; None where it cannot be read."""
    return _read(path, chain.head)


def _read(path: Path, read: Callable[[sqlite3.Connection], T]) -> T | None:
    if not path.is_file():
        return None
    try:
        raw = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            return read(raw)
        finally:
            raw.close()
    except (sqlite3.Error, ValueError):
        return None


def move_aside(path: Path, now: datetime) -> tuple[Path, ...]:
    """Rename the files of a journal, in the order of `PARTS`; return the new names. Raises `OSError`."""
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (f"{path.name}.aside-{stamp}" + f"-{number}" * bool(number) for number in count())
    aside = next(path.with_name(name) for name in names if not _taken(path.with_name(name)))
    moved = []
    for part in PARTS:
        old = path.with_name(path.name + part)
        if os.path.lexists(old):
            moved.append(old.rename(aside.with_name(aside.name + part)))
    return tuple(moved)


def _taken(aside: Path) -> bool:
    return any(os.path.lexists(aside.with_name(aside.name + part)) for part in PARTS)
