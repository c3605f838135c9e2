"""TECS's push: `POST /push/{secret}`, one transaction or a list, answered 200 only after COMMIT.

TECS sends a push again several times a day until it is taken. How it is authenticated is published nowhere:
the secret part of the address keeps noise out, and whoever has it can forge. So a push only asks questions.
"""

from __future__ import annotations

import hmac
import logging
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kiosk_tui.office.database import Pool
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.tecs.allowed import EntryError, Reading, TecsEntry, read_entry
from kiosk_tui.office.tecs.documents import transactions_in
from kiosk_tui.office.tecs.storing import store

log = logging.getLogger(__name__)

MOST_BYTES: Final = 1024 * 1024
"""The longest push that is read."""

_BAD, _NOT_FOUND, _TOO_LARGE = 400, 404, 413


def routes() -> list[Route]:
    """Return the door for TECS. Its application's state has `pool` and `settings`."""
    return [Route("/push/{secret}", pushed, methods=["POST"])]


async def pushed(request: Request) -> Response:
    """Take a push. Of a list, what can be read is stored even where something else cannot."""
    settings: OfficeSettings = request.app.state.settings
    pool: Pool = request.app.state.pool
    given, wanted = request.path_params["secret"], settings.tecs.push_path
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        return Response(status_code=_NOT_FOUND)
    body = await _body(request)
    if body is None:
        return _refused(_TOO_LARGE, f"A push has at most {MOST_BYTES} bytes.")
    entries, faults = _read(body, request.headers.get("content-type", ""), settings)
    if entries:
        async with pool.acquire() as connection:
            await store(connection, entries)
    if faults:
        log.warning("a push was not read: %s", faults[0])
        return _refused(_BAD, faults[0], stored=len(entries))
    return JSONResponse({"stored": len(entries)})


def _read(
    body: bytes, content_type: str, settings: OfficeSettings
) -> tuple[list[TecsEntry], list[str]]:
    reading = Reading("push", settings.zone)
    entries, faults = [], []
    try:
        for fields in transactions_in(body, content_type):
            try:
                entries.append(read_entry(fields, reading))
            except EntryError as error:
                faults.append(str(error))
    except EntryError as error:
        faults.append(str(error))
    return entries, faults


async def _body(request: Request) -> bytes | None:
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > MOST_BYTES:
            return None
    return bytes(found)


def _refused(status: int, why: str, **more: int) -> Response:
    return JSONResponse({"why": why} | more, status)
