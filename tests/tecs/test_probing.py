"""What does not answer as TECS is not TECS: a register stays closed, and says why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC

import pytest
from support.fakes import PLACE, order
from support.tecs import FAST, KEY, exchange

from kiosk_tui.domain.outcome import OutcomeUnknown, Probe
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.auth import NoTokenError
from kiosk_tui.tecs.client import Endpoint, TecsTerminal
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.form import form_of
from kiosk_tui.tecs.messages import Dialect

PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"
TECS = b'{"appName": "tecsclientrest", "version": "0.14.15", "buildDate": "2026"}'


@asynccontextmanager
async def _peer(status: str, body: bytes, *headers: str) -> AsyncIterator[str]:
    """Answer everything alike, whatever was asked."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/tecsclientrest"


def _terminal(url: str, *, by_status: bool = False) -> TecsTerminal:
    line = Endpoint(url=url, connect_s=5, hold_s=5, cancel_s=5, courtesy_s=5)
    asked = PLACE if by_status else None
    return TecsTerminal(line, Dialect(UTC, currency="EUR"), CodeTable(), auth.raw(KEY), asked=asked)


async def _probe(url: str, *, by_status: bool = False) -> Probe:
    terminal = _terminal(url, by_status=by_status)
    try:
        return await terminal.probe()
    finally:
        await terminal.close()


@pytest.mark.parametrize("by_status", [False, True], ids=["version", "status"])
@pytest.mark.parametrize(
    ("status", "body", "header", "words"),
    [
        ("200 OK", PAGE, "Content-Type: text/html", "a page in HTML"),
        ("200 OK", PAGE, "Content-Type: application/json", "a page in HTML"),
        ("302 Found", b"", "Location: http://192.0.2.1/login", "HTTP status 302, nothing"),
        ("404 Not Found", PAGE, "X: y", "HTTP status 404, a page in HTML"),
        ("404 Not Found", TECS, "X: y", "HTTP status 404, JSON"),
        ("511 Network Authentication Required", PAGE, "X: y", "HTTP status 511"),
        ("503 Service Unavailable", PAGE, "Retry-After: 60", "HTTP status 503"),
        ("200 OK", b"{}", "Content-Type: application/json", "HTTP status 200, JSON"),
        ("200 OK", b'{"version": "1.0"}', "X: y", "not as TECS"),
        ("200 OK", b'{"appName": "portal"}', "X: y", "not as TECS"),
        ("200 OK", b'{"appName": null, "version": ""}', "X: y", "not as TECS"),
        ("200 OK", b"[]", "X: y", "broken or other JSON"),
        ("200 OK", b"OK", "Content-Type: text/plain", "plain text"),
        ("200 OK", b"<?xml version='1.0'?><v>1</v>", "X: y", "XML"),
        ("200 OK", b"", "X: y", "nothing"),
        ("200 OK", b"x", "Content-Encoding: gzip", "not as TECS"),
        ("204 No Content", b"", "X: y", "HTTP status 204, nothing"),
        ("401 Unauthorized", PAGE, "X: y", "refuses this register"),
        ("403 Forbidden", b"", "X: y", "refuses this register"),
    ],
)
async def test_a_portal_or_a_page_about_maintenance_is_not_tecs(
    status: str, body: bytes, header: str, words: str, by_status: bool
) -> None:
    async with _peer(status, body, header) as url:
        probe = await _probe(url, by_status=by_status)
    assert not probe.reachable
    assert words in probe.why


async def test_what_answers_as_tecs_is_tecs_however_it_spells_it() -> None:
    marked = b"\xef\xbb\xbf " + TECS
    for status, body in (("200 OK", TECS), ("201 Created", TECS), ("200 OK", marked)):
        async with _peer(status, body, "Content-Type: text/html") as url:
            probe = await _probe(url)
        assert (probe.reachable, probe.version) == (True, "0.14.15")


async def test_a_version_page_is_no_answer_to_a_status_request() -> None:
    async with _peer("200 OK", TECS) as url:
        assert not (await _probe(url, by_status=True)).reachable


async def test_a_gateway_without_a_version_page_is_asked_for_the_terminals_status() -> None:
    simulator = Simulator(FAST)
    async with served(simulator) as url:
        probe = await _probe(url, by_status=True)
    assert probe.reachable
    assert probe.server_time is not None
    (asked,) = simulator.ledger.requests
    assert asked.message_type == "9043"
    assert simulator.ledger.movements == []


async def test_a_status_that_is_not_answered_is_no_tecs() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
        probe = await _probe(url, by_status=True)
    assert not probe.reachable
    assert probe.why


async def test_without_a_token_nobody_is_asked() -> None:
    class NoToken:
        async def header(self, lasting_s: float = 0.0) -> str:
            raise NoTokenError("No token was given.")

        def forget(self) -> bool:
            return False

    line = Endpoint(url="http://127.0.0.1:1/x", connect_s=1)
    terminal = TecsTerminal(line, Dialect(UTC, currency="EUR"), CodeTable(), NoToken(), asked=PLACE)
    probe = await terminal.probe()
    await terminal.close()
    assert (probe.reachable, probe.why) == (False, "No token was given.")


async def test_a_page_instead_of_a_payments_answer_is_unknown_and_never_declined() -> None:
    for status in ("200 OK", "302 Found", "404 Not Found", "503 Busy"):
        async with _peer(status, PAGE, "Content-Type: text/html") as url:
            terminal = _terminal(url)
            assert isinstance(await terminal.pay(order(), exchange()), OutcomeUnknown)
            await terminal.close()


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", "nothing"),
        (b" \r\n", "nothing"),
        (b"\xef\xbb\xbf<HTML>", "a page in HTML"),
        (b"text <script>", "a page in HTML"),
        (b"<answer/>", "XML"),
        (TECS, "JSON"),
        (b'{"a": ', "broken or other JSON"),
        (b'"text"', "broken or other JSON"),
        (b"0000|APPROVED", "plain text"),
    ],
)
def test_a_technician_is_told_what_it_looks_like(body: bytes, form: str) -> None:
    assert form_of(body) == form


class TestCookies:
    async def test_nothing_of_a_peers_cookie_is_kept_or_sent_back(self) -> None:
        heard: list[bytes] = []

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(
                b"HTTP/1.1 200 OK\r\nSet-Cookie: session=SECRET; Path=/\r\n"
                b"Set-Cookie: two=SECRET\r\nContent-Length: 2\r\n\r\n{}"
            )
            await writer.drain()
            await reader.read()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            terminal = _terminal(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x")
            for _ in range(2):
                await terminal.probe()
                await terminal.pay(order(), exchange())
            await terminal.close()
        assert len(heard) == 4
        assert not any(b"cookie" in one.lower() or b"SECRET" in one for one in heard)
