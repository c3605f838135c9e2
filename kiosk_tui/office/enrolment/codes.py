"""One-time codes for machines, and the end of a machine's certificates. What is done here is logged here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from kiosk_tui.files import reading
from kiosk_tui.fleet import code as codes
from kiosk_tui.office.database import Connection
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.settings import OfficeSettings

MOST_HOURS: Final = 24 * 30
_KIOSK: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LONGEST_AUTHORITY: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Invitation:
    """A new code: `line` is shown once, to be typed or scanned, and kept nowhere."""

    kiosk_id: str
    line: str
    expires_at: datetime


async def invite(
    connection: Connection,
    settings: OfficeSettings,
    kiosk_id: str,
    *,
    by: str,
    site: str = "",
    hours: int = 24,
) -> Invitation:
    """Make a code for a kiosk; it holds for 1 to 720 hours. Raises `OfficeError`.

    A kiosk that is there already may be enrolled anew, on another machine or after its disk was lost:
    the certificates that it had are revoked when the code is used.
    """
    if not _KIOSK.fullmatch(kiosk_id):
        raise OfficeError(f"'{kiosk_id}' is no kiosk's name: up to 40 of a-z, 0-9 and -.")
    if not 1 <= hours <= MOST_HOURS:
        raise OfficeError(f"A code holds for 1 to {MOST_HOURS} hours.")
    made = codes.made(settings.ingest.url, _fingerprint(settings.ingest.authority))
    async with connection.transaction():
        expires_at = await connection.fetchval(
            "INSERT INTO enrolment_code (code_sha256, kiosk_id, site, made_by, expires_at)"
            " VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5)) RETURNING expires_at",
            *(made.digest(), kiosk_id, site, by, hours),
        )
        await _log(connection, by, "enroll", kiosk_id)
    return Invitation(kiosk_id, str(made), expires_at)


async def revoke(connection: Connection, kiosk_id: str, *, by: str) -> int:
    """Take no more from a kiosk; return how many certificates are revoked by this.

    Its codes that were not used are void too. What it sent stays. Raises `OfficeError` for a kiosk
    that is not known.
    """
    async with connection.transaction():
        known = await connection.fetchval(
            "UPDATE kiosk SET left_at = coalesce(left_at, now()) WHERE kiosk_id = $1"
            " RETURNING kiosk_id",
            kiosk_id,
        )
        voided = await connection.fetch(
            "UPDATE enrolment_code SET expires_at = now()"
            " WHERE kiosk_id = $1 AND used_at IS NULL AND expires_at > now() RETURNING kiosk_id",
            kiosk_id,
        )
        if known is None and not voided:
            raise OfficeError(f"Head office knows no kiosk {kiosk_id}.")
        revoked = await connection.fetch(
            "UPDATE certificate SET revoked_at = now(), revoked_by = $2"
            " WHERE kiosk_id = $1 AND revoked_at IS NULL RETURNING serial",
            *(kiosk_id, by),
        )
        await _log(connection, by, "revoke", kiosk_id)
    return len(revoked)


async def _log(connection: Connection, by: str, what: str, kiosk_id: str) -> None:
    await connection.execute(
        "INSERT INTO action (name, what, subject) VALUES ($1, $2, $3)", by, what, kiosk_id
    )


def _fingerprint(authority: Path | None) -> str:
    """Return the SHA-256 of the server's authority, where it has one of its own."""
    if authority is None:
        return ""
    return certificate_in(authority).fingerprint(hashes.SHA256()).hex()


def certificate_in(file: Path) -> x509.Certificate:
    """Return the first certificate of the file `ingest.authority`. Raises `OfficeError`."""
    try:
        return x509.load_pem_x509_certificate(reading.read(file, _LONGEST_AUTHORITY))
    except OSError as error:
        why = error.strerror or "it cannot be read"
    except ValueError:
        why = "it holds no certificate in PEM"
    raise OfficeError(f"ingest.authority = {file} cannot be used: {why}.")
