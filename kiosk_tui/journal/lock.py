"""One writer per journal: an advisory lock that the kernel drops when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from kiosk_tui.payment.ports import JournalUnavailableError


class JournalBusyError(JournalUnavailableError):
    """Another process writes this journal; the text says which."""


class WriterLock:
    """Holds `<journal>.lock` from creation to `release`. Raises `JournalBusyError`."""

    def __init__(self, journal: Path, command: str) -> None:
        self._path = _lock_of(journal)
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise JournalUnavailableError(
                f"The lock {self._path} cannot be opened: {error.strerror}."
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = self._holder()
            os.close(self._file)
            raise JournalBusyError(
                f"The journal {journal} is in use by {holder}: end that first, or use it there."
            ) from error
        self._sign(f"{command} (process {os.getpid()})")

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._file)

    def _holder(self) -> str:
        return _signature(self._file)

    def _sign(self, text: str) -> None:
        # Who holds it is a courtesy for whoever comes second; on a full disk the lock still counts.
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, text.encode(), 0)


def held_by(journal: Path, locks: Path = Path("/proc/locks")) -> str:
    """Say who holds a journal, without touching its lock for even a moment; nothing if nobody does.

    `locks` is the kernel's own list.
    """
    try:
        file = os.open(_lock_of(journal), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        inode = os.fstat(file).st_ino
        fields = [line.split() for line in locks.read_text("ascii").splitlines()]
        taken = any("FLOCK" in one and one[5].endswith(f":{inode}") for one in fields)
        return _signature(file) if taken else ""
    except (OSError, ValueError, IndexError):
        return ""
    finally:
        os.close(file)


def _lock_of(journal: Path) -> Path:
    return journal.with_name(journal.name + ".lock")


def _signature(file: int) -> str:
    with contextlib.suppress(OSError):
        text = os.pread(file, 200, 0).decode("utf-8", "replace").strip()
        if text:
            return text
    return "another process"
