"""Puts the terminal right after a screen that was killed: nobody may be left with mouse reports.

A process that is killed (-9, out of memory) cannot do it itself, so another one has to be there. It must
cost next to nothing, and the register must stay the process that was started: signals reach it once, its
exit code is the caller's, systemd's main process is it. So:

- Started from a shell, the register starts a tiny watcher beside it, a `sh` of 1 MB in a session of its
  own, that waits for the end of a pipe and writes a line.
- As the first process of an SSH session that cannot be: the kernel takes the terminal away with it. There
  the register is a child (a fork before anything dear is loaded), and its parent hands signals on, puts the
  terminal right, and ends with the child's code.
  The lane's login shell costs less: it stays in front itself, and the register has its watcher.
- As the first process of any other session (a unit, a console, a window) nobody is behind it who would
  see: systemd resets the console (`TTYReset=`), a window closes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import termios
import time
from collections.abc import Callable, Iterator
from typing import Final

from kiosk_tui.start.picture import PUT_RIGHT, RIGHT

_TERMINAL: Final = 2
_PIPE: Final = 3
_OVER: Final = b"\n"
_SHELL: Final = "/bin/sh"
_WATCH: Final = f"""
trap '' HUP INT QUIT TERM
read -r _ <&{_PIPE} && exit
{PUT_RIGHT}
"""
_HANDED_ON: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)
_REAP_S: Final = 0.2


_begun = False


@contextlib.contextmanager
def put_right() -> Iterator[None]:
    """See to the terminal's end for as long as a screen may be killed. Once: inside of itself nothing more."""
    global _begun
    begun, _begun = _begun, True
    if begun or not os.isatty(_TERMINAL):
        yield
    elif os.getsid(0) != os.getpid():
        with _watched():
            yield
    else:
        if os.environ.get("SSH_CONNECTION"):
            _become_child()
        yield


def give_back_at_the_end(give_back: Callable[[], None]) -> None:
    """Call `give_back` before SIGTERM ends this process: until a screen takes that signal nobody does."""

    def end(number: int, _frame: object) -> None:
        give_back()
        over()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, end)


_pipe = -1


def over() -> None:
    """Say that the screen has ended by itself: before the process becomes another program, say."""
    global _pipe  # noqa: PLW0603 - there is one terminal
    if _pipe >= 0:
        with contextlib.suppress(OSError):
            os.write(_pipe, _OVER)
        os.close(_pipe)
        _pipe = -1


@contextlib.contextmanager
def _watched() -> Iterator[None]:
    global _pipe
    reads, _pipe = os.pipe()
    try:
        watcher = _watcher(reads)
    finally:
        os.close(reads)
    try:
        yield
    finally:
        over()
        _reap(watcher)


def _watcher(reads: int) -> int:
    """Start the watcher; without a shell there is none (0)."""
    streams = [(os.POSIX_SPAWN_DUP2, _TERMINAL, one) for one in (0, 1)]
    with contextlib.suppress(OSError):
        return os.posix_spawn(
            _SHELL,
            ("sh", "-c", _WATCH),
            {"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            file_actions=[*streams, (os.POSIX_SPAWN_DUP2, reads, _PIPE)],
            setsid=True,
            setsigmask=(),
        )
    return 0


def _reap(watcher: int) -> None:
    end = time.monotonic() + _REAP_S
    with contextlib.suppress(ChildProcessError):
        while watcher and not os.waitpid(watcher, os.WNOHANG)[0] and time.monotonic() < end:
            time.sleep(0.005)


def _become_child() -> None:
    """Go on as a child; the parent never returns from here."""
    child = os.fork()
    if child == 0:
        return
    for number in _HANDED_ON:
        signal.signal(number, lambda number, _frame: _hand_on(child, number))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        _write_right()
    os._exit(code if code >= 0 else 128 - code)


def _hand_on(child: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, number)


def _write_right() -> None:
    with contextlib.suppress(OSError):
        os.write(_TERMINAL, "".join(RIGHT).encode())
    with contextlib.suppress(OSError, termios.error):
        mode = termios.tcgetattr(_TERMINAL)
        mode[3] |= termios.ISIG | termios.ICANON | termios.ECHO | termios.IEXTEN
        mode[0] |= termios.ICRNL
        termios.tcsetattr(_TERMINAL, termios.TCSANOW, mode)
