"""Where programs come in: sockets that systemd has opened, or our own; a port only with tokens.

Every user of a machine can connect to a port of it, and whoever reaches the machine to one that is not on
its loopback. So a port asks for a token, and beyond loopback is only opened, or taken from systemd, with TLS.
"""

from __future__ import annotations

import ipaddress
import socket
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from kiosk_tui.records import dataclass
from kiosk_tui.remote.api.serving import ApiSocket, ServerCertificate
from kiosk_tui.remote.api.tokens import ApiToken
from kiosk_tui.remote.sockets.passed import passed
from kiosk_tui.remote.sockets.places import SocketError, listening


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What is listened at: the `given` sockets, else our own at `path`, which lets `group` in, too.

    `tcp` is a host and a port. `hosts` are the names by which other machines reach it.
    """

    path: Path
    group: str = ""
    tcp: tuple[str, int] | None = None
    tokens: Sequence[ApiToken] = ()
    given: Sequence[socket.socket] = ()
    certificate: ServerCertificate | None = None
    hosts: Sequence[str] = ()

    def named(self, one: ApiSocket) -> str:
        """Name a socket for people."""
        name = one.socket.getsockname()
        if one.port:
            host = f"[{name[0]}]" if ":" in name[0] else name[0]
            return f"{'https' if one.certificate else 'http'}://{host}:{name[1]}"
        return str(name) if one.socket in self.given else str(self.path)


def given(environment: Mapping[str, str], pid: int) -> list[socket.socket]:
    """Return what systemd has opened for this process. Raises `SocketError` for what lets anybody in."""
    found = [made for _, made in passed(environment, pid)]
    for made in found:
        if made.family == socket.AF_UNIX:
            _check_file(made.getsockname())
        elif not is_port(made):
            raise SocketError("A passed socket is neither a Unix socket nor a port.")
    return found


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


def open_sockets(at: Endpoints) -> list[ApiSocket]:
    """Open what is listened at. Raises `SocketError`."""
    ports = [made for made in at.given if is_port(made)]
    hosts = [made.getsockname()[0] for made in ports] + ([at.tcp[0]] if at.tcp else [])
    _check_ports(hosts, at)
    found = [_socket(made, at) for made in at.given]
    if len(ports) == len(at.given):
        found.append(ApiSocket(listening(at.path.absolute(), at.group)))
    if at.tcp is not None and not ports:
        found.append(_socket(_port(*at.tcp), at))
    return found


def _check_ports(hosts: Sequence[str], at: Endpoints) -> None:
    if hosts and not at.tokens:
        raise SocketError(
            "A port needs a token, because every user of this machine can connect to it: name one in"
            " api.tokens."
        )
    for host in hosts:
        if not ipaddress.ip_address(host).is_loopback and at.certificate is None:
            raise SocketError(
                f"Other machines reach {host}: it needs TLS (api.certificate and api.certificate_key);"
                " without, listen at 127.0.0.1."
            )


def _socket(made: socket.socket, at: Endpoints) -> ApiSocket:
    port = is_port(made)
    return ApiSocket(made, port, at.certificate if port else None)


def _port(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SocketError(f"The port {port} cannot be opened: {error.strerror}.") from error
