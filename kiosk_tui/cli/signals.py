"""Signals that mean nothing here: whoever sends one must not end a payment in its middle.

By default they kill, or stop. Those that ask for the end (SIGTERM, SIGHUP, SIGINT, SIGQUIT) are taken by
the session of each command.
"""

from __future__ import annotations

import signal
from typing import Final

_STRAY: Final = tuple(
    getattr(signal, name)
    for name in (
        *("SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGIO", "SIGPWR", "SIGSTKFLT"),
        *("SIGXCPU", "SIGTRAP"),
    )
    if hasattr(signal, name)
)
"""An operator's, a log rotator's, a UPS daemon's, a timer's that an earlier program in this process left."""


def pass_over_strays() -> None:
    """Do nothing at a stray signal. Commands may take one for themselves afterwards."""
    for number in _STRAY:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.SIG_IGN):
            # a function, not SIG_IGN, which the programs that we start would inherit
            signal.signal(number, _nothing)


def _nothing(*_: object) -> None:
    """Go on."""
