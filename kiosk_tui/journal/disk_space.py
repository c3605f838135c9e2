"""How much space a disk has left, and whether SQLite's memory-mapped WAL index (`-shm`) fits on it.

SQLite allocates one byte in every 4096 of that file. Where the file system's blocks are smaller, the
other blocks are allocated when the mapped memory is written, and a full disk then answers with a signal
(SIGBUS) that ends the process, instead of an error.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.refusals import full

_ALLOCATED: Final = 4096
"""SQLite's `unixShmMap` allocates in steps of this many bytes on every machine."""

INDEX: Final = 32 * 1024
"""Bytes of the index while the log is checkpointed in time."""

NEEDED: Final = 2 * INDEX
"""Bytes: the log itself needs space, too."""


def free_bytes(folder: Path) -> int:
    """Return how many bytes a folder's disk has left for us. Raises `OSError`."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def require_writable(folder: Path) -> None:
    """Raise `OSError` where a folder's disk says that it is read-only, as ext4 makes itself by an error."""
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def require_room(path: Path) -> None:
    """Refuse a journal on a disk with small blocks that is all but full.

    Raises `JournalUnavailableError`, or `OSError` when its folder cannot be looked at.
    """
    folder = path.parent
    if os.statvfs(folder).f_bsize >= _ALLOCATED or free_bytes(folder) >= NEEDED:
        return
    if not _allocated(path.with_name(f"{path.name}-shm")):
        raise JournalUnavailableError(full(path, NEEDED))


def _allocated(index: Path) -> bool:
    """Whether the index has all its blocks on the disk already."""
    try:
        return index.stat().st_blocks * 512 >= INDEX
    except FileNotFoundError:
        return False
