"""Which kiosk speaks is told by its certificate, asked anew with each request."""

from __future__ import annotations

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kiosk_tui.office import database, doors
from kiosk_tui.office.ingest.identity import identified, serial_text
from kiosk_tui.office.settings import OfficeSettings

NAMED = {"X-Client-Verify": "SUCCESS", "X-Client-Serial": "0ABC"}
SERIAL = serial_text(0xABC)


async def _who(request: Request) -> Response:
    return PlainTextResponse(await identified(request))


def _app(pool: database.Pool) -> Starlette:
    app = doors.ingest_app(OfficeSettings(), pool)
    app.router.routes.append(Route("/who", _who))
    return app


async def _ask(pool: database.Pool, headers: dict[str, str]) -> tuple[int, str]:
    transport = httpx.ASGITransport(_app(pool), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
        answer = await client.get("/who", headers=headers)
    return answer.status_code, answer.text


async def _certificate(pool: database.Pool, changed: str = "kiosk_id = 'graz-1'") -> None:
    await pool.execute("INSERT INTO kiosk (kiosk_id) VALUES ('graz-1')")
    await pool.execute(
        "INSERT INTO certificate (serial, kiosk_id, not_after)"
        " VALUES ($1, 'graz-1', now() + interval '1 day')",
        SERIAL,
    )
    await pool.execute(f"UPDATE certificate SET {changed}")


async def test_a_certificate_that_holds_names_its_kiosk(pool: database.Pool) -> None:
    await _certificate(pool)
    assert await _ask(pool, NAMED) == (200, "graz-1")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ("revoked_at = now()", "revoked"),
        ("not_after = now() - interval '1 second'", "expired"),
        ("serial = 'dead'", "does not know"),
    ],
)
async def test_one_that_does_not_hold_is_refused_in_a_sentence(
    pool: database.Pool, changed: str, why: str
) -> None:
    await _certificate(pool, changed)
    status, body = await _ask(pool, NAMED)
    assert status == 403
    assert why in body


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-Client-Verify": "NONE", "X-Client-Serial": ""}, 401),
        ({"X-Client-Serial": "0ABC"}, 401),
        ({"X-Client-Verify": "FAILED:unable to verify", "X-Client-Serial": "0ABC"}, 403),
        ({"X-Client-Verify": "SUCCESS", "X-Client-Serial": ""}, 403),
        ({"X-Client-Verify": "SUCCESS", "X-Client-Serial": "0ABC, 0ABD"}, 403),
    ],
)
async def test_without_a_verified_certificate_nobody_is_known(
    pool: database.Pool, headers: dict[str, str], status: int
) -> None:
    await _certificate(pool)
    assert (await _ask(pool, headers))[0] == status


async def test_a_database_that_is_away_says_to_come_again(pool: database.Pool) -> None:
    async def away(_: Request) -> Response:
        raise asyncpg.CannotConnectNowError("starting up")

    app = doors.push_app(OfficeSettings(), pool)
    app.router.routes.append(Route("/away", away))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
        answer = await client.get("/away")
    assert answer.status_code == 503
    assert "try again" in answer.json()["why"]
