"""The journal as `ship` sees it: opened for reading, and looked at only when something was written."""

from __future__ import annotations

from pathlib import Path

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.outbox_reader import OutboxReader

_FileState = tuple[int, int, int]
_Seen = tuple[_FileState | None, _FileState | None]


class JournalSource:
    """One journal's outbox. `reader` raises `JournalUnavailableError`.

    Invariant: a journal that was put in another's place (`journal restore`, `journal new`) is opened anew.
    Where its folder cannot be written and no register has it open, SQLite refuses it: then it is read as
    a file that nobody writes, until something was written after all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wal = path.with_name(f"{path.name}-wal")
        self._seen: _Seen = (None, None)
        self._alone = False
        self._opened: object = None
        self._reader: OutboxReader | None = None

    def look(self) -> None:
        """Take note of how the files are, before they are read."""
        self._seen = self._state()

    def changed(self) -> bool:
        """Say whether the files are other than at the last `look`. It asks no database.

        A commit in the same tick of the file system's clock may go unseen until the next one: whoever
        waits looks now and then all the same.
        """
        return self._state() != self._seen

    def reader(self) -> OutboxReader:
        """Return the outbox as it is now."""
        state = self._state()
        if self._reader is None or self._file_of(state) != self._opened:
            self.close()
            self._reader = self._open(*state)
            self._opened = self._file_of(state)
        return self._reader

    def _file_of(self, state: _Seen) -> object:
        """Return what has to stay as it is for the open file to be read on."""
        database, _ = state
        return state if self._alone else database and database[0]

    def _open(self, _database: _FileState | None, log: _FileState | None) -> OutboxReader:
        self._alone = False
        try:
            return OutboxReader(self.path)
        except JournalUnavailableError:
            if log is not None:  # what it holds would be passed over
                raise
            found = OutboxReader(self.path, alone=True)
            self._alone = True
            return found

    def close(self) -> None:
        """Close the file; the next `reader` opens it again."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _state(self) -> _Seen:
        return _state(self.path), _state(self._wal)


def _state(path: Path) -> _FileState | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
