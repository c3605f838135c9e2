"""The parent: a process that holds loaded modules, and forks a lane for each connection.

It reads no request, so that nobody can hold it up: the child does. It holds the line of each of its lanes
until the lane has ended, and says how; it may be killed or replaced at any time, and lanes go on.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
from pathlib import Path
from typing import Final

from kiosk_tui.lanes.handover import ENDED
from kiosk_tui.remote.sockets.places import peer

OUTDATED: Final = 79
"""A child ends so when its login command belongs to another installation of the program."""
YOUNG: Final = 5000
"""So many new objects a lane has before it looks for garbage among them; Python's 700 are for a program
whose modules are not frozen, and a lane that opens would look twenty times, for nothing."""
_SIZES: Final = range(48, 513, 16)
"""Bytes: Python keeps objects of one such size together."""
_EMPTY: Final = 33
_HOLES: Final = 8 * 1024
"""So many bytes are free between the objects of a size, about. What a lane makes would lie there, each on a page
to copy; where they are filled it lies together, and a lane has a quarter of a megabyte less."""
_filling: list[bytes] = []
_KILLED: Final = 128
_TASKS: Final = Path("/proc/self/task")


class ThreadsError(Exception):
    """A process with threads is never forked; the text is a sentence."""


def forked(listener: socket.socket) -> socket.socket | None:
    """Fork a child for each connection, for ever; return the connection in each child.

    Returns None in the parent when another one should be in its place, because the program was upgraded.
    Raises `ThreadsError` before it would fork a process with threads.
    """
    gc.collect()
    gc.set_threshold(YOUNG)
    gc.freeze()  # a lane need not look through, and so copy, what it inherited
    _filling.extend(bytes(size - _EMPTY) for size in _SIZES for _ in range(_HOLES // size))
    woken, wake = os.pipe()
    for one in (woken, wake):
        os.set_blocking(one, False)
    signal.signal(signal.SIGCHLD, _heard)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    listener.setblocking(False)
    lines: dict[int, int] = {}
    while not _reaped(lines):
        ready, _, _ = select.select([listener.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
        if listener.fileno() not in ready:
            continue
        connection = _connection(listener)
        if connection is None:
            continue
        if len(list(_TASKS.iterdir())) != 1:
            raise ThreadsError("The parent of the lanes has threads: it must not be forked.")
        with contextlib.suppress(
            OSError
        ):  # too many processes: the login command sees the line's end
            child = os.fork()
            if not child:
                return _alone(listener, connection)
            lines[child] = connection.detach()
        connection.close()
    return None


def _connection(listener: socket.socket) -> socket.socket | None:
    """Take a connection of our own user's; nobody else has anything to ask for here."""
    try:
        connection, _ = listener.accept()
    except OSError:  # whoever came has gone
        return None
    if peer(connection)[1] == os.geteuid():
        return connection
    connection.close()
    return None


def _reaped(lines: dict[int, int]) -> bool:
    """Tell the login commands of lanes that have ended how; return whether this parent is outdated."""
    outdated = False
    while lines:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            break
        code = os.waitstatus_to_exitcode(status)
        outdated = outdated or code == OUTDATED
        line = lines.pop(child)
        with contextlib.suppress(OSError):  # it has told so itself, and its login command has gone
            os.write(line, ENDED % (code if code >= 0 else _KILLED - code))
        os.close(line)
    return outdated


def _alone(listener: socket.socket, connection: socket.socket) -> socket.socket:
    """Let go, in a child, of whatever is the parent's: all files but the connection, all handlers."""
    signal.set_wakeup_fd(-1)
    listener.detach()
    mine = connection.detach()
    os.closerange(3, mine)
    os.closerange(mine + 1, os.sysconf("SC_OPEN_MAX"))
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError):  # SIGKILL, SIGSTOP, those of the C library
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as Python begins
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.setsid()
    return socket.socket(fileno=mine)


def _heard(*_: object) -> None:
    """Be woken."""
