"""Whether a terminal takes output: Scroll Lock, Ctrl-S or a client that was stopped keep it from doing so.

Asked without writing a byte: the kernel says that there is room, or it does not.
"""

from __future__ import annotations

import os
import select
from pathlib import Path
from typing import Final

PATIENCE_MS: Final = 500
"""A line that is only slow has room again by then."""

_PROCESSES: Final = Path("/proc")


def takes_output(fd: int, patience_ms: int = PATIENCE_MS) -> bool:
    """Say whether what is written into a terminal would be taken."""
    room = select.poll()
    room.register(fd, select.POLLOUT)
    return bool(room.poll(patience_ms))


def frozen_terminal(pid: int, processes: Path = _PROCESSES) -> str:
    """Return the terminal that a process draws on (its stderr), where that takes no output; or nothing.

    Nothing is also the answer where that may not be looked at.
    """
    theirs = processes / str(pid) / "fd" / "2"
    try:
        name = str(theirs.readlink())
        fd = os.open(theirs, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        return name if os.isatty(fd) and not takes_output(fd) else ""
    finally:
        os.close(fd)
