"""A kiosk is enrolled or not, and never half: over real TLS, with a real enroller."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import ssl
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from support import machines, postgres

from kiosk_tui.files import writing
from kiosk_tui.fleet import code as codes
from kiosk_tui.fleet import enrolment, keys, trust
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import FleetError, head_office
from kiosk_tui.fleet.line import OfficeLine
from kiosk_tui.fleet.orders import counter
from kiosk_tui.fleet.register_key import RegisterKey
from kiosk_tui.fleet.wire import Batch, Stored
from kiosk_tui.office import database, doors
from kiosk_tui.office.ingest.identity import SERIAL, VERIFIED, serial_text
from kiosk_tui.office.settings import IngestSection, OfficeSettings


@dataclass(frozen=True)
class Place:
    """A head office that serves."""

    settings: OfficeSettings
    pool: database.Pool
    url: str
    authority: Path

    async def code(self, kiosk_id: str = "graz-1") -> codes.EnrolmentCode:
        return codes.read(await machines.code(self.pool, self.settings, kiosk_id))


class _Served(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - uvicorn's own
        yield


@contextlib.asynccontextmanager
async def _served(app: object, certificate: trustme.LeafCert, folder: Path) -> AsyncIterator[str]:
    """Serve an app over TLS; yields its address."""
    pem = folder / "server.pem"
    certificate.private_key_and_cert_chain_pem.write_to_path(str(pem))
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        port=0, http="h11", ws="none", lifespan="off", log_config=None, log_level="critical",
        ssl_certfile=str(pem), timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = _Served(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield f"https://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Place]:
    """Head office, whose server's authority stands in its codes."""
    url = await asyncio.to_thread(postgres.fresh)
    pool = await database.open_pool(url, 4)
    await machines.ready(pool)
    vouching = trustme.CA()
    authority = tmp_path / "vouching.pem"
    vouching.cert_pem.write_to_path(str(authority))
    settings = machines.settings(url, tmp_path / "keys").model_copy(
        update={"ingest": IngestSection(authority=authority)}
    )
    app = doors.ingest_app(settings, pool)
    certificate = vouching.issue_cert("127.0.0.1")
    async with _served(app, certificate, tmp_path) as at, machines.enrolling(settings):
        told = settings.ingest.model_copy(update={"url": at})
        yield Place(settings.model_copy(update={"ingest": told}), pool, at, authority)
    await pool.close()


@pytest.fixture
def folder(tmp_path: Path) -> FleetFolder:
    (tmp_path / "kiosk").mkdir(mode=0o700)
    return FleetFolder.beside(tmp_path / "kiosk" / "journal.db")


KILLED = 9


def _files(folder: FleetFolder) -> set[str]:
    return {one.name for one in folder.path.iterdir()}


async def test_a_code_makes_a_kiosk_of_this_machine(office: Place, folder: FleetFolder) -> None:
    got = await enrolment.enroll(folder, await office.code())
    assert (got.kiosk_id, got.url) == ("graz-1", office.url)
    assert head_office(folder) == got
    assert [one.key_id for one in got.command_keys] == ["k1"]
    assert folder.enrolled
    assert _files(folder) == {"office.json", "identity.pem", "authority.pem", "counter"}
    for one in folder.path.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    trust.enrolled_context(folder)


async def test_the_key_is_made_here_and_never_leaves(office: Place, folder: FleetFolder) -> None:
    await enrolment.enroll(folder, await office.code())
    key = folder.identity.read_bytes().partition(b"-----BEGIN CERTIFICATE")[0]
    secret = serialization.load_pem_private_key(key, None)
    kept = str(await office.pool.fetch("SELECT * FROM certificate_request"))
    assert "PRIVATE" not in kept
    public = secret.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (row,) = await office.pool.fetch("SELECT csr FROM certificate_request")
    asked = x509.load_pem_x509_csr(row["csr"].encode()).public_key()
    assert public == asked.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


async def test_head_office_learns_the_key_that_signs_the_journal(
    office: Place, folder: FleetFolder
) -> None:
    journal = folder.path.parent / "journal.db"
    await enrolment.enroll(folder, await office.code(), journal=journal)
    own = RegisterKey.read(journal).public
    assert await office.pool.fetchval("SELECT register_key FROM kiosk") == own


async def test_a_key_of_the_register_that_cannot_be_read_is_told_before_the_code_is_used(
    office: Place, folder: FleetFolder
) -> None:
    journal = folder.path.parent / "journal.db"
    journal.with_name("journal.db.key").write_text("not a key\n", encoding="ascii")
    with pytest.raises(FleetError, match="cannot be read"):
        await enrolment.enroll(folder, await office.code(), journal=journal)
    assert not folder.enrolled


async def test_an_authority_in_a_file_vouches_for_the_server_too(
    office: Place, folder: FleetFolder
) -> None:
    code = replace(await office.code(), fingerprint="", url="")
    await enrolment.enroll(folder, code, url=f"{office.url}/", authority=office.authority)
    assert folder.authority.read_text() == office.authority.read_text()


@pytest.mark.parametrize("written", range(5))
async def test_interrupted_at_any_write_it_is_not_enrolled_and_the_same_code_goes_on(
    office: Place, folder: FleetFolder, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is killed before its n-th file: as a power cut would end it."""
    code = await office.code()
    child = os.fork()
    if child == 0:
        _killed_before_write(folder, code, written)
    _, ended = await asyncio.to_thread(os.waitpid, child, 0)
    assert os.waitstatus_to_exitcode(ended) == KILLED
    assert not folder.enrolled
    got = await enrolment.enroll(folder, code)
    assert got.kiosk_id == "graz-1"
    assert await office.pool.fetchval("SELECT count(*) FROM certificate") == 1
    assert _files(folder) == {"office.json", "identity.pem", "authority.pem", "counter"}


def _killed_before_write(folder: FleetFolder, code: codes.EnrolmentCode, written: int) -> None:
    """In a child: enrol, and die before the write of a file, or in its middle."""
    left = written
    replaced = Path.replace

    def dying(self: Path, target: Path) -> Path:
        nonlocal left
        if left == 0:
            os._exit(KILLED)  # the draft is there, the file is not
        left -= 1
        return replaced(self, target)

    Path.replace = dying  # type: ignore[assignment,method-assign]
    try:
        asyncio.run(enrolment.enroll(folder, code))
    finally:
        os._exit(1)


async def test_a_second_enrolment_is_refused_until_it_has_left(
    office: Place, folder: FleetFolder
) -> None:
    await enrolment.enroll(folder, await office.code())
    with pytest.raises(FleetError, match=r"enrolled as graz-1.*already"):
        await enrolment.enroll(folder, await office.code("graz-2"))
    folder.cursor.write_text("{}")
    folder.orders.mkdir()
    (folder.orders / "closed.json").write_text("{}")
    enrolment.leave(folder)
    assert (folder.enrolled, _files(folder)) == (False, set())
    enrolment.leave(folder)
    assert (await enrolment.enroll(folder, await office.code("graz-2"))).kiosk_id == "graz-2"


def test_who_never_was_in_a_fleet_can_leave(folder: FleetFolder) -> None:
    enrolment.leave(folder)
    assert not folder.path.exists()


async def test_commands_before_the_enrolment_are_not_for_this_machine(
    office: Place, folder: FleetFolder
) -> None:
    await office.pool.execute("INSERT INTO kiosk (kiosk_id) VALUES ('graz-1')")
    await office.pool.execute(
        "INSERT INTO command_request (verb, body, body_sha256, kiosks, asked_by, expires_at)"
        " VALUES ('open', '{}', '', '{graz-1}', 'anna', now())"
    )
    await office.pool.execute(
        "INSERT INTO command (kiosk_id, n, request_id, verb, payload, signature, key_id, expires_at)"
        " VALUES ('graz-1', 7, 1, 'open', '', '', 'k1', now())"
    )
    await enrolment.enroll(folder, await office.code())
    assert counter.read(folder.counter) == counter.OrderCounter(7)


# -- what goes wrong is a sentence ---------------------------------------------------------------------


async def test_a_wrong_a_used_and_an_expired_code_are_told_apart(
    office: Place, folder: FleetFolder
) -> None:
    wrong = replace(await office.code(), code="0" * codes.LENGTH)
    with pytest.raises(FleetError, match="does not know this code"):
        await enrolment.enroll(folder, wrong)
    code = await office.code()
    await office.pool.execute("UPDATE enrolment_code SET used_at = now()")
    with pytest.raises(FleetError, match="has been used"):
        await enrolment.enroll(folder, code)
    code = await office.code()
    await office.pool.execute("UPDATE enrolment_code SET expires_at = now()")
    with pytest.raises(FleetError, match="has expired"):
        await enrolment.enroll(folder, code)
    assert not folder.enrolled


async def test_a_code_is_not_sent_to_whom_nobody_vouches_for(
    office: Place, folder: FleetFolder
) -> None:
    code = replace(await office.code(), fingerprint="")
    with pytest.raises(FleetError, match="--ca FILE"):
        await enrolment.enroll(folder, code)
    assert await office.pool.fetchval("SELECT count(*) FROM certificate_request") == 0


async def test_another_authority_than_the_codes_is_not_believed(
    office: Place, folder: FleetFolder
) -> None:
    code = replace(await office.code(), fingerprint=hashlib.sha256(b"another").hexdigest())
    with pytest.raises(FleetError, match="not what the code names"):
        await enrolment.enroll(folder, code)
    assert await office.pool.fetchval("SELECT count(*) FROM enrolment_attempt") == 0


@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [(-2, -1, "has expired"), (1, 2, "is not valid yet")],
)
async def test_a_clock_that_is_wrong_is_told_before_the_server_is_blamed(
    folder: FleetFolder, tmp_path: Path, begins: int, ends: int, why: str
) -> None:
    vouching, now = trustme.CA(), datetime.now(UTC)
    certificate = vouching.issue_cert(
        "127.0.0.1", not_before=now + timedelta(days=begins), not_after=now + timedelta(days=ends)
    )
    authority = tmp_path / "vouching.pem"
    vouching.cert_pem.write_to_path(str(authority))
    async with _served(None, certificate, tmp_path) as at:
        code = codes.made(at)
        with pytest.raises(FleetError, match=f"{why}.*check the clock first"):
            await enrolment.enroll(folder, code, authority=authority)


async def test_a_certificate_for_another_name_is_not_believed(
    folder: FleetFolder, tmp_path: Path
) -> None:
    vouching = trustme.CA()
    authority = tmp_path / "vouching.pem"
    vouching.cert_pem.write_to_path(str(authority))
    async with _served(None, vouching.issue_cert("another.example"), tmp_path) as at:
        with pytest.raises(FleetError, match="is not believed"):
            await enrolment.enroll(folder, codes.made(at), authority=authority)


async def test_no_connection_and_no_tls_are_told(folder: FleetFolder, tmp_path: Path) -> None:
    with pytest.raises(FleetError, match="No connection to"):
        await enrolment.enroll(folder, codes.made("https://127.0.0.1:1"))

    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(FleetError, match="TLS with"):
            await enrolment.enroll(folder, codes.made(f"https://127.0.0.1:{port}"))


@pytest.mark.parametrize("url", ["", "http://office.example", "office.example", "https://"])
async def test_a_code_goes_nowhere_but_over_tls(folder: FleetFolder, url: str) -> None:
    with pytest.raises(FleetError, match="https://"):
        await enrolment.enroll(folder, replace(codes.made(""), url=url))


async def test_what_is_no_authority_is_told(folder: FleetFolder, tmp_path: Path) -> None:
    code = codes.made("https://127.0.0.1:1")
    with pytest.raises(FleetError, match="cannot be read"):
        await enrolment.enroll(folder, code, authority=tmp_path / "nowhere.pem")
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(FleetError, match="no certificate in PEM"):
        await enrolment.enroll(folder, code, authority=tmp_path / "notes.txt")


async def test_a_folder_that_cannot_be_written_is_told_before_the_code_is_used(
    office: Place, folder: FleetFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await office.code()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "replace", full)
    with pytest.raises(FleetError, match="No space left"):
        await enrolment.enroll(folder, code)
    assert await office.pool.fetchval("SELECT count(*) FROM certificate_request") == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a folder away")
async def test_another_users_folder_is_left_to_that_user(folder: FleetFolder) -> None:
    os.chown(folder.path.parent, 12345, -1)
    with pytest.raises(FleetError, match="as the user that the register runs as"):
        await enrolment.enroll(folder, codes.made("https://127.0.0.1:1"))
    assert not folder.path.exists()


# -- renewal -------------------------------------------------------------------------------------------


def _line(office: Place, folder: FleetFolder) -> OfficeLine:
    """An enrolled kiosk's line, with the headers that nginx sets."""

    def client() -> httpx.AsyncClient:
        _, mark, pem = folder.identity.read_text().partition("-----BEGIN CERTIFICATE")
        serial = x509.load_pem_x509_certificate((mark + pem).encode()).serial_number
        context = ssl.create_default_context(cafile=str(office.authority))
        return httpx.AsyncClient(
            verify=context,
            base_url=office.url,
            headers={VERIFIED: "SUCCESS", SERIAL: serial_text(serial)},
        )

    return OfficeLine(client, folder.identity.read_text)


async def _renewed(office: Place, folder: FleetFolder) -> None:
    line = _line(office, folder)
    try:
        await enrolment.renew(folder, line)
    finally:
        await line.close()


async def test_a_renewal_brings_a_new_key_and_both_are_switched_at_once(
    office: Place, folder: FleetFolder
) -> None:
    await enrolment.enroll(folder, await office.code())
    before, told = folder.identity.read_text(), folder.office.read_text()
    await _renewed(office, folder)
    after = folder.identity.read_text()
    assert before.partition("-----BEGIN CERT")[0] != after.partition("-----BEGIN CERT")[0]
    trust.enrolled_context(folder)
    assert folder.office.read_text() == told
    await _renewed(office, folder)


async def test_a_renewal_that_is_cut_off_leaves_the_old_pair(
    office: Place, folder: FleetFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrolment.enroll(folder, await office.code())
    before = folder.identity.read_text()

    def cut(self: Path, target: Path) -> Path:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(FleetError, match="Input/output"):
        await _renewed(office, folder)
    monkeypatch.undo()
    assert folder.identity.read_text() == before
    await _renewed(office, folder)


async def test_a_revoked_kiosk_is_not_renewed(office: Place, folder: FleetFolder) -> None:
    await enrolment.enroll(folder, await office.code())
    await office.pool.execute("UPDATE certificate SET revoked_at = now()")
    with pytest.raises(FleetError, match="revoked"):
        await _renewed(office, folder)


async def test_who_has_left_meanwhile_gets_no_new_key(
    office: Place, folder: FleetFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrolment.enroll(folder, await office.code())
    post = OfficeLine.post

    async def leaving(self: OfficeLine, *asked: Any) -> Any:
        got = await post(self, *asked)
        enrolment.leave(folder)
        return got

    monkeypatch.setattr(OfficeLine, "post", leaving)
    with pytest.raises(FleetError, match="no head office"):
        await _renewed(office, folder)
    assert not folder.identity.exists()


async def test_it_is_due_at_two_thirds_of_the_certificates_life_by_head_offices_clock(
    office: Place, folder: FleetFolder
) -> None:
    await enrolment.enroll(folder, await office.code())
    left = keys.valid_until(folder.identity) - datetime.now(UTC)
    assert timedelta(days=89) < left < timedelta(days=90)

    async def due() -> bool:
        batch = Batch(epoch="ab", now=datetime.now(UTC), after=0, upto=0)
        line = _line(office, folder)
        answer = await line.post("/v1/ingest", batch, Stored)
        await line.close()
        assert isinstance(answer, Stored)
        return answer.renew

    life = "UPDATE certificate SET issued_at = now() - interval '{}', not_after = now() + interval '{}'"
    assert not await due()
    await office.pool.execute(life.format("19 days", "11 days"))
    assert not await due()
    await office.pool.execute(life.format("21 days", "9 days"))
    assert await due()
    await _renewed(office, folder)
    assert not await due()
