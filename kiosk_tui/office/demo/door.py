"""A door for kiosks on loopback that does by itself what nginx does for a real head office.

TLS with a certificate of its own, client certificates checked, and the two headers written in place of
whatever a client wrote there.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Final

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from kiosk_tui.files.writing import write
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.ingest.identity import SERIAL, VERIFIED
from kiosk_tui.office.serving import PartServer

HOST: Final = "127.0.0.1"
_DAYS: Final = 30
_HEADERS: Final = frozenset({VERIFIED.lower().encode(), SERIAL.lower().encode()})


def make_certificate(file: Path, address: str = HOST) -> None:
    """Write a new key with a certificate for an address (loopback), which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a demo's head office")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(address))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    write(file, (private + public).decode("ascii"))


@contextlib.asynccontextmanager
async def kiosks_door(
    app: Starlette, port: int, certificate: Path, authority: str
) -> AsyncIterator[None]:
    """Serve kiosks whose certificates that authority (PEM) has signed, until the block ends.

    Raises `OfficeError` where the port is taken.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.load_verify_locations(cadata=authority)
    context.verify_mode = ssl.CERT_OPTIONAL  # whoever enrols has none yet
    config = uvicorn.Config(
        app, http=_Certified, ws="none", lifespan="off", log_config=None,
        log_level="critical", access_log=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    config.load()
    config.ssl = context
    server = PartServer(config)
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        raise OfficeError(f"Port {port} of {HOST} is taken: name another --address.") from error
    task = asyncio.create_task(server.serve([listener]))
    try:
        await server.up(task)
        yield
    finally:
        app.state.ending.set()
        server.should_exit = True
        await task
        listener.close()


class _Certified(H11Protocol):
    """Knows the certificate of its connection, and tells the app of it as nginx does."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _with_headers(self.app, transport.get_extra_info("peercert") or {})


def _with_headers(app: ASGIApp, certificate: dict[str, Any]) -> ASGIApp:
    serial = str(certificate.get("serialNumber", ""))
    told = [
        (VERIFIED.lower().encode(), b"SUCCESS" if serial else b"NONE"),
        (SERIAL.lower().encode(), serial.encode("ascii")),
    ]

    async def certified(scope: Scope, receive: Receive, send: Send) -> None:
        kept = [one for one in scope["headers"] if one[0] not in _HEADERS]
        await app({**scope, "headers": [*kept, *told]}, receive, send)

    return certified
