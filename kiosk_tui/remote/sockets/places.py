"""Where a Unix socket lies: private from its first moment, never taken from a living program.

A path may be longer than the 107 bytes that the kernel takes: it is reached through its folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

OWNERS_ONLY = 0o600
GROUPS_TOO = 0o660
_CREDENTIALS = struct.Struct("3i")


class SocketError(Exception):
    """A socket that cannot be opened; the text is a sentence."""


def listening(path: Path, group: str = "") -> socket.socket:
    """Return a socket that listens at `path`, for its owner and that group only.

    One that a dead program left there is replaced. Raises `SocketError`.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short(path) as name:
            _make_room(path, name)
            _bind(made, name)
            if group:
                shutil.chown(name, group=group)
                os.chmod(name, GROUPS_TOO)  # noqa: PTH101 - a name, not a path of ours
        made.listen(16)
        made.setblocking(False)
    except (OSError, LookupError) as error:
        made.close()
        why = f"there is no group {group}" if isinstance(error, LookupError) else error.strerror
        raise SocketError(f"The socket {path} cannot be opened: {why}.") from error
    except SocketError:
        made.close()
        raise
    return made


def connected(path: Path) -> socket.socket | None:
    """Return a socket that is connected to whoever listens at `path`; None when nobody does.

    Raises `SocketError` when somebody may listen, but not to us.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.setblocking(False)  # or one that stands still, with a full queue, would be waited for
    try:
        with _short(path) as name:
            made.connect(name)
    except BlockingIOError as error:
        made.close()
        raise SocketError(
            f"The socket {path} takes nobody any more: whoever opened it stands still."
        ) from error
    except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError):
        made.close()
        return None
    except OSError as error:
        made.close()
        raise SocketError(f"The socket {path} does not let us in: {error.strerror}.") from error
    return made


def peer(connection: socket.socket) -> tuple[int, int]:
    """Return the process and the user at the other end."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, user, _ = _CREDENTIALS.unpack(raw)
    return pid, user


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _make_room(path: Path, name: str) -> None:
    try:
        kind = os.lstat(name).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(kind):
        raise SocketError(f"{path} is there already and no socket: name another path.")
    living = connected(path)
    if living is not None:
        living.close()
        raise SocketError(f"The socket {path} is in use by another program.")
    os.unlink(name)  # noqa: PTH108


def _bind(made: socket.socket, name: str) -> None:
    before = os.umask(0o777 & ~OWNERS_ONLY)
    try:
        made.bind(name)
    finally:
        os.umask(before)
