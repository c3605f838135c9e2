"""Machines that ask head office for certificates, and an enroller that answers them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk_tui.office import enroller
from kiosk_tui.office.database import Pool
from kiosk_tui.office.enrolment import codes
from kiosk_tui.office.settings import DatabaseSection, KeysSection, OfficeSettings


def settings(database_url: str, folder: Path, days: int = 90) -> OfficeSettings:
    """Head office's settings with its keys below `folder`."""
    return OfficeSettings(
        database=DatabaseSection(url=database_url),
        keys=KeysSection(
            signer=folder / "signer", enroller=folder / "enroller", certificate_days=days
        ),
    )


def csr(
    key: ec.EllipticCurvePrivateKey | None = None, named: str = "whatever it says of itself"
) -> str:
    """A certificate request in PEM."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, named)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode()


async def code(pool: Pool, set_up: OfficeSettings, kiosk_id: str = "graz-1", **more: object) -> str:
    """A new code's line."""
    async with pool.acquire() as connection:
        made = await codes.invite(connection, set_up, kiosk_id, by="anna", **more)  # type: ignore[arg-type]
    return made.line


async def ready(pool: Pool) -> None:
    """What a signer does when it starts: from then on machines may be enrolled."""
    await pool.execute("INSERT INTO signing_key (key_id, public) VALUES ('k1', $1)", b"\1" * 32)


@contextlib.asynccontextmanager
async def enrolling(set_up: OfficeSettings) -> AsyncIterator[None]:
    """An enroller that runs meanwhile."""
    begun = asyncio.Event()
    task = asyncio.create_task(enroller.run(set_up, begun.set))
    try:
        beginning = asyncio.create_task(begun.wait())
        await asyncio.wait({task, beginning}, return_when=asyncio.FIRST_COMPLETED)
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
