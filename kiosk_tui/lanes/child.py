"""A lane's first moments: it becomes what the login command would have been without a parent.

Everything that a process has from whoever started it is taken from the login command anew: arguments,
environment, folder, limits, standard streams. Then it says that it has begun, and waits for the
login command's last word.
"""

from __future__ import annotations

import contextlib
import fcntl
import marshal
import os
import random
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from kiosk_tui.files.writing import guard
from kiosk_tui.lanes.handover import AGAIN, BEGUN, ENDED, GO, HEAD, identity
from kiosk_tui.lanes.parent import OUTDATED
from kiosk_tui.remote.sockets.places import peer
from kiosk_tui.start import early

ORDER_S: Final = 5.0
"""So long a login command may take to say what it wants, and to say its last word."""

_MOST: Final = 1024 * 1024
_STREAMS: Final = (
    ("stdin", "r", "surrogateescape"),
    ("stdout", "w", "surrogateescape"),
    ("stderr", "w", "backslashreplace"),
)
"""As Python makes them in C.UTF-8, which is a lane's; every command makes them fit for itself."""
_LANGUAGE: Final = ("LC_ALL", "LC_CTYPE", "LANG")
_LIMITS: Final = tuple(
    value for name, value in vars(resource).items() if name.startswith("RLIMIT_")
)
_MINE: Final = identity()
"""The installation that this process was loaded from; there may be another one by now."""


class LaneRequest(NamedTuple):
    """What the login command was started with, and did to the terminal."""

    installation: bytes
    folder: bytes
    screen: bytes
    arguments: Sequence[str]
    environment: Mapping[str, str]


class NoLaneError(Exception):
    """Nothing has begun, and nothing will: the login command goes on by itself."""

    def __init__(self, code: int = 0) -> None:
        super().__init__()
        self.code = code


class Lane:
    """A lane that has begun: it runs its `arguments`, and tells its login command how that ended.

    Raises `NoLaneError`.
    """

    def __init__(self, line: socket.socket, arguments: Sequence[str]) -> None:
        self.arguments = arguments
        self._line = line
        # The kernel tells the end of the login command, whatever it was, as the hang-up of the terminal
        # that it is: the other end of the line says nothing any more, but that it is gone.
        fcntl.fcntl(line, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(line, fcntl.F_SETSIG, signal.SIGHUP)
        fcntl.fcntl(line, fcntl.F_SETFL, fcntl.fcntl(line, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([line], [], [], 0)[0]:  # it has gone before anybody could be told
            raise NoLaneError

    def ended(self, code: int) -> None:
        """Tell the exit code; nothing is heard any more."""
        fcntl.fcntl(self._line, fcntl.F_SETOWN, 0)
        with contextlib.suppress(OSError):
            self._line.sendall(ENDED % code)

    def again(self) -> NoReturn:
        """End, and let the login command ask for the next lane: the terminal stays with it."""
        with contextlib.suppress(OSError):
            self._line.sendall(AGAIN)
        os._exit(0)


def begun(line: socket.socket) -> Lane:
    """Be the lane that is asked for over this line. Raises `NoLaneError`."""
    line.settimeout(ORDER_S)
    try:
        order, files = _received(line)
        if order.installation != _MINE:
            raise NoLaneError(OUTDATED)
        _become(order, files, peer(line)[0])
        line.sendall(BEGUN % os.getpid())
        if line.recv(len(GO)) != GO:
            raise NoLaneError
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise NoLaneError from error
    return Lane(line, order.arguments)


def _received(line: socket.socket) -> tuple[LaneRequest, Sequence[int]]:
    """Read the order. Raises `OSError` (too late, gone), `ValueError` (none)."""
    data, files, _, _ = socket.recv_fds(line, _MOST, len(_STREAMS))
    if len(files) != len(_STREAMS):
        raise ValueError("no terminal")
    length = HEAD + int(data[:HEAD])
    while len(data) < min(length, _MOST):
        more = line.recv(length - len(data))
        if not more:
            raise ValueError("half an order")
        data += more
    installation, folder, screen, count, *texts = data[HEAD:length].split(b"\0")
    arguments = [os.fsdecode(one) for one in texts[: int(count)]]
    given = (os.fsdecode(one).partition("=") for one in texts[int(count) :])
    environment = {name: value for name, _, value in given}
    return LaneRequest(installation, folder, screen, arguments, environment), files


def _become(order: LaneRequest, files: Sequence[int], login: int) -> None:
    """Take everything over. Raises `OSError`, `ValueError` for what cannot be."""
    if any(order.environment.get(one) != os.environ.get(one) for one in _LANGUAGE):
        raise ValueError("another language: Python reads it when it starts")
    os.chdir(order.folder)
    guard()
    for limit in _LIMITS:
        soft, hard = resource.prlimit(login, limit)
        most = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (_lower(soft, most), _lower(hard, most)))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("0")
    for number, file in enumerate(files):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    for number, (name, mode, errors) in enumerate(_STREAMS):
        stream = os.fdopen(number, mode, encoding="utf-8", errors=errors, closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    sys.argv[1:] = order.arguments
    random.seed()
    screen = marshal.loads(bytes.fromhex(order.screen.decode()))  # noqa: S302 - of the same user, see `parent`
    if screen is not None:
        before, size = screen
        early.go_on(early.Early(before, size, early.decoded(os.environb)))


def _lower(one: int, other: int) -> int:
    return min((one, other), key=lambda limit: float("inf") if limit < 0 else limit)
