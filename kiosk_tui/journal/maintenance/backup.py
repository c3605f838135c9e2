"""Copies the journal while the register writes it, and checks the copy.

Owns: SQLite's online backup, its check, and the name of the file.
Invariant: no file is overwritten; a file with a backup's name is complete, checked and synced.
A backup never holds a running payment: restored, that would be cancelled, however it had ended.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import RUNNING
from kiosk_tui.files.writing import opened
from kiosk_tui.journal.maintenance.new_journal import sync
from kiosk_tui.journal.reader import Contents, Reader

PART: Final = ".part"
"""Ends the name of a copy that is not complete yet."""


class BackupError(Exception):
    """A backup that cannot be made or used; its text is a sentence."""


class UnderWayError(BackupError):
    """A payment is under way: a moment later a backup can be made."""


def back_up(path: Path, to: Path) -> Contents:
    """Copy the journal to a new file, and check that.

    Raises `BackupError`, or `JournalUnavailableError` when the journal cannot be read.
    """
    if os.path.lexists(to):
        raise BackupError(f"{to} exists already: name another file.")
    source = Reader(path)
    try:
        _check_nobody_pays(source.contents())
        return _copied(source, to)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The backup {to} could not be made: {_short(error)}.") from error
    finally:
        source.close()


def check_backup(file: Path) -> Contents:
    """Return what a backup holds. Raises `BackupError` when it is not whole."""
    try:
        reader = open_backup(file)
    except (JournalUnavailableError, OSError) as error:
        raise BackupError(f"{file} is no backup of a journal: {_short(error)}") from error
    try:
        troubles = reader.verify()
        if troubles:
            raise BackupError(f"The backup {file} is not whole: {troubles[0]}")
        return reader.contents()
    except JournalUnavailableError as error:
        raise BackupError(f"The backup {file} is not whole: {error}") from error
    finally:
        reader.close()


def open_backup(file: Path) -> Reader:
    """Open a backup, on a read-only stick too. Raises `JournalUnavailableError` or `OSError`."""
    return Reader(file, alone=not _has_log(file))


def _has_log(file: Path) -> bool:
    """Say whether something is written beside the file that belongs into it."""
    log = file.with_name(file.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _check_nobody_pays(contents: Contents) -> None:
    if contents.ids(RUNNING):
        raise UnderWayError("A payment is under way: try again in a moment.")


def _copied(source: Reader, to: Path) -> Contents:
    draft = to.with_name(f"{to.name}.{os.getpid()}{PART}")
    os.close(opened(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
    try:
        source.copy(draft)
        contents = check_backup(draft)
        _check_nobody_pays(contents)
        sync(draft)
        _name(draft, to)
    finally:
        draft.unlink(missing_ok=True)
    sync(to.parent)
    return contents


def _name(draft: Path, to: Path) -> None:
    """Give the file its name, unless another has it by now."""
    try:
        os.link(draft, to)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, as on a memory stick
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        draft.replace(to)


def _short(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
