"""Where POS software comes in: sockets that systemd has opened, or our own; a port only with a token.

Every user of a machine can connect to a port of it, and whoever reaches the machine to one that is not
on its loopback. So a port is only opened, or taken from systemd, on loopback, and asks for the token.
"""

from __future__ import annotations

import ipaddress
import socket
import stat
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from kiosk_tui.records import dataclass
from kiosk_tui.remote.pos.server import PosSocket
from kiosk_tui.remote.sockets.passed import passed
from kiosk_tui.remote.sockets.places import SocketError, listening


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What is listened at: the `given` sockets, else our own at `path`, which lets `group` in, too.

    `tcp` is a host and a port on loopback.
    """

    path: Path
    group: str = ""
    tcp: tuple[str, int] | None = None
    token: str = field(default="", repr=False)
    given: Sequence[socket.socket] = ()

    def named(self, one: PosSocket) -> str:
        """Name a socket for people."""
        name = one.socket.getsockname()
        if is_port(one.socket):
            return f"{name[0]} port {name[1]}"
        return str(name) if one.socket in self.given else str(self.path)


def given(environment: Mapping[str, str], pid: int) -> list[socket.socket]:
    """Return what systemd has opened for this process. Raises `SocketError` for what lets anybody in."""
    found = [made for _, made in passed(environment, pid)]
    for made in found:
        if is_port(made):
            _check_port(*made.getsockname()[:2])
        elif made.family == socket.AF_UNIX:
            _check_file(made.getsockname())
        else:
            raise SocketError("A passed socket is neither a Unix socket nor a port.")
    return found


def _check_port(host: str, port: int) -> None:
    if not ipaddress.ip_address(host).is_loopback:
        raise SocketError(
            f"The passed port {port} is not this machine's alone: let systemd listen at"
            f" 127.0.0.1:{port}."
        )


def _check_file(name: str | bytes) -> None:
    """Refuse what every user can connect to: that takes the right to write, and a file to have it of."""
    if not name or isinstance(name, bytes):
        raise SocketError("The passed socket has no file: every user can connect to it.")
    try:
        mode = Path(name).stat().st_mode
    except OSError as error:
        raise SocketError(f"The passed socket {name} is gone: {error.strerror}.") from error
    if mode & stat.S_IWOTH:
        raise SocketError(
            f"Every user can connect to the passed socket {name}: write SocketMode=0660 into its unit."
        )


def is_port(made: socket.socket) -> bool:
    """Say whether it is reached by a port, not by a file."""
    return made.family in (socket.AF_INET, socket.AF_INET6)


def open_sockets(at: Endpoints) -> list[PosSocket]:
    """Open what is listened at. Raises `SocketError`."""
    if not at.token and (at.tcp is not None or any(map(is_port, at.given))):
        raise SocketError("A port needs a token.")
    found = [PosSocket(made, at.token if is_port(made) else "") for made in at.given]
    if all(map(is_port, at.given)):
        found.append(PosSocket(listening(at.path.absolute(), at.group)))
    if at.tcp is not None and not any(map(is_port, at.given)):
        found.append(PosSocket(_port(*at.tcp), at.token))
    return found


def _port(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SocketError(f"The port {port} cannot be opened: {error.strerror}.") from error
