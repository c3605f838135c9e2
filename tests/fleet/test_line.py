"""The line of an enrolled kiosk: TLS both ways, on real sockets."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from support.certificates import TestAuthority
from support.office_line import NOW, FakeOffice, on_port, refused
from support.virtual import virtual_time

from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import HeadOffice, NotEnrolledError
from kiosk_tui.fleet.line import LineFailure, OfficeLine, line_of
from kiosk_tui.fleet.wire import Batch, Stored

pytestmark = pytest.mark.journey
BATCH = Batch(epoch="abc", now=NOW, after=0, upto=0)


class _Serials(FakeOffice):
    """Remembers by which certificate each connection came."""

    def __init__(self) -> None:
        super().__init__()
        self.serials: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serials.append(writer.get_extra_info("peercert")["serialNumber"])
        await super().serve(reader, writer)


def _enrolled(tmp_path: Path, port: int, authority: TestAuthority) -> FleetFolder:
    folder = FleetFolder(tmp_path)
    folder.identity.write_text(authority.identity("graz-1"))
    folder.authority.write_text(authority.pem)
    office = HeadOffice(url=f"https://127.0.0.1:{port}", kiosk_id="graz-1")
    folder.office.write_text(office.model_dump_json())
    return folder


async def _ask(line: OfficeLine) -> Stored | LineFailure:
    return await line.post("/v1/ingest", BATCH, Stored)


async def test_a_renewed_certificate_is_taken_up_and_a_connection_is_kept(tmp_path: Path) -> None:
    authority, office = TestAuthority(), _Serials()
    async with on_port(office, authority.server(tmp_path)) as port:
        folder = _enrolled(tmp_path, port, authority)
        line = line_of(folder)
        assert isinstance(await _ask(line), Stored)
        assert isinstance(await _ask(line), Stored)
        assert len(office.serials) == 1
        folder.identity.write_text(authority.identity("graz-1"))
        assert isinstance(await _ask(line), Stored)
        await line.close()
    assert len(set(office.serials)) == 2


async def test_a_server_of_another_authority_is_not_talked_to(tmp_path: Path) -> None:
    authority, office = TestAuthority(), FakeOffice()
    async with on_port(office, TestAuthority().server(tmp_path)) as port:
        line = line_of(_enrolled(tmp_path, port, authority))
        found = await _ask(line)
        await line.close()
    assert isinstance(found, LineFailure)
    assert "certificate" in found.why.lower()
    assert office.heard == []


async def test_a_kiosk_with_anothers_certificate_is_not_let_in(tmp_path: Path) -> None:
    authority, office = TestAuthority(), FakeOffice()
    async with on_port(office, authority.server(tmp_path)) as port:
        folder = _enrolled(tmp_path, port, authority)
        folder.identity.write_text(TestAuthority().identity("graz-1"))
        line = line_of(folder)
        found = await _ask(line)
        await line.close()
    assert isinstance(found, LineFailure)
    assert office.heard == []


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----"])
async def test_a_certificate_that_cannot_be_used_is_told(tmp_path: Path, text: str) -> None:
    folder = _enrolled(tmp_path, 9, TestAuthority())
    folder.identity.write_text(text)
    found = await _ask(line_of(folder))
    assert isinstance(found, LineFailure)
    assert "enrol it again" in found.why


async def test_nobody_at_the_other_end_is_told(tmp_path: Path) -> None:
    async with on_port(FakeOffice()) as port:
        pass
    line = line_of(_enrolled(tmp_path, port, TestAuthority()))
    found = await _ask(line)
    await line.close()
    assert isinstance(found, LineFailure)
    assert "connect" in found.why.lower()


async def test_a_refusal_is_told_in_head_offices_words_on_one_line(tmp_path: Path) -> None:
    authority, office = TestAuthority(), FakeOffice()
    office.faults += [refused(403, "This certificate\nwas revoked."), refused(403, "x" * 300)]
    async with on_port(office, authority.server(tmp_path)) as port:
        line = line_of(_enrolled(tmp_path, port, authority))
        first, second = await _ask(line), await _ask(line)
        await line.close()
    assert isinstance(first, LineFailure)
    assert "403" in first.why
    assert "was revoked." in first.why
    assert first.why.isprintable()
    assert isinstance(second, LineFailure)
    assert len(second.why) < 260


async def test_a_kiosk_that_has_left_is_told_apart(tmp_path: Path) -> None:
    folder = _enrolled(tmp_path, 9, TestAuthority())
    folder.office.unlink()
    with pytest.raises(NotEnrolledError):
        await _ask(line_of(folder))


@virtual_time
async def test_that_head_office_answers_is_noted_at_once_and_then_seldom() -> None:
    """Each note is a write to the disk, and an idle kiosk is answered every minute."""
    failures: list[httpx.HTTPError] = []
    heard: list[float] = []

    def answered(_: httpx.Request) -> httpx.Response:
        if failures:
            raise failures.pop()
        body = Stored(stored=0, now=NOW).model_dump_json().encode()
        return httpx.Response(200, stream=httpx.ByteStream(body))

    line = OfficeLine(
        lambda: httpx.AsyncClient(transport=httpx.MockTransport(answered), base_url="http://o"),
        heard=lambda: heard.append(asyncio.get_running_loop().time()),
    )
    for _ in range(24):
        assert isinstance(await _ask(line), Stored)
        await asyncio.sleep(50)
    assert heard == [0.0, 600.0]
    failures.append(httpx.ConnectError("no route"))
    assert isinstance(await _ask(line), LineFailure)
    assert isinstance(await _ask(line), Stored)
    assert heard[2:] == [1200.0]
    await line.close()
