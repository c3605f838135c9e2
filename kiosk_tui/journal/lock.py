"""One writer per journal: an advisory lock that the kernel drops when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.files.writing import opened

LOCKS: Final = Path("/proc/locks")
NAMESPACE: Final = Path("/proc/self/ns/pid")
_FIRST_NAMESPACE: Final = 0xEFFFFFFC
"""The number of the namespace that holds all processes (Linux's PROC_PID_INIT_INO)."""

UNKNOWN: Final = "another process"


class JournalBusyError(JournalUnavailableError):
    """Another process writes this journal; the text says which."""


class HiddenHolderError(Exception):
    """Whether anybody writes a journal cannot be seen from here; the text is a sentence."""


class WriterLock:
    """Holds `<journal>.lock` from creation to `release`. Raises `JournalBusyError`.

    A journal has one lock, by whatever symbolic links it is named; the lock file itself must be no link.
    """

    def __init__(self, journal: Path, command: str) -> None:
        self._path = _lock_of(journal)
        try:
            self._file = opened(self._path, os.O_RDWR | os.O_CREAT)
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
        """Give the lock back, unsigned: where locks cannot be seen, that says that it ended in order."""
        self._sign("")
        os.close(self._file)

    def _holder(self) -> str:
        return _signature(self._file)

    def _sign(self, text: str) -> None:
        # The holder's name is only information; on a full disk the lock still holds.
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, text.encode(), 0)


def held_by(journal: Path, locks: Path = LOCKS, namespace: Path = NAMESPACE) -> str:
    """Say who holds a journal, without touching its lock for even a moment; nothing if nobody does.

    `locks` is the kernel's own list, which tells of no process outside of one's own `namespace`. Raises
    `HiddenHolderError` where it tells too little.
    """
    lock = _lock_of(journal)
    try:
        file = os.open(lock, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise HiddenHolderError(_hidden(journal, f"{lock}: {error.strerror}")) from error
    try:
        signed = _signature(file, "")
        inode = os.fstat(file).st_ino
        fields = [line.split() for line in locks.read_text("ascii").splitlines()]
        if any("FLOCK" in one and one[5].endswith(f":{inode}") for one in fields):
            return signed or UNKNOWN
        if signed and _is_inside(namespace):
            last = (
                f"{locks} tells of this container's processes only, and the last holder, {signed},"
            )
            raise HiddenHolderError(_hidden(journal, f"{last} may run outside of it"))
    except (OSError, ValueError, IndexError) as error:
        raise HiddenHolderError(_hidden(journal, f"{locks} cannot be read here")) from error
    finally:
        os.close(file)
    return ""


def _hidden(journal: Path, why: str) -> str:
    return f"Whether anything runs on {journal} cannot be seen from here ({why})."


def _is_inside(namespace: Path) -> bool:
    """Say whether there are processes of this machine that are not seen from here."""
    with contextlib.suppress(OSError):
        return namespace.stat().st_ino != _FIRST_NAMESPACE
    return True


def _lock_of(journal: Path) -> Path:
    whole = Path(os.path.realpath(journal))
    return whole.with_name(whole.name + ".lock")


def _signature(file: int, unsigned: str = UNKNOWN) -> str:
    with contextlib.suppress(OSError):
        text = os.pread(file, 200, 0).decode("utf-8", "replace").strip()
        if text:
            return text
    return unsigned
