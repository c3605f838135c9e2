"""SQLite over a `Folder`: a VFS, and a connection that looks like the standard library's.

Owns: the translation, call by call. What SQLite's own unix VFS does beyond it (which syncs also sync
the folder) is done here in the same way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

import apsw

from kiosk_tui.journal import database, log_space
from proofs.power.files import File, Folder

_NAME: Final = "forgetful"
_SYNC_THE_FOLDER_TOO: Final = (
    apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL
)
_UNIX_SECTOR: Final = 4096
"""What SQLite's unix VFS says of every disk."""


class Zeros(StrEnum):
    """What a register does to its log when it opens the journal; `OVER` is a control."""

    NONE = "none"
    BEHIND = "behind"
    OVER = "over"


class Connection:
    """What `Store` uses of `sqlite3.Connection`, over apsw's."""

    def __init__(self, raw: apsw.Connection) -> None:
        self._raw = raw
        self.row_factory: Any = None
        self.closed = False

    def execute(self, text: str, values: Sequence[Any] = ()) -> Result:
        """Run one statement to its end."""
        try:
            cursor = self._raw.execute(text, values)
            first = next(cursor, None)
            if first is None:
                return Result([], self._raw.changes())
            names = [column[0] for column in cursor.get_description()]
            found = [Row(row, names) for row in (first, *cursor)]
        except apsw.Error as error:
            raise _translated(error) from error
        return Result(found, self._raw.changes())

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._raw.in_transaction

    def close(self) -> None:
        """Close; the last one to leave writes the log back."""
        self.closed = True
        try:
            self._raw.close()
        except apsw.Error as error:
            raise _translated(error) from error


class Row:
    """Values by place or by name."""

    def __init__(self, values: Sequence[Any], names: list[str]) -> None:
        self._values = values
        self._names = names

    def __getitem__(self, key: int | str) -> Any:
        """Return one value."""
        return self._values[self._names.index(key) if isinstance(key, str) else key]

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the values."""
        return iter(self._values)


class Result:
    """What a statement gave, as a cursor gives it."""

    def __init__(self, rows: list[Row], rowcount: int) -> None:
        self._rows = iter(rows)
        self.rowcount = rowcount

    def fetchone(self) -> Row | None:
        """Return the next row."""
        return next(self._rows, None)

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the rows that are left."""
        return self._rows


def connect(  # noqa: PLR0917
    folder: Folder,
    path: Path,
    synchronous: str,
    checkpoint_pages: int,
    zeros: Zeros = Zeros.NONE,
    size: int = 0,
) -> Connection:
    """Open a journal in `folder` as `database.connect` or `log_space.connect` does, without a mark.

    `zeros` fill the log to `size` bytes.
    """
    if folder.get(path.name) is None:
        folder.create(path.name)  # as there: nothing is synced yet
    vfs = _vfs()
    vfs.folder = folder
    raw = apsw.Connection(path.name, vfs=_NAME)
    # Without shared memory, which a Python VFS does not offer; it is never on the disk anyway.
    raw.execute("PRAGMA locking_mode = EXCLUSIVE")
    raw.wal_autocheckpoint(checkpoint_pages)
    found: Any = Connection(raw)
    database.prepare(found, path, synchronous)
    database.check_health(found, path)
    log = folder.get(f"{path.name}-wal")
    if zeros is Zeros.BEHIND and log is not None:
        log_space.fill(found, _Log(folder, log), size)
    if zeros is Zeros.OVER and log is not None and log.now:
        folder.write(log, 0, bytes(size))
        folder.sync(log)
    return found  # type: ignore[no-any-return]


class _Log:
    """The log as `log_space` sees it."""

    def __init__(self, folder: Folder, file: File) -> None:
        self._folder = folder
        self._file = file

    def size(self) -> int:
        return len(self._file.now)

    def append(self, data: bytes) -> int:
        self._folder.write(self._file, len(self._file.now), data)
        return len(data)

    def sync(self) -> None:
        self._folder.sync(self._file)


def _translated(error: apsw.Error) -> sqlite3.Error:
    # sqlite3 says DatabaseError where apsw has a class of its own
    broken = isinstance(error, apsw.CorruptError | apsw.NotADBError)
    found = (sqlite3.DatabaseError if broken else sqlite3.OperationalError)(str(error))
    found.sqlite_errorcode = getattr(error, "result", sqlite3.SQLITE_MISUSE)
    return found


@cache
def _vfs() -> _Vfs:
    return _Vfs()


class _Vfs(apsw.VFS):
    folder: Folder

    def __init__(self) -> None:
        super().__init__(_NAME, base="")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - SQLite's name
        flags[1] = flags[0]
        if name is None:
            return _File(Folder(), File(), sync_folder=False)
        plain = name if isinstance(name, str) else name.filename()
        file = self.folder.get(plain)
        creates = bool(flags[0] & apsw.SQLITE_OPEN_CREATE)
        if file is None:
            if not creates:
                raise apsw.CantOpenError
            file = self.folder.create(plain)
        return _File(
            self.folder, file, sync_folder=creates and bool(flags[0] & _SYNC_THE_FOLDER_TOO)
        )

    def xAccess(self, name: str, _flags: int) -> bool:  # noqa: N802
        return self.folder.get(name) is not None

    def xDelete(self, name: str, sync_folder: bool) -> None:  # noqa: FBT001, N802
        if self.folder.get(name) is None:
            raise apsw.exception_for(apsw.SQLITE_IOERR_DELETE_NOENT)
        self.folder.delete(name)
        if sync_folder:
            self.folder.sync_names()

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name


class _File:
    """An open file. Locks are not needed: there is one connection."""

    def __init__(self, folder: Folder, file: File, *, sync_folder: bool) -> None:
        self._folder = folder
        self._file = file
        self._sync_folder = sync_folder

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self._file.now[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._folder.write(self._file, offset, data)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._folder.truncate(self._file, size)

    def xSync(self, _flags: int) -> None:  # noqa: N802
        self._folder.sync(self._file)
        if self._sync_folder:
            self._sync_folder = False
            self._folder.sync_names()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._file.now)

    def xClose(self) -> None:  # noqa: N802
        """Nothing is held."""

    def xLock(self, _level: int) -> None:  # noqa: N802
        """One connection."""

    def xUnlock(self, _level: int) -> None:  # noqa: N802
        """One connection."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, _op: int, _pointer: int) -> bool:  # noqa: N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return _UNIX_SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE
