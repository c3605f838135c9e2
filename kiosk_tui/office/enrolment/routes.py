"""`POST /v1/enroll` and `/v1/renew`: they ask the enroller, which alone can sign, and wait for its answer.

`GET /v1/authority` gives the authority of this server to whoever has its fingerprint from a code.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk_tui.fleet import code as codes
from kiosk_tui.fleet.wire_enrolment import CommandKey, Enrolled, Enrolment, Renewal
from kiosk_tui.office.database import Pool
from kiosk_tui.office.enrolment.codes import certificate_in
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.ingest.identity import identified, serial_of

ADDRESS: Final = "X-Client-Address"
"""nginx's `$remote_addr`."""
MOST_PER_MINUTE: Final = 20
"""From one address: a branch that sets up its machines, behind one router."""
CHANNEL: Final = "certificate_request"

_MOST_BYTES: Final = 16 * 1024
_ANSWER_S: Final = 15.0
_LOOK_S: Final = 0.1


def routes() -> list[Route]:
    """Return these doors."""
    return [
        Route("/v1/enroll", _enroll, methods=["POST"]),
        Route("/v1/renew", _renew, methods=["POST"]),
        Route("/v1/authority", _authority, methods=["GET"]),
    ]


async def _enroll(request: Request) -> Response:
    pool: Pool = request.app.state.pool
    await _count(pool, request.headers.get(ADDRESS, ""))
    try:
        given = Enrolment.model_validate_json(await _body(request))
        digest = codes.read(given.code).digest()
    except (ValidationError, codes.CodeError) as error:
        raise HTTPException(
            400, "That is no enrolment: a code and a request are needed."
        ) from error
    if not await _keys(pool):
        raise HTTPException(503, "Head office's commands have no key yet: start its signer first.")
    return await _answered(
        pool,
        "INSERT INTO certificate_request (csr, code_sha256, register_key) VALUES ($1, $2, $3)",
        given.csr,
        digest,
        given.register_key,
    )


async def _renew(request: Request) -> Response:
    await identified(request)
    try:
        given = Renewal.model_validate_json(await _body(request))
    except ValidationError as error:
        raise HTTPException(400, "That is no renewal: a certificate request is needed.") from error
    return await _answered(
        request.app.state.pool,
        "INSERT INTO certificate_request (csr, serial) VALUES ($1, $2)",
        given.csr,
        serial_of(request),
    )


async def _authority(request: Request) -> Response:
    file = request.app.state.settings.ingest.authority
    if file is None:
        raise HTTPException(404, "This server is vouched for by an authority that machines know.")
    try:
        found = await asyncio.to_thread(certificate_in, file)
    except OfficeError as error:
        raise HTTPException(503, str(error)) from error
    return Response(found.public_bytes(Encoding.PEM), media_type="application/x-pem-file")


async def _body(request: Request) -> bytes:
    found = b""
    async for block in request.stream():
        found += block
        if len(found) > _MOST_BYTES:
            raise HTTPException(413, f"More than {_MOST_BYTES} bytes are no certificate request.")
    return found


async def _count(pool: Pool, address: str) -> None:
    """Raise `HTTPException` 429 when too many enrolments come from one address."""
    times = await pool.fetchval(
        "INSERT INTO enrolment_attempt (address, minute) VALUES ($1, date_trunc('minute', now()))"
        " ON CONFLICT (address, minute) DO UPDATE SET times = enrolment_attempt.times + 1"
        " RETURNING times",
        _network(address),
    )
    if times > MOST_PER_MINUTE:
        raise HTTPException(429, "Too many enrolments from this address: try again in a minute.")


def _network(address: str) -> str:
    """Return what one customer of a network provider has: an IPv4 address, or an IPv6 /64."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))


async def _answered(pool: Pool, statement: str, *values: bytes | str) -> Response:
    """Leave a request for the enroller; return its answer.

    Raises `HTTPException`: 403 with the enroller's sentence, 503 where it says nothing.
    """
    n = await pool.fetchval(f"{statement} RETURNING request_id", *values)
    await pool.execute(f"NOTIFY {CHANNEL}")
    until = asyncio.get_running_loop().time() + _ANSWER_S
    while asyncio.get_running_loop().time() < until:
        row = await pool.fetchrow(
            "SELECT kiosk_id, certificate, refused FROM certificate_request"
            " WHERE request_id = $1 AND answered_at IS NOT NULL",
            n,
        )
        if row is not None and row["refused"]:
            raise HTTPException(403, row["refused"])
        if row is not None:
            found = await _enrolled(pool, row["kiosk_id"], row["certificate"])
            return Response(found.model_dump_json(), media_type="application/json")
        await asyncio.sleep(_LOOK_S)
    raise HTTPException(503, "Head office's enroller does not answer now: try again.")


async def _enrolled(pool: Pool, kiosk_id: str, certificate: str) -> Enrolled:
    last = "SELECT coalesce(max(n), 0) FROM command WHERE kiosk_id = $1"
    return Enrolled(
        kiosk_id=kiosk_id,
        certificate=certificate,
        command_keys=await _keys(pool),
        commands=await pool.fetchval(last, kiosk_id),
    )


async def _keys(pool: Pool) -> tuple[CommandKey, ...]:
    """Return whose commands a kiosk takes from its enrolment on."""
    keys = await pool.fetch(
        "SELECT key_id, public FROM signing_key WHERE until IS NULL OR until > now()"
        " ORDER BY since DESC"
    )
    return tuple(
        CommandKey(key_id=one["key_id"], public=base64.b64encode(one["public"]).decode())
        for one in keys
    )
