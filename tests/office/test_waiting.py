"""A kiosk that waits for a command gets it at once, and is cut off when its certificate is revoked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from support.ingest import KIOSK, SERIAL, Caller, enrolled

from kiosk_tui.fleet.wire import Stored
from kiosk_tui.office.database import Pool
from kiosk_tui.office.ingest.waiters import Waiters
from kiosk_tui.office.serving import served
from proofs.fleet.journals import Journal

pytestmark = pytest.mark.journey

LONG_S = 45


@pytest.fixture
async def caller(pool: Pool) -> Caller:
    await enrolled(pool)
    return Caller(pool)


async def _command(pool: Pool, n: int = 1, kiosk_id: str = KIOSK) -> None:
    await pool.execute(
        "WITH asked AS (INSERT INTO command_request (verb, body, body_sha256, kiosks, asked_by, expires_at)"
        " VALUES ('restart', '{}', '', ARRAY[$1], 'anna', now() + interval '1 hour') RETURNING *)"
        "INSERT INTO command (kiosk_id, n, request_id, verb, payload, signature, key_id, expires_at)"
        " SELECT $1, $2, request_id, verb, 'order', 'signed', 'k1', expires_at FROM asked",
        *(kiosk_id, n),
    )


def _waits(caller: Caller) -> asyncio.Task[httpx.Response]:
    body = caller.batch(Journal("ab"), wait_s=LONG_S)
    return asyncio.create_task(caller.post("/v1/ingest", body))


async def _waiting(pool: Pool, sockets: int = 1) -> None:
    """Return when so many processes listen: the last that each asked was to listen, or its look since."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN%' OR query LIKE '%AS waiting(kiosk_id%')"
    )
    while await pool.fetchval(query) < sockets:
        await asyncio.sleep(0)


async def test_a_command_comes_at_once_to_whom_it_is_for(caller: Caller, pool: Pool) -> None:
    await enrolled(pool, "wien-2", "def2")
    other = Caller(pool, "def2")
    other.app = caller.app
    first, second = _waits(caller), _waits(other)
    await _waiting(pool)
    await _command(pool, 3)
    answer = Stored.model_validate_json((await first).content)
    assert [one.key_id for one in answer.commands] == ["k1"]
    assert not second.done()
    await _command(pool, 1, "wien-2")
    assert Stored.model_validate_json((await second).content).commands
    # nobody waits any more: the connection is given back
    assert await pool.fetchval("SELECT pg_listening_channels()") is None


async def test_what_is_there_already_is_not_waited_for(caller: Caller, pool: Pool) -> None:
    await _command(pool)
    assert Stored.model_validate_json((await _waits(caller)).content).commands


async def test_waiting_ends_after_the_time_asked_for(caller: Caller) -> None:
    answer = await caller.send(Journal("ab"), wait_s=0.01)
    assert answer.commands == ()


async def test_a_certificate_revoked_meanwhile_cuts_off(caller: Caller, pool: Pool) -> None:
    waits = _waits(caller)
    await _waiting(pool)
    await pool.execute("UPDATE certificate SET revoked_at = now() WHERE serial = $1", SERIAL)
    assert (await waits).status_code == 403


async def test_a_revocation_without_a_notice_is_found_by_looking(
    caller: Caller, pool: Pool
) -> None:
    await pool.execute("ALTER TABLE certificate DISABLE TRIGGER certificate_notices")
    caller.app.state.waiters = Waiters(pool, caller.app.state.ending, look_s=0.01)
    waits = _waits(caller)
    await _waiting(pool)
    await pool.execute("UPDATE certificate SET revoked_at = now() WHERE serial = $1", SERIAL)
    assert (await waits).status_code == 403


async def test_a_command_without_a_notice_is_found_by_looking(caller: Caller, pool: Pool) -> None:
    await pool.execute("ALTER TABLE command DISABLE TRIGGER command_notices")
    caller.app.state.waiters = Waiters(pool, caller.app.state.ending, look_s=0.01)
    waits = _waits(caller)
    await _waiting(pool)
    await _command(pool)
    assert Stored.model_validate_json((await waits).content).commands


async def test_a_connection_that_is_cut_is_opened_again(caller: Caller, pool: Pool) -> None:
    waits = _waits(caller)
    await _waiting(pool)
    await pool.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        " AND datname = current_database()"
    )
    while not waits.done():
        if await pool.fetchval("SELECT count(*) FROM command WHERE done_at IS NULL") == 0:
            await _waiting(pool)
            await _command(pool)
        await asyncio.sleep(0)
    assert waits.result().status_code in {200, 503}


async def test_who_waits_is_answered_when_the_process_ends(
    caller: Caller, pool: Pool, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    transport = httpx.AsyncHTTPTransport(uds=str(path))
    headers = {"X-Client-Verify": "SUCCESS", "X-Client-Serial": SERIAL}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://o", headers=headers
    ) as client:
        async with served(caller.app, path):
            body = caller.batch(Journal("ab"), wait_s=LONG_S).model_dump_json()
            waits = asyncio.create_task(client.post("/v1/ingest", content=body, timeout=LONG_S))
            await _waiting(pool)
        assert (await waits).status_code == 200


async def test_who_went_away_is_waited_for_no_more(
    caller: Caller, pool: Pool, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    caller.app.state.waiters = Waiters(pool, caller.app.state.ending, look_s=LONG_S)
    body = caller.batch(Journal("ab"), wait_s=LONG_S).model_dump_json()
    async with served(caller.app, path):
        _, writer = await asyncio.open_unix_connection(str(path))
        writer.write(
            f"POST /v1/ingest HTTP/1.1\r\nHost: o\r\nX-Client-Verify: SUCCESS\r\nX-Client-Serial: {SERIAL}"
            f"\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        await _waiting(pool)
        writer.close()
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            " AND state = 'idle' AND datname = current_database()"
        )
        async with asyncio.timeout(LONG_S - 15):
            while await pool.fetchval(query):
                await asyncio.sleep(0)
