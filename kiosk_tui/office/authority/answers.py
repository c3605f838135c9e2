"""Each request's answer, committed together with what it uses up: a code once, a certificate while it holds."""

from __future__ import annotations

import hmac
import logging
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding

from kiosk_tui.office.authority.authority import Authority
from kiosk_tui.office.authority.requests import CsrError, public_key
from kiosk_tui.office.database import Connection
from kiosk_tui.office.ingest.identity import serial_text

log = logging.getLogger(__name__)

_NEXT: Final = (
    "SELECT request_id, code_sha256, serial, csr, register_key FROM certificate_request"
    " WHERE answered_at IS NULL ORDER BY request_id LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_CODE: Final = (
    "SELECT code_sha256, kiosk_id, site, used_at, expires_at <= now() AS expired"
    " FROM enrolment_code WHERE code_sha256 = $1 FOR UPDATE"
)
_BEFORE: Final = (
    "SELECT kiosk_id, certificate FROM certificate_request"
    " WHERE code_sha256 = $1 AND csr = $2 AND certificate <> '' LIMIT 1"
)
_HOLDER: Final = (
    "SELECT kiosk_id FROM certificate"
    " WHERE serial = $1 AND revoked_at IS NULL AND not_after > now() FOR UPDATE"
)


class _RefusalError(Exception):
    """The text is a sentence for whoever asked."""


async def answer_next(connection: Connection, authority: Authority, days: int) -> bool:
    """Answer the oldest request that waits; return whether there was one."""
    async with connection.transaction():
        asked = await connection.fetchrow(_NEXT)
        if asked is None:
            return False
        try:
            kiosk_id, certificate = await _granted(connection, authority, asked, days)
            refused = ""
        except (_RefusalError, CsrError) as error:
            kiosk_id, certificate, refused = None, "", str(error)
        await connection.execute(
            "UPDATE certificate_request SET answered_at = now(), kiosk_id = $2, certificate = $3,"
            " refused = $4 WHERE request_id = $1",
            *(asked["request_id"], kiosk_id, certificate, refused),
        )
    if refused:
        log.warning("request %s was refused: %s", asked["request_id"], refused)
    else:
        log.info("request %s: a certificate for %s", asked["request_id"], kiosk_id)
    return True


async def _granted(
    connection: Connection, authority: Authority, asked: Any, days: int
) -> tuple[str, str]:
    """Return the kiosk and its certificate (PEM). Raises `_RefusalError`, `CsrError`."""
    key = public_key(asked["csr"])
    if asked["serial"] is not None:
        kiosk_id = await _renewing(connection, asked["serial"])
    else:
        answered = await connection.fetchrow(_BEFORE, asked["code_sha256"], asked["csr"])
        if answered is not None:
            # the answer was lost on its way, and whoever has this request's key asks again
            return answered["kiosk_id"], answered["certificate"]
        kiosk_id = await _enrolling(connection, asked["code_sha256"], asked["register_key"])
    made = authority.issue(key, kiosk_id, days)
    await connection.execute(
        "INSERT INTO certificate (serial, kiosk_id, not_after) VALUES ($1, $2, $3)",
        *(serial_text(made.serial_number), kiosk_id, made.not_valid_after_utc),
    )
    return kiosk_id, made.public_bytes(Encoding.PEM).decode("ascii")


async def _renewing(connection: Connection, serial: str) -> str:
    kiosk_id = await connection.fetchval(_HOLDER, serial)
    if kiosk_id is None:
        raise _RefusalError("The certificate that this renewal came under does not hold any more.")
    return str(kiosk_id)


async def _enrolling(connection: Connection, digest: bytes, register_key: str) -> str:
    """Use a code up; return its kiosk, whose earlier certificates are revoked: it is a new machine."""
    code = await connection.fetchrow(_CODE, digest)
    if code is None or not hmac.compare_digest(code["code_sha256"], digest):
        raise _RefusalError("Head office does not know this code: check it, or ask for a new one.")
    if code["used_at"] is not None:
        raise _RefusalError("This code has been used: ask head office for a new one.")
    if code["expired"]:
        raise _RefusalError("This code has expired: ask head office for a new one.")
    kiosk_id = code["kiosk_id"]
    await connection.execute(
        "UPDATE enrolment_code SET used_at = now() WHERE code_sha256 = $1", digest
    )
    await connection.execute(
        "INSERT INTO kiosk (kiosk_id, site, register_key) VALUES ($1, $2, $3)"
        " ON CONFLICT (kiosk_id) DO UPDATE SET left_at = NULL,"
        " site = coalesce(nullif(EXCLUDED.site, ''), kiosk.site), register_key = EXCLUDED.register_key",
        *(kiosk_id, code["site"], register_key),
    )
    await connection.execute(
        "UPDATE certificate SET revoked_at = now(), revoked_by = 'enrolled anew'"
        " WHERE kiosk_id = $1 AND revoked_at IS NULL",
        kiosk_id,
    )
    return str(kiosk_id)
