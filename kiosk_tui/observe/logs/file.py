"""The log file: private, of bounded length, and opened anew when somebody rotates it.

Whatever the disk or another program does to the file, nothing raises; the next line opens it again.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Final

from kiosk_tui.files.writing import GROUP_READS, PRIVATE, opened

MOST_BYTES: Final = 1_000_000


class LogFile(RotatingFileHandler):
    """Writes into `path`: up to 1 MB, and one older one.

    A file that was renamed (logrotate) is left, one that was emptied (copytruncate) is begun again, and a
    link is not followed.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line into the file that has the name now."""
        stream = self.stream
        if stream is not None and not self._named(stream):
            self.stream = None
            with contextlib.suppress(OSError):  # what was still to be written has no room
                stream.close()
        super().emit(record)

    def _named(self, stream: IO[str]) -> bool:
        try:
            named, held = os.stat(self.baseFilename), os.fstat(stream.fileno())  # noqa: PTH116
        except OSError:
            return False
        return os.path.samestat(named, held)

    def _open(self) -> io.TextIOWrapper:
        file = opened(Path(self.baseFilename), os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE)
        mode = os.fstat(file).st_mode & 0o777
        if mode & ~GROUP_READS and os.fstat(file).st_uid == os.geteuid():
            os.fchmod(file, mode & GROUP_READS)  # of an earlier version, or of a wide umask
        return open(file, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123 - a number; the handler closes it
