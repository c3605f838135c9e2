"""The one connection that writes a journal.

Owns: when it is opened, and when it is dropped. After any error it is dropped and opened again at the
next use, so that nothing is built on a connection that failed halfway. After each commit the watermark,
and the anchor where there is one, note how far the journal has come.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.files.writing import make_folder
from kiosk_tui.journal import outbox
from kiosk_tui.journal.anchor import Anchor, open_anchored
from kiosk_tui.journal.database import Connect
from kiosk_tui.journal.refusals import unusable
from kiosk_tui.journal.watermark import Watermark


class JournalConnection:
    """A journal file's connection. Raises `JournalUnavailableError` when it cannot be used."""

    def __init__(
        self,
        path: Path,
        synchronous: str,
        connect: Connect,
        anchor: Anchor | None,
        ships: Callable[[], bool] | None = None,
    ) -> None:
        """`ships` says, at each opening, whether a head office is told of events; None: as it is."""
        self.path = path
        self._ships = ships
        self._synchronous = synchronous
        self._connect = connect
        self._anchor = anchor
        self._watermark = Watermark(path)
        self._connection: sqlite3.Connection | None = None
        self._inode: int | None = None
        with self.guarded():
            make_folder(path.parent)

    def close(self) -> None:
        """Close the files."""
        self._watermark.close()
        if self._anchor is not None:
            self._anchor.close()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self) -> sqlite3.Connection:
        """Return the connection, opened where it is not. To be called inside of `guarded`."""
        # A file that was removed or replaced while in use would take our writes into nowhere, and a
        # new empty one would forget what is due.
        if self._inode is not None and _inode(self.path) != self._inode:
            raise JournalUnavailableError(
                f"The journal {self.path} was removed or replaced while in use: put it back."
            )
        if self._connection is None:
            self._connection = open_anchored(
                self.path, self._anchor, self._synchronous, self._connect
            )
            self._inode = _inode(self.path)
            if self._ships is not None:
                outbox.keep(self._connection, ships=self._ships())
            row = self._connection.execute("SELECT identity FROM register").fetchone()
            self._watermark.follow(row[0])
        return self._connection

    @contextlib.contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn what the disk and SQLite raise into a sentence, and drop the connection then."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._dropped(error) from error

    @contextlib.contextmanager
    def commit(self) -> Iterator[sqlite3.Connection]:
        """Commit what is done inside, durably, or nothing of it; guarded as by `guarded`."""
        try:
            connection = self.get()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except (sqlite3.Error, OSError):
                raise  # the connection is dropped
            except Exception:
                connection.execute("ROLLBACK")
                raise
        except (sqlite3.Error, OSError) as error:
            raise self._dropped(error) from error

    def _dropped(self, error: sqlite3.Error | OSError) -> JournalUnavailableError:
        """Drop the connection; return the sentence."""
        with contextlib.suppress(sqlite3.Error):
            self.close()
        return JournalUnavailableError(unusable(self.path, error))

    def ask(self) -> None:
        """Let the journal and its disk answer, without writing. To be called inside of `guarded`."""
        connection = self.get()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        self._watermark.ask()

    def note(self, last_id: int, last_receipt: int) -> None:
        """Let watermark and anchor note how far the journal has come."""
        self._watermark.note(last_id, last_receipt)
        if self._anchor is not None:
            self._anchor.note(last_id, last_receipt)


def _inode(path: Path) -> int | None:
    try:
        return os.stat(path).st_ino  # noqa: PTH116 - once in every commit, and twice as quick
    except FileNotFoundError:
        return None
