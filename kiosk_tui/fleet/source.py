"""The journal as `ship` sees it: opened for reading, and looked at only when something was written."""

from __future__ import annotations

from pathlib import Path

from kiosk_tui.journal.outbox_reader import OutboxReader

_FileState = tuple[int, int, int]


class JournalSource:
    """One journal's outbox. `reader` raises `JournalUnavailableError`.

    Invariant: a journal that was put in another's place (`journal restore`, `journal new`) is opened anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wal = path.with_name(f"{path.name}-wal")
        self._seen: tuple[_FileState | None, ...] = ()
        self._file: int | None = None
        self._reader: OutboxReader | None = None

    def changed(self) -> bool:
        """Say whether the files are other than when `reader` was called last. It asks no database.

        A commit in the same tick of the file system's clock may go unseen until the next one: whoever
        waits looks now and then all the same.
        """
        return self._state() != self._seen

    def reader(self) -> OutboxReader:
        """Return the outbox as it is now."""
        self._seen = self._state()
        file = None if self._seen[0] is None else self._seen[0][0]
        if self._reader is None or file != self._file:
            self.close()
            self._reader = OutboxReader(self.path)
            self._file = file
        return self._reader

    def close(self) -> None:
        """Close the file; the next `reader` opens it again."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _state(self) -> tuple[_FileState | None, ...]:
        return _state(self.path), _state(self._wal)


def _state(path: Path) -> _FileState | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
