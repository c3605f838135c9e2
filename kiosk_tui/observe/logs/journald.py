"""journald's native protocol: one datagram a line, with fields that `journalctl` can filter by.

A value with a line end in it is sent with its length, so that no value can forge a field. Nothing here
waits or raises: a line that journald does not take at once is dropped, and counted in the next.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SOCKET: Final = Path("/run/systemd/journal/socket")
LONGEST: Final = 32 * 1024
"""Bytes of one value: a traceback fits, and the datagram fits into any socket's buffer."""

FACTS: Final = (
    "transaction_id", "event", "state", "exchange", "kind", "verdict", "attempts", "obstacle",
    "cause", "repeated",
)  # fmt: skip
"""What a log call may give as `extra`. Nothing else becomes a field: card data has no name here."""

_PRIORITIES: Final = (
    (logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (0, 7),
)  # fmt: skip


def takes_lines(path: Path) -> bool:
    """Say whether journald listens there."""
    try:
        return stat.S_ISSOCK(path.stat().st_mode)
    except OSError:
        return False


class JournaldHandler(logging.Handler):
    """Sends each record as one datagram. journald may restart: nothing is connected."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = str(path)
        self._dropped = 0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record, or count it as dropped."""
        try:
            fields = dict(_fields(record, self.format(record)))
            if self._dropped:
                fields["DROPPED_BEFORE"] = str(self._dropped)
            self._socket.sendto(_datagram(fields), self._path)
        except Exception:  # noqa: BLE001 - logging fails nobody
            self._dropped += 1
        else:
            self._dropped = 0

    def close(self) -> None:
        """Close the socket."""
        with contextlib.suppress(OSError):
            self._socket.close()
        super().close()


def _fields(record: logging.LogRecord, message: str) -> Iterator[tuple[str, str]]:
    yield "MESSAGE", message
    yield "PRIORITY", str(next(ours for level, ours in _PRIORITIES if record.levelno >= level))
    yield "SYSLOG_IDENTIFIER", "kiosk-tui"
    yield "LOGGER", record.name
    for name in FACTS:
        value = getattr(record, name, None)
        if value not in (None, ""):
            yield name.upper(), str(value)


def _datagram(fields: dict[str, str]) -> bytes:
    parts = []
    for name, text in fields.items():
        value = text.encode("utf-8", "replace")[:LONGEST]
        if b"\n" in value:
            parts.append(name.encode() + b"\n" + len(value).to_bytes(8, "little") + value)
        else:
            parts.append(name.encode() + b"=" + value)
    return b"\n".join(parts) + b"\n"
