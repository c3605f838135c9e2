"""Restores a backup in the place of a lost journal, and keeps what came after the backup.

Owns: what the restored journal holds (the backup, and each transaction of the present journal that is
intact and that the backup does not have), and the order in which files are renamed.
Invariant: no file is deleted; no id and no receipt number is used again, as far as watermark, anchor or
file still tells. Interrupted at any point, the journal is the old one, the restored one, or known to be
gone, and calling again goes on from there.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import OPEN, RUNNING
from kiosk_tui.journal import chain, chain_start, keys, outbox, schema
from kiosk_tui.journal.anchor import Anchor
from kiosk_tui.journal.database import prepare
from kiosk_tui.journal.maintenance import register_rows, signature_rows, transaction_rows
from kiosk_tui.journal.maintenance.backup import BackupError, check_backup, open_backup
from kiosk_tui.journal.maintenance.new_journal import (
    PARTS,
    JournalWholeError,
    end_of,
    last_id,
    reached_by,
    sync,
    take_place,
    why_refused,
)
from kiosk_tui.journal.reader import Contents, Reader
from kiosk_tui.journal.time_range import digits
from kiosk_tui.journal.watermark import Known
from kiosk_tui.records import dataclass

_MADE: Final = ".restored"
"""Ends the name of a journal that is complete, checked and synced, and only has to be renamed."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it.

    `carried` counts transactions taken over from the present journal, `unread` those that could not be
    read there; `refused` says why that journal is not used any more; `went_on`: an earlier call was
    interrupted, and this one finished it.
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

    The anchor names the restored one from then on. Raises `BackupError`, `JournalWholeError` when there is
    no reason for it, or `JournalUnavailableError` when the disk refuses it or something is unfinished.
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
            carried, unread = _make(made, path, file, origin, last, now)
        contents = check_backup(made)
        moved = take_place(made, path, contents.known, now, anchor)
    except (OSError, sqlite3.Error) as error:
        raise JournalUnavailableError(
            f"The backup could not be put at {path}: {error}. Call this again."
        ) from error
    return Restored(contents, went_on, carried, unread, refused, contents.ids(RUNNING), moved)


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
    """Say whether an earlier call was interrupted when only the renaming was left."""
    try:
        return check_backup(made).last_id >= last_id(path)
    except BackupError:
        return False


def _make(  # noqa: PLR0917 - what is put together
    made: Path, path: Path, file: Path, origin: str, last: Known, now: datetime
) -> tuple[int, int]:
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
        connection.execute(
            "UPDATE register SET last_id = ?, last_receipt = ?, identity = ?, follows = ?, origin = ?,"
            " authorizing_from = 0",
            (last.last_id, last.last_receipt, secrets.token_hex(8), last.identity, origin),
        )
        chain_start.begin_after(connection, now, f"restored: {origin}", end_of(path))
        carried, unread = _carry_over(connection, path)
        connection.execute(schema.MOVE_AUTHORIZING_FROM)
        outbox.fill_again(connection)
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
        keys.fill(to)
        return 0, 0
    carried, unread = 0, 0
    new: list[tuple[int, tuple[Any, ...]]] = []
    present = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        present.row_factory = sqlite3.Row
        for number in transaction_rows.numbers(present):
            found = transaction_rows.read(present, path, number)
            known = transaction_rows.read(to, path, number)
            if found is None:
                unread += known is None
            elif known is None or found.goes_on_from(known):
                events = transaction_rows.write(to, found)
                new += zip(transaction_rows.places(present, events), events, strict=True)
                carried += 1
        keys.fill(to)
        # as they were committed there; what has no place is older
        for _, event in sorted(new, key=lambda one: (one[0], *one[1][:2])):
            chain.add_event(to, event)
        register_rows.carry_over(to, present)
        with contextlib.suppress(sqlite3.Error):  # damaged, or of an older format
            signature_rows.carry_over(to, present)
    finally:
        present.close()
    return carried, unread


def _stamp(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
