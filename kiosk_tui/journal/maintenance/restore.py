"""Putting a backup in the place of a journal that was lost, and losing nothing that came after it.

Owns: what is put together (the backup, and every whole story of the journal that is there now which
the backup does not know), and the order in which files change their names.
Invariant: no file is deleted; no id and no receipt number is used again, as far as mark, anchor or file
still tells; whenever this is broken off, the journal is the old one, the restored one, or known to be gone, and calling again
goes on from there.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import IN_FLIGHT, OPEN
from kiosk_tui.journal import keys, stories
from kiosk_tui.journal.anchor import Anchor
from kiosk_tui.journal.maintenance.backup import BackupError, check_backup, open_backup
from kiosk_tui.journal.new_journal import (
    PARTS,
    JournalWholeError,
    last_id,
    reached_by,
    sync,
    take_place,
    why_refused,
)
from kiosk_tui.journal.opening import prepare
from kiosk_tui.journal.reader import Contents, Reader
from kiosk_tui.journal.span import digits
from kiosk_tui.journal.watermark import Known

_MADE: Final = ".restored"
"""A journal that is put together, checked and on the disk, and only has to take its place."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it.

    `unread` counts what the present journal holds and could not be read, `refused` says why it is
    not used any more; `went_on`: an earlier call was broken off, and this one finished it.
    """

    contents: Contents
    went_on: bool
    carried: int
    unread: int
    refused: str
    under_way: tuple[str, ...]
    moved: tuple[Path, ...]


def restore(
    path: Path, file: Path, note: str, now: datetime, anchor: Anchor | None = None
) -> Restored:
    """Put a backup in the journal's place; the caller holds the `WriterLock`.

    The anchor names the restored one from then on. Raises `BackupError`, `JournalWholeError` when there is no reason for it, or
    `JournalUnavailableError` when the disk does not take it or something is not finished.
    """
    backup = check_backup(file)
    refused = why_refused(path, anchor)
    if os.path.lexists(path) and not refused:
        _check_reason(path, backup)
    made = path.with_name(path.name + _MADE)
    try:
        carried, unread = 0, 0
        went_on = not os.path.lexists(path) and _is_made(made, path)
        if not went_on:
            last = reached_by(path, anchor, backup.known)
            last = replace(last, last_id=max(last.last_id, digits(now.astimezone(UTC))))
            origin = f"{_stamp(now)} {note} ({file.name})"
            carried, unread = _make(made, path, file, origin, last)
        contents = check_backup(made)
        moved = take_place(made, path, contents.known, now, anchor)
    except (OSError, sqlite3.Error) as error:
        raise JournalUnavailableError(
            f"The backup could not be put at {path}: {error}. Call this again."
        ) from error
    return Restored(contents, went_on, carried, unread, refused, contents.ids(IN_FLIGHT), moved)


def _check_reason(path: Path, backup: Contents) -> None:
    reader = Reader(path)
    try:
        present = reader.contents()
    finally:
        reader.close()
    if present.ids(OPEN):
        raise JournalUnavailableError(
            f"In the journal {path} something is not finished ({', '.join(present.ids(OPEN)[:3])}):"
            " let `kiosk-tui recover` finish it first. Nothing was changed."
        )
    if present.identity == backup.identity and present.last_id >= backup.last_id:
        raise JournalWholeError(
            f"The journal {path} is whole and came at least as far as the backup: there is nothing"
            " to restore."
        )


def _is_made(made: Path, path: Path) -> bool:
    """Say whether an earlier call was broken off when only names were to be changed."""
    try:
        return check_backup(made).last_id >= last_id(path)
    except BackupError:
        return False


def _make(made: Path, path: Path, file: Path, origin: str, last: Known) -> tuple[int, int]:
    draft = made.with_name(made.name + ".part")
    for part in (*PARTS, "-journal"):
        draft.with_name(draft.name + part).unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    source = open_backup(file)
    try:
        source.copy(draft)
    finally:
        source.close()
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        prepare(connection, draft, "FULL")
        connection.execute("BEGIN IMMEDIATE")
        carried, unread = _carry_over(connection, path)
        keys.fill(connection)
        connection.execute(
            "UPDATE register SET last_id = ?, last_receipt = ?, identity = ?, follows = ?, origin = ?",
            (last.last_id, last.last_receipt, secrets.token_hex(8), last.identity, origin),
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
    check_backup(draft)
    sync(draft)
    draft.replace(made)
    sync(made.parent)
    return carried, unread


def _carry_over(to: sqlite3.Connection, path: Path) -> tuple[int, int]:
    """Take over what the present journal knows and the backup does not."""
    if not path.is_file() or path.stat().st_size == 0:
        return 0, 0
    carried, unread = 0, 0
    present = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        present.row_factory = sqlite3.Row
        for number in stories.numbers(present):
            found, known = stories.read(present, path, number), stories.read(to, path, number)
            if found is None:
                unread += known is None
            elif known is None or found.goes_on_from(known):
                stories.write(to, found)
                carried += 1
    finally:
        present.close()
    return carried, unread


def _stamp(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
