"""Through a real nginx with the very file of ours: who a kiosk is, its certificate says, and nothing else."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import trustme
from starlette.applications import Starlette
from support import machines, nginx

from kiosk_tui.fleet import code as codes
from kiosk_tui.fleet import enrolment
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.line import LineFailure, OfficeLine, line_of
from kiosk_tui.fleet.trust import enrolled_context
from kiosk_tui.fleet.wire import Batch, Stored
from kiosk_tui.office import database, doors, serving
from kiosk_tui.office.authority import authority as authorities
from kiosk_tui.office.enrolment.codes import revoke
from kiosk_tui.office.ingest.identity import SERIAL, VERIFIED
from kiosk_tui.office.settings import IngestSection, OfficeSettings

pytestmark = [
    pytest.mark.journey,
    # before anything lands it is needed
    pytest.mark.skipif(nginx.PROGRAM is None and "CI" not in os.environ, reason=nginx.MISSING),
]


@dataclass(frozen=True)
class Frontage:
    """Head office behind nginx, and kiosks before it."""

    settings: OfficeSettings
    pool: database.Pool
    folder: Path
    app: Starlette

    def waiting(self) -> bool:
        """Whether a kiosk's request is held open."""
        waiters = getattr(self.app.state, "waiters", None)
        return bool(waiters and waiters._waiting)

    async def kiosk(self, kiosk_id: str) -> FleetFolder:
        """Enrol a kiosk, through nginx."""
        (self.folder / kiosk_id).mkdir(mode=0o700)
        found = FleetFolder.beside(self.folder / kiosk_id / "journal.db")
        line = await machines.code(self.pool, self.settings, kiosk_id)
        await enrolment.enroll(found, codes.read(line))
        return found

    def client(self, kiosk: FleetFolder | None = None) -> httpx.AsyncClient:
        """A client with a kiosk's certificate, or none."""
        if kiosk is not None:
            context = enrolled_context(kiosk)
        else:
            context = ssl.create_default_context(cafile=str(self.folder / "vouching.pem"))
        return httpx.AsyncClient(verify=context, base_url=self.settings.ingest.url)

    async def heard(self) -> set[str]:
        """Whose events are here."""
        return {one["kiosk_id"] for one in await self.pool.fetch("SELECT kiosk_id FROM epoch")}


@pytest.fixture
async def front(database_url: str, pool: database.Pool, tmp_path: Path) -> AsyncIterator[Frontage]:
    await machines.ready(pool)
    vouching = trustme.CA()
    vouching.cert_pem.write_to_path(str(tmp_path / "vouching.pem"))
    settings = machines.settings(database_url, tmp_path)
    place = tmp_path / "ingest-1" / "ingest.sock"
    place.parent.mkdir()
    app = doors.ingest_app(
        settings.model_copy(update={"ingest": IngestSection(authority=tmp_path / "vouching.pem")}),
        pool,
    )
    async with machines.enrolling(settings), serving.served(app, place):
        authority = settings.keys.enroller / authorities.CERTIFICATE
        async with nginx.running(tmp_path, authority, vouching) as port:
            ingest = IngestSection(
                url=f"https://127.0.0.1:{port}", authority=tmp_path / "vouching.pem"
            )
            yield Frontage(settings.model_copy(update={"ingest": ingest}), pool, tmp_path, app)


def _batch(wait_s: float = 0) -> Batch:
    return Batch(epoch="ab", now=datetime.now(UTC), after=0, upto=0, wait_s=wait_s)


async def _sent(line: OfficeLine, wait_s: float = 0) -> Stored | LineFailure:
    return await line.post("/v1/ingest", _batch(wait_s), Stored, wait_s)


async def test_enrolled_renewed_and_cut_off_while_it_waits(front: Frontage) -> None:
    kiosk = await front.kiosk("graz-1")
    line = line_of(kiosk)
    assert isinstance(await _sent(line), Stored)
    before = kiosk.identity.read_text()
    await enrolment.renew(kiosk, line)
    assert kiosk.identity.read_text() != before
    assert isinstance(await _sent(line), Stored)

    waiting = asyncio.create_task(_sent(line, 50))
    while not front.waiting():
        await asyncio.sleep(0.01)
    async with front.pool.acquire() as connection:
        await revoke(connection, "graz-1", by="anna")
    # far sooner than the 50 s that it may wait: the suite's limit is what would notice
    answer = await waiting
    assert isinstance(answer, LineFailure)
    assert "revoked" in answer.why
    again = await _sent(line)
    assert isinstance(again, LineFailure)
    assert "revoked" in again.why
    await line.close()


async def test_headers_from_outside_say_nothing(front: Frontage) -> None:
    kiosk = await front.kiosk("graz-1")
    await front.kiosk("graz-2")
    serial = await front.pool.fetchval("SELECT serial FROM certificate WHERE kiosk_id = 'graz-2'")
    body = _batch().model_dump_json()
    for forged in (
        {VERIFIED: "SUCCESS", SERIAL: serial},
        {VERIFIED.lower(): "SUCCESS", SERIAL.lower(): serial.upper()},
        {VERIFIED.replace("-", "_"): "SUCCESS", SERIAL.replace("-", "_"): serial},
    ):
        async with front.client() as nobody:
            answer = await nobody.post("/v1/ingest", content=body, headers=forged)
            assert answer.status_code == 401
            renewal = {"csr": machines.csr()}
            answer = await nobody.post("/v1/renew", json=renewal, headers=forged)
            assert answer.status_code == 401
        async with front.client(kiosk) as first:
            assert (await first.post("/v1/ingest", content=body, headers=forged)).status_code == 200
    assert await front.heard() == {"graz-1"}


async def test_a_certificate_of_another_authority_is_nobodys(
    front: Frontage, tmp_path: Path
) -> None:
    kiosk = await front.kiosk("graz-1")
    other = trustme.CA().issue_cert("graz-1")
    own = kiosk.identity.read_text()
    kiosk.identity.write_bytes(other.private_key_and_cert_chain_pem.bytes())
    async with front.client(kiosk) as thief:
        answer = await thief.post("/v1/ingest", content=_batch().model_dump_json())
    assert answer.status_code == 400
    kiosk.identity.write_text(own)
    assert await front.heard() == set()


async def test_enrolments_are_limited_and_large_ones_refused(front: Frontage) -> None:
    async with front.client() as nobody:
        assert (await nobody.get("/")).status_code == 404
        large = await nobody.post("/v1/enroll", content=b"x" * 20_000)
        assert large.status_code == 413
        many = [(await nobody.post("/v1/enroll", content=b"{}")).status_code for _ in range(40)]
    assert many[0] == 400
    assert 429 in many
