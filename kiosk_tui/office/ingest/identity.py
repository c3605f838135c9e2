"""Which kiosk a request comes from: its client certificate says so, and nothing in its body does.

nginx checks the certificate and writes its verdict and the serial into two headers, in place of
whatever a client wrote there. They are believed because this process listens on a unix socket that
nobody but nginx may connect to. Whether a serial holds is asked of the database for each request, so
that a revoked certificate is cut off with its next one.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from kiosk_tui.office.database import Pool

VERIFIED: Final = "X-Client-Verify"
"""nginx's `$ssl_client_verify`: SUCCESS, NONE or FAILED:why."""
SERIAL: Final = "X-Client-Serial"
"""nginx's `$ssl_client_serial`: hex digits."""

_HEX: Final = re.compile(r"0*([0-9A-Fa-f]{1,40})")
_HOLDS: Final = (
    "SELECT kiosk_id, not_after <= now() AS expired, revoked_at IS NOT NULL AS revoked,"
    " issued_at + (not_after - issued_at) * 2 / 3 <= now() AS renew"
    " FROM certificate WHERE serial = $1"
)


def serial_text(number: int) -> str:
    """Write a certificate's serial as the table `certificate` has it: hex without leading zeros."""
    return f"{number:x}"


def serial_of(request: Request) -> str:
    """Return the serial of the request's verified certificate.

    Raises `HTTPException`: 401 where there is none, 403 where it was not verified.
    """
    verified = request.headers.get(VERIFIED, "NONE")
    if verified in {"", "NONE"}:
        raise HTTPException(401, "A client certificate is needed here: `kiosk-tui fleet enroll`.")
    found = _HEX.fullmatch(request.headers.get(SERIAL, ""))
    if verified != "SUCCESS" or found is None:
        raise HTTPException(403, "The client certificate was not verified.")
    return found[1].lower()


async def identified(request: Request) -> str:
    """Return the kiosk's id. Raises `HTTPException`: 401 without a certificate, 403 where it holds not.

    `request.state.renew` says then whether two thirds of the certificate's life are over, by head
    office's clock: a kiosk's own may be wrong.
    """
    pool: Pool = request.app.state.pool
    found = await pool.fetchrow(_HOLDS, serial_of(request))
    if found is None:
        raise HTTPException(403, "Head office does not know this certificate.")
    if found["revoked"]:
        raise HTTPException(403, "Head office has revoked this certificate.")
    if found["expired"]:
        raise HTTPException(403, "This certificate has expired: enroll this kiosk again.")
    request.state.renew = bool(found["renew"])
    return str(found["kiosk_id"])
