"""The application on its sockets, until the register ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import field
from typing import Final

from uvicorn import Config
from uvicorn.server import ServerState

from kiosk_tui.records import dataclass
from kiosk_tui.remote.api.app import ApiDoor, create_app
from kiosk_tui.remote.api.connections import (
    LONGEST_HEAD,
    Admission,
    BoundedConnection,
    Deadlines,
)
from kiosk_tui.remote.api.desk import PaymentDesk
from kiosk_tui.remote.api.tokens import ApiToken
from kiosk_tui.remote.sockets.places import SocketError

END_S: Final = 5.0
"""So long answers that are under way may take at the end."""
_NO_PASSWORD: Final = "-"  # noqa: S105 - else OpenSSL asks for one on the terminal


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """What TLS is spoken with: two files in PEM."""

    file: str
    key_file: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApiSocket:
    """A listening socket. A `port` asks for tokens; with a `certificate` it speaks TLS."""

    socket: socket.socket
    port: bool = False
    certificate: ServerCertificate | None = None


class ApiServer:
    """Serves sockets until it is closed; a payment goes on without any connection."""

    def __init__(
        self,
        desk: PaymentDesk,
        tokens: Sequence[ApiToken] = (),
        hosts: Sequence[str] = (),
        deadlines: Deadlines | None = None,
    ) -> None:
        self._desk = desk
        self._tokens = tokens
        self._hosts = hosts
        self._deadlines = deadlines or Deadlines()
        self._servers: list[asyncio.Server] = []
        self._state = ServerState()

    async def listen(self, at: ApiSocket) -> None:
        """Accept connections on a socket. Raises `SocketError` for a certificate that cannot be used."""
        door = ApiDoor(self._tokens, at.port, self._hosts)
        config = self._config(door, at.certificate)
        admission = Admission(tokens_needed=at.port)
        server = await asyncio.get_running_loop().create_server(
            lambda: BoundedConnection(config, self._state, admission, self._deadlines),
            sock=at.socket,
            ssl=config.ssl,
            ssl_handshake_timeout=self._deadlines.head_s if config.ssl else None,
        )
        self._servers.append(server)

    async def close(self, why: str) -> None:
        """Accept nobody more; answer whoever waits, and say to whoever follows why it ends."""
        for server in self._servers:
            server.close()
        self._desk.end(why)
        for connection in tuple(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=END_S)
        for connection in tuple(self._state.connections):
            connection.transport.close()

    def _config(self, door: ApiDoor, certificate: ServerCertificate | None) -> Config:
        config = Config(
            create_app(self._desk, door),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=False,
            # what a client writes into X-Forwarded-For is nobody's address
            proxy_headers=False,
            h11_max_incomplete_event_size=LONGEST_HEAD,
            timeout_keep_alive=self._deadlines.idle_s,
            ssl_certfile=certificate.file if certificate else None,
            ssl_keyfile=certificate.key_file if certificate else None,
            ssl_keyfile_password=_NO_PASSWORD if certificate else None,
        )
        try:
            config.load()
        except OSError as error:
            raise SocketError(
                f"TLS cannot be spoken with api.certificate and api.certificate_key: {error}."
            ) from error
        return config
