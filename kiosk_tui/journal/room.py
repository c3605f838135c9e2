"""How much room a disk has, and whether SQLite's shared index fits: memory that the disk stands behind.

SQLite asks the disk for one byte in every 4096 of it. Where blocks are smaller, the rest is asked for by
writing into the memory, and a disk that is full then answers with a signal (SIGBUS) that ends the
process, instead of an error.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.refusals import full

_ASKED_FOR: Final = 4096
"""SQLite's `unixShmMap` takes this for the size of a page on every machine."""

INDEX: Final = 32 * 1024
"""Bytes of the index of a log that is emptied in time."""

NEEDED: Final = 2 * INDEX
"""Bytes: the log itself needs room, too."""


def free_bytes(folder: Path) -> int:
    """Return how many bytes a folder's disk has left for us. Raises `OSError`."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def require_room(path: Path) -> None:
    """Refuse a journal on a disk with small blocks that is all but full.

    Raises `JournalUnavailableError`, or `OSError` when its folder cannot be looked at.
    """
    folder = path.parent
    if os.statvfs(folder).f_bsize >= _ASKED_FOR or free_bytes(folder) >= NEEDED:
        return
    if not _there(path.with_name(f"{path.name}-shm")):
        raise JournalUnavailableError(full(path, NEEDED))


def _there(index: Path) -> bool:
    """Whether the index has all its room on the disk already; SQLite gives that back if it empties it."""
    try:
        return index.stat().st_blocks * 512 >= INDEX
    except FileNotFoundError:
        return False
