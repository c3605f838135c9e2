"""The signals that a session takes: those that ask for its end, and the one for a new configuration."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Final, NoReturn

from kiosk_tui.isolation import program

ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
"""Whoever sends one of these wants the program to end, in order."""

RELOAD: Final = signal.SIGUSR1
"""Asks for a new configuration. Not SIGHUP: that says that the terminal went away."""


class _Anew:
    way: Callable[[], NoReturn] | None = None


def begin_anew_by(way: Callable[[], NoReturn]) -> None:
    """Let this process begin anew in this way, and not by becoming another one."""
    _Anew.way = staticmethod(way)


def begin_anew() -> NoReturn:
    """Become a new process of this program, with the same arguments and the same number."""
    # ignored until the new one listens: by default it would kill
    signal.signal(RELOAD, signal.SIG_IGN)
    if _Anew.way is not None:
        _Anew.way()
    os.execv(sys.executable, [*program(), *sys.argv[1:]])  # noqa: S606
