"""Why a journal is refused, a sentence each: what is wrong, where, and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from kiosk_tui.journal.watermark import Known

_WAY_OUT: Final = (
    "put it back from a backup, or start a new one with `kiosk-tui journal new --note TEXT`"
    " after somebody has looked at TECS for what is still due"
)


def foreign(path: Path) -> str:
    """Return the sentence for another program's database."""
    return (
        f"{path} is a database of another program: give the journal a path of its own"
        " ([journal] path)."
    )


def newer(path: Path, version: int, ours: int) -> str:
    """Return the sentence for a newer version's journal."""
    return (
        f"The journal {path} was written by a newer kiosk-tui (format {version}, this one knows"
        f" {ours}): install that version again. Nothing was changed."
    )


def another(path: Path) -> str:
    """Return the sentence for a journal that does not belong here."""
    return f"The journal {path} is another one than the one that was used here: {_WAY_OUT}."


def no_file(path: Path) -> str:
    """Return the sentence for a folder, a pipe or a device."""
    return f"The journal {path} is no file: give it a path of its own ([journal] path)."


def two_names(path: Path) -> str:
    """Return the sentence for a journal that another name leads to."""
    return (
        f"The journal {path} has a second name (a hard link), by which another register could write it:"
        f" find it with `find / -xdev -samefile {path}` and remove that name. A copy is made by"
        " `kiosk-tui journal backup`."
    )


def full(path: Path, needed: int) -> str:
    """Return the sentence for a disk without room; `needed` in bytes."""
    return (
        f"The journal {path} cannot be used: its disk is full, less than {needed // 1024} KiB are left."
        " Make room on it."
    )


def gone(path: Path) -> str:
    """Return the sentence for a journal that was there once."""
    return f"The journal {path} is gone or empty, but it was here before: {_WAY_OUT}."


def unusable(path: Path, error: sqlite3.Error | OSError) -> str:
    """Return the sentence for a journal that the disk, or SQLite, has just refused."""
    if isinstance(error, OSError):
        return f"The journal {path} cannot be used: {error.strerror or error}."
    # what Python's module itself raises has no code
    if getattr(error, "sqlite_errorcode", None) in _DAMAGED:
        return damaged(path, str(error))
    return f"The journal {path} cannot be used: {error}."


_DAMAGED: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


def damaged(path: Path, what: str) -> str:
    """Return the sentence for a journal that cannot be trusted."""
    return f"The journal {path} is damaged ({what}): {_WAY_OUT}."


def lost_its_end(path: Path, reached: Known, known: Known) -> str:
    """Return the sentence for a journal that holds less than it did."""
    return (
        f"The journal {path} ends at {_point(reached)}, but had come to {_point(known)} (was"
        f" {path.name}-wal deleted, or an older copy put in its place?): {_WAY_OUT}."
    )


def _point(known: Known) -> str:
    receipt = f" and receipt {known.last_receipt}" if known.last_receipt else ""
    return f"id {known.last_id}{receipt}"


def anchored_gone(path: Path, anchor: Path) -> str:
    """Return the sentence for a journal that only its anchor still knows of."""
    return (
        f"The journal {path} is gone, but its anchor {anchor} says that there was one (is its disk"
        f" mounted, did its file system come back whole?): {_WAY_OUT}."
    )


def another_than_anchored(path: Path, anchor: Path) -> str:
    """Return the sentence for a journal that is not the one that the anchor names."""
    return f"The journal {path} is another one than its anchor {anchor} names: {_WAY_OUT}."


def behind_its_anchor(path: Path, reached: Known, anchor: Path, known: Known) -> str:
    """Return the sentence for a journal that has come less far than its anchor says."""
    return (
        f"The journal {path} ends at {_point(reached)}, but by its anchor {anchor} had come to"
        f" {_point(known)} (an older copy?): {_WAY_OUT}."
    )
