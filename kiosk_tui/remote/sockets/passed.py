"""Sockets that systemd has opened for this program (socket activation, sd_listen_fds(3)).

They are numbered from 3 on. `LISTEN_FDS` counts them, `LISTEN_PID` is the process that they are meant
for (a child inherits the variables, but is not meant), and `LISTEN_FDNAMES` names them.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Final

from kiosk_tui.remote.sockets.places import SocketError

FIRST: Final = 3
_MOST: Final = 16


def passed(environment: Mapping[str, str], pid: int) -> list[tuple[str, socket.socket]]:
    """Return the listening sockets that were passed, each with its name; none where none was.

    They are taken: programs that this one starts do not inherit them. Raises `SocketError` for what is
    no such socket, or is named wrongly: whoever meant to pass one must not find another one open.
    """
    count = environment.get("LISTEN_FDS", "")
    if environment.get("LISTEN_PID", "") != str(pid) or not count:
        return []
    if not (count.isascii() and count.isdigit() and 0 < int(count) <= _MOST):
        raise SocketError(f"LISTEN_FDS is '{count[:20]}': it counts 1 to {_MOST} sockets.")
    numbers = range(FIRST, FIRST + int(count))
    names = (
        environment.get("LISTEN_FDNAMES", "").split(":") if "LISTEN_FDNAMES" in environment else []
    )
    if names and len(names) != len(numbers):
        raise SocketError(f"LISTEN_FDNAMES names {len(names)} sockets, LISTEN_FDS counts {count}.")
    return [
        (name, _listening(number))
        for number, name in zip(numbers, names or ["" for _ in numbers], strict=True)
    ]


def pass_on(environment: Mapping[str, str], pid: int) -> None:
    """Let the program that this process becomes have what was passed: it has the same number."""
    for number in range(FIRST, FIRST + _count(environment, pid)):
        os.set_inheritable(number, True)


def _count(environment: Mapping[str, str], pid: int) -> int:
    count = environment.get("LISTEN_FDS", "")
    mine = environment.get("LISTEN_PID", "") == str(pid)
    return int(count) if mine and count.isascii() and count.isdigit() else 0


def _listening(number: int) -> socket.socket:
    try:
        os.set_inheritable(number, False)
        made = socket.socket(fileno=os.dup(number))
    except OSError as error:
        raise SocketError(f"The passed socket {number} is none: {error.strerror}.") from error
    try:
        listens = made.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError:
        listens = 0
    if made.type is not socket.SOCK_STREAM or not listens:
        made.close()
        raise SocketError(f"The passed socket {number} does not listen for connections.")
    made.setblocking(False)
    return made
