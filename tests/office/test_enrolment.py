"""What machines ask of head office for a certificate, over its door."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from support import machines

from kiosk_tui.fleet.wire_enrolment import Enrolled
from kiosk_tui.office import database, doors
from kiosk_tui.office.authority import authority as authorities
from kiosk_tui.office.enrolment import codes, qr, routes
from kiosk_tui.office.ingest.identity import SERIAL, VERIFIED, serial_text
from kiosk_tui.office.settings import IngestSection, OfficeSettings


@pytest.fixture
async def settings(database_url: str, pool: database.Pool, tmp_path: Path) -> OfficeSettings:
    await machines.ready(pool)
    return machines.settings(database_url, tmp_path)


def _client(settings: OfficeSettings, pool: database.Pool) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(doors.ingest_app(settings, pool))
    return httpx.AsyncClient(transport=transport, base_url="http://office")


def _as(certificate: str) -> dict[str, str]:
    """The headers that nginx sets."""
    serial = x509.load_pem_x509_certificate(certificate.encode()).serial_number
    return {VERIFIED: "SUCCESS", SERIAL: serial_text(serial).upper()}


def _enrolment(line: str) -> dict[str, str]:
    return {"code": line.rpartition("#")[2], "csr": machines.csr()}


async def test_a_machine_is_enrolled_and_renews_under_its_certificate(
    settings: OfficeSettings, pool: database.Pool
) -> None:
    line = await machines.code(pool, settings)
    async with machines.enrolling(settings), _client(settings, pool) as client:
        answer = await client.post("/v1/enroll", json=_enrolment(line))
        enrolled = Enrolled.model_validate_json(answer.content)
        assert enrolled.kiosk_id == "graz-1"
        assert [one.key_id for one in enrolled.command_keys] == ["k1"]

        renewal = {"csr": machines.csr()}
        assert (await client.post("/v1/renew", json=renewal)).status_code == 401
        answer = await client.post("/v1/renew", json=renewal, headers=_as(enrolled.certificate))
        renewed = Enrolled.model_validate_json(answer.content)
        assert renewed.kiosk_id == "graz-1"
        assert renewed.certificate != enrolled.certificate

        async with pool.acquire() as connection:
            assert await codes.revoke(connection, "graz-1", by="anna") == 2
        answer = await client.post("/v1/renew", json=renewal, headers=_as(renewed.certificate))
        assert (answer.status_code, "revoked" in answer.json()["why"]) == (403, True)


async def test_a_wrong_code_is_told_in_a_sentence(
    settings: OfficeSettings, pool: database.Pool
) -> None:
    async with machines.enrolling(settings), _client(settings, pool) as client:
        answer = await client.post("/v1/enroll", json=_enrolment("ABCD-EFGH-JKMN-PQRS"))
    assert answer.status_code == 403
    assert "does not know this code" in answer.json()["why"]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"nonsense", 400),
        (b'{"code": "ABCD-EFGH-JKMN-PQRS", "csr": "\\u0000"}', 400),
        (b'{"code": "short", "csr": "x"}', 400),
        (b'{"code": "' + b"A" * 20_000 + b'"}', 413),
    ],
)
async def test_what_is_no_enrolment_is_refused_before_it_is_kept(
    settings: OfficeSettings, pool: database.Pool, content: bytes, status: int
) -> None:
    async with _client(settings, pool) as client:
        answer = await client.post("/v1/enroll", content=content)
    assert answer.status_code == status
    assert await pool.fetchval("SELECT count(*) FROM certificate_request") == 0


async def test_a_code_whose_answer_is_late_is_not_lost(
    settings: OfficeSettings, pool: database.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_ANSWER_S", 0.0)
    given = _enrolment(await machines.code(pool, settings))
    async with _client(settings, pool) as client:
        answer = await client.post("/v1/enroll", json=given)
        assert (answer.status_code, "try again" in answer.json()["why"]) == (503, True)
        monkeypatch.undo()
        async with machines.enrolling(settings):
            answer = await client.post("/v1/enroll", json=given)
    assert answer.status_code == 200


async def test_enrolments_from_one_address_are_limited(
    settings: OfficeSettings, pool: database.Pool
) -> None:
    async with _client(settings, pool) as client:

        async def ask(address: str) -> int:
            headers = {routes.ADDRESS: address}
            return (await client.post("/v1/enroll", content=b"", headers=headers)).status_code

        many = [await ask(f"2001:db8::{n:x}") for n in range(2 * routes.MOST_PER_MINUTE + 1)]
        assert 429 in many
        assert await ask("192.0.2.7") == 400


async def test_no_machine_is_enrolled_before_commands_have_a_key(
    settings: OfficeSettings, pool: database.Pool
) -> None:
    await pool.execute("DELETE FROM signing_key")
    given = _enrolment(await machines.code(pool, settings))
    async with machines.enrolling(settings), _client(settings, pool) as client:
        answer = await client.post("/v1/enroll", json=given)
        assert (answer.status_code, "signer" in answer.json()["why"]) == (503, True)
        await machines.ready(pool)
        assert (await client.post("/v1/enroll", json=given)).status_code == 200


async def test_commands_that_were_for_the_machine_before_are_not_for_the_new_one(
    settings: OfficeSettings, pool: database.Pool
) -> None:
    given = _enrolment(await machines.code(pool, settings))
    await pool.execute("INSERT INTO kiosk (kiosk_id) VALUES ('graz-1')")
    await pool.execute(
        "INSERT INTO command_request (verb, body, body_sha256, kiosks, asked_by, expires_at)"
        " VALUES ('open', '{}', '', '{graz-1}', 'anna', now())"
    )
    await pool.execute(
        "INSERT INTO command (kiosk_id, n, request_id, verb, payload, signature, key_id, expires_at)"
        " VALUES ('graz-1', 7, 1, 'open', '', '', 'k1', now())"
    )
    async with machines.enrolling(settings), _client(settings, pool) as client:
        answer = await client.post("/v1/enroll", json=given)
    assert Enrolled.model_validate_json(answer.content).commands == 7


async def test_the_servers_own_authority_is_given_and_its_fingerprint_stands_in_the_code(
    settings: OfficeSettings, pool: database.Pool, tmp_path: Path
) -> None:
    async with _client(settings, pool) as client:
        assert (await client.get("/v1/authority")).status_code == 404
    assert "." not in (await machines.code(pool, settings)).rpartition("#")[2]

    file = tmp_path / "server.pem"
    file.write_text(authorities.make(tmp_path / "server").pem)
    ingest = IngestSection(authority=file)
    own = settings.model_copy(update={"ingest": ingest})
    async with _client(own, pool) as client:
        answer = await client.get("/v1/authority")
        assert x509.load_pem_x509_certificate(answer.content).public_bytes(Encoding.PEM) == (
            file.read_bytes()
        )
        file.write_text("nonsense")
        answer = await client.get("/v1/authority")
        assert (answer.status_code, "no certificate" in answer.json()["why"]) == (503, True)


async def test_both_who_ask_at_once_with_one_code_get_one_certificate(
    settings: OfficeSettings, pool: database.Pool
) -> None:
    line = await machines.code(pool, settings)
    async with (
        machines.enrolling(settings),
        machines.enrolling(settings),
        _client(settings, pool) as client,
    ):
        both = await asyncio.gather(
            *(client.post("/v1/enroll", json=_enrolment(line)) for _ in range(2))
        )
    assert sorted(one.status_code for one in both) == [200, 403]
    assert await pool.fetchval("SELECT count(*) FROM certificate") == 1


def test_a_code_is_shown_as_a_picture_and_in_a_terminal() -> None:
    line = "https://kiosks.office.example/#ABCD-EFGH-JKMN-PQRS"
    assert qr.svg(line).startswith("<svg")
    assert "█" in qr.terminal(line)


def test_without_the_library_a_code_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "segno", None)
    assert (qr.svg("line"), qr.terminal("line")) == ("", "")
