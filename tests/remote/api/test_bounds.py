"""Connections that are silent, slow, too many or speak nonsense keep nobody out, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.api import Served, eventually, read_all, request, serving
from support.installation import Installation, installed

from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.payment.notifications import Listeners, TerminalTold
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.payment.register import Register
from kiosk_tui.remote.api.connections import MOST_CONNECTIONS, MOST_UNKNOWN, Deadlines
from kiosk_tui.remote.api.desk import ApiTerms, DayTerms, PaymentDesk
from kiosk_tui.remote.api.events import MOST_WAITING, EventStream
from kiosk_tui.remote.api.orders import OrderDefaults
from kiosk_tui.remote.api.serving import ApiServer, ApiSocket
from kiosk_tui.remote.api.tokens import EVERYTHING, ApiCaller, ApiToken
from kiosk_tui.remote.sockets.places import listening

pytestmark = pytest.mark.journey

TOKEN = "0123456789abcdef"
NEVER = Deadlines(3600, 3600, 3600)
STATUS = request("GET", "/v1/status")
WITH_TOKEN = request("GET", "/v1/status", b"", f"Authorization: Bearer {TOKEN}")


def quiet_desk() -> tuple[PaymentDesk, Listeners]:
    """Return a desk of a register that only rests."""
    listeners = Listeners()
    register = SimpleNamespace(
        listen=listeners.add,
        readiness=Readiness(None),
        in_flight=None,
        answer_due_s=None,
        due=(),
        goods_due=lambda: (),
    )
    terms = ApiTerms(
        OrderDefaults(Place("88091105", "1"), "EUR", "en"),
        "k",
        demo=False,
        zone=None,
        describe=lambda _: {},
        totals=lambda _: {},
        days=DayTerms(closed=list, so_far=dict, close=lambda _: {}),
    )
    return PaymentDesk(cast("Register", register), terms), listeners


class Peer:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, sent: bytes = STATUS) -> bytes:
        """Return an answer's head and body."""
        self.writer.write(sent)
        return await self.answer()

    async def answer(self) -> bytes:
        async with asyncio.timeout(30):
            try:
                head = await self.reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return b""
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
            return head + await self.reader.readexactly(length)

    async def is_closed(self) -> bool:
        async with asyncio.timeout(30):
            with contextlib.suppress(ConnectionError):
                while await self.reader.read(65536):
                    pass
            return True


class Doors:
    """A server with a Unix socket and a port that asks for the token."""

    def __init__(self, path: Path, port: int) -> None:
        self._path = path
        self._port = port
        self._peers: list[Peer] = []

    async def unix(self) -> Peer:
        return self._keep(Peer(*await asyncio.open_unix_connection(self._path)))

    async def tcp(self, first: bytes = b"") -> Peer:
        peer = self._keep(Peer(*await asyncio.open_connection("127.0.0.1", self._port)))
        peer.writer.write(first)
        return peer

    def _keep(self, peer: Peer) -> Peer:
        self._peers.append(peer)
        return peer

    async def close(self) -> None:
        for peer in self._peers:
            peer.writer.close()
        await asyncio.gather(
            *(peer.writer.wait_closed() for peer in self._peers), return_exceptions=True
        )


@contextlib.asynccontextmanager
async def doors(folder: Path, deadlines: Deadlines = NEVER) -> AsyncIterator[Doors]:
    desk, _ = quiet_desk()
    server = ApiServer(desk, [ApiToken(ApiCaller("t", EVERYTHING), TOKEN)], (), deadlines)
    path = folder / "s"
    await server.listen(ApiSocket(listening(path)))
    tcp = socket.create_server(("127.0.0.1", 0))
    await server.listen(ApiSocket(tcp, port=True))
    opened = Doors(path, tcp.getsockname()[1])
    try:
        yield opened
    finally:
        await server.close("It ends.")
        await opened.close()


async def test_silent_connections_at_a_port_keep_out_nobody_who_has_the_token(
    tmp_path: Path,
) -> None:
    async with doors(tmp_path) as opened:
        silent = [await opened.tcp() for _ in range(MOST_UNKNOWN)]
        assert b"200 OK" in await (await opened.unix()).ask()  # so all have been seen
        assert b"200 OK" in await (await opened.tcp()).ask(WITH_TOKEN)
        told = await silent[0].answer()
        assert b"503" in told
        assert b"have not said a token" in told
        assert b"200 OK" in await silent[-1].ask(WITH_TOKEN)  # this one was not too late


async def test_those_that_were_let_in_are_bounded_too_at_each_socket(tmp_path: Path) -> None:
    async with doors(tmp_path) as opened:
        for connect, sent in ((opened.unix, STATUS), (opened.tcp, WITH_TOKEN)):
            many = [await connect() for _ in range(MOST_CONNECTIONS)]
            assert all([b"200 OK" in await one.ask(sent) for one in many])
            late = await (await connect()).ask(sent)
            assert b"503" in late
            assert b"32 connections are open already" in late
            many[0].writer.close()
            told = b""
            while b"200 OK" not in told:  # until the server has seen that one go
                told = await (await connect()).ask(sent)


@pytest.mark.parametrize(
    "first", [b"", b"GET /v1/st", STATUS[:-2]], ids=["nothing", "half a line", "no end"]
)
async def test_a_head_that_does_not_come_in_time_ends_its_connection(
    tmp_path: Path, first: bytes
) -> None:
    async with doors(tmp_path, Deadlines(head_s=0.05)) as opened:
        for peer in (await opened.tcp(first), await opened.unix()):
            assert await peer.is_closed()


async def test_bytes_that_keep_trickling_in_do_not_put_the_deadline_off(tmp_path: Path) -> None:
    async with doors(tmp_path, Deadlines(head_s=0.2)) as opened:
        peer = await opened.unix()

        async def trickle() -> None:
            peer.writer.write(b"GET /v1/status HTTP/1.1\r\n")
            while True:
                peer.writer.write(b"x: y\r\n")
                await asyncio.sleep(0.01)

        trickling = asyncio.create_task(trickle())
        assert await peer.is_closed()
        trickling.cancel()


async def test_the_second_request_of_a_connection_has_a_deadline_too(tmp_path: Path) -> None:
    async with doors(tmp_path, Deadlines(head_s=0.2, idle_s=3600)) as opened:
        peer = await opened.unix()
        assert b"200 OK" in await peer.ask()
        peer.writer.write(b"GET /")
        assert await peer.is_closed()
        idle = await opened.unix()
        assert b"200 OK" in await idle.ask()
        async with doors(tmp_path / "..", Deadlines(idle_s=0)) as other:
            short = await other.unix()
            assert b"200 OK" in await short.ask()
            assert await short.is_closed()
        assert b"200 OK" in await idle.ask()


async def test_whoever_does_not_read_is_dropped_and_holds_up_nobody(tmp_path: Path) -> None:
    async with doors(tmp_path, Deadlines(3600, 0.2, 3600)) as opened:
        deaf, other = await opened.tcp(), await opened.unix()
        deaf.reader._transport.pause_reading()  # type: ignore[attr-defined]
        deaf.writer.transport.set_write_buffer_limits(high=1_000_000_000)
        while not deaf.writer.transport.is_closing():
            deaf.writer.write(WITH_TOKEN * 200)
            assert b"200 OK" in await other.ask()
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 4 + b"\r\n\r\n", b"problem-malformed"),
        (b"nonsense\r\n\r\n", b"problem-malformed"),
        (b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * 17000, b"problem-malformed"),
        (b"POST /v1/payments HTTP/1.1\r\n\r\n", b"problem-malformed"),
        (
            request(
                "POST",
                "/v1/payments",
                b"",
                "Transfer-Encoding: chunked",
                "Idempotency-Key: 1",
                "Content-Type: application/json",
            )
            + b"zz\r\n",
            b"problem-malformed",
        ),
        (request("POST", "/v1/payments", b"x" * 17000, "Idempotency-Key: 1"), b"problem-too-large"),
        (request("POST", "/v1/payments", b"[1]", "Idempotency-Key: 1"), b"problem-not-json"),
        (
            request(
                "POST", "/v1/payments", b'{"amount": "1", "amount": "2"}', "Idempotency-Key: 1"
            ),
            b"stands twice",
        ),
        (request("POST", "/v1/payments", b"[" * 9000, "Idempotency-Key: 1"), b"problem-not-json"),
        (
            request("POST", "/v1/payments", b'{"amount": NaN}', "Idempotency-Key: 1"),
            b"problem-not-json",
        ),
        (
            request(
                "POST",
                "/v1/payments",
                b"",
                "Content-Type: text/plain",
                "Content-Length: 1",
                "Idempotency-Key: 1",
            )
            + b"x",
            b"problem-media-type",
        ),
        (
            request("POST", "/v1/payments", b"{}", "Idempotency-Key: 1", "Idempotency-Key: 2"),
            b"problem-key-wrong",
        ),
        (
            request(
                "POST",
                "/v1/payments",
                b"{}",
                "Idempotency-Key: \xff".encode("latin-1").decode("latin-1"),
            ),
            b"problem-",
        ),
        (request("GET", "/v1/nothing"), b"problem-not-found"),
        (request("GET", "/v1/payments/"), b"problem-not-found"),
        (request("DELETE", "/v1/payments/1"), b"problem-method"),
        (request("OPTIONS", "/v1/payments", b"", "Origin: http://evil.example"), b"problem-origin"),
        (request("GET", "/v1/status", b"", "Origin: null"), b"problem-origin"),
        (request("GET", "/v1/totals?date=today"), b"problem-invalid"),
    ],
)
async def test_what_is_wrong_is_a_problem(tmp_path: Path, sent: bytes, problem: bytes) -> None:
    async with doors(tmp_path) as opened:
        told = await (await opened.unix()).ask(sent)
        assert b"application/problem+json" in told
        assert problem in told
        assert b"access-control" not in told.lower()


async def test_a_body_that_does_not_come_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk_tui.remote.api.app.BODY_S", 0.05)
    sent = request("POST", "/v1/payments", b"{", "Idempotency-Key: 1").replace(b"h: 1\r", b"h: 9\r")
    async with doors(tmp_path) as opened:
        peer = await opened.unix()
        assert b"problem-too-slow" in await peer.ask(sent)
        assert await peer.is_closed()


async def test_at_a_port_the_host_is_this_machine_or_a_name_that_is_configured(
    tmp_path: Path,
) -> None:
    async with doors(tmp_path) as opened:
        for host, right in (
            ("127.0.0.1:8701", True),
            ("[::1]", True),
            ("localhost", True),
            ("evil.example", False),
            ("127.0.0.1.evil.example", False),
            ("", False),
        ):
            sent = WITH_TOKEN.replace(b"Host: localhost", f"Host: {host}".encode())
            told = await (await opened.tcp()).ask(sent)
            assert (b"200 OK" in told) is right, host
            assert (b"problem-host" in told) is not right


async def test_the_page_and_the_document_need_no_token(tmp_path: Path) -> None:
    async with doors(tmp_path) as opened:
        for path in ("/openapi.json", "/docs", "/docs/page.css"):
            assert b"200 OK" in await (await opened.tcp()).ask(request("GET", path))
        for wrong in ("Bearer ", "Bearer x", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"):
            told = await (await opened.tcp()).ask(
                request("GET", "/v1/status", b"", f"Authorization: {wrong}")
            )
            assert b"401" in told
            assert b"www-authenticate: bearer" in told.lower()


class TestStreams:
    async def test_a_slow_reader_is_dropped_with_a_last_event(self) -> None:
        desk, listeners = quiet_desk()
        stream = EventStream(desk)
        for _ in range(MOST_WAITING * 3):
            listeners.tell(TerminalTold(TerminalState.CARD_READ))
        told = [line async for line in stream.lines()]
        assert b"event: end" in told[-1]
        assert b"you read too slowly" in told[-1]
        assert len(told) <= MOST_WAITING

    async def test_it_says_that_it_cannot_resume_and_how_it_stands(self) -> None:
        desk, _ = quiet_desk()
        stream = EventStream(desk, "17")
        stream.end("It ends.")
        told = b"".join([line async for line in stream.lines()])
        names = [one[7:] for one in told.decode().splitlines() if one.startswith("event: ")]
        assert names == ["not-resumed", "status", "end"]

    async def test_they_are_bounded_and_end_with_the_register(self, tmp_path: Path) -> None:
        async with doors(tmp_path) as opened:
            many = [await opened.unix() for _ in range(8)]
            for one in many:
                one.writer.write(request("GET", "/v1/events"))
                assert b"event: status" in await one.reader.readuntil(b"}\n\n")
            assert b"8 streams are open" in await (await opened.unix()).ask(
                request("GET", "/v1/events")
            )
            many.pop().writer.close()
            told = b"503"
            while b"503" in told:
                peer = await opened.unix()
                peer.writer.write(request("GET", "/v1/events"))
                told = await peer.reader.readuntil(b"\r\n\r\n")
        assert b"It ends." in await many[0].reader.read()


TEXTS = st.text(max_size=40)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with installed(tmp_path_factory.mktemp("api")) as shop, serving(shop) as running:
        yield running


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sent=st.binary(max_size=300))
def test_any_bytes_are_answered_or_closed(served: Served, sent: bytes) -> None:
    with served.socket() as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        told = read_all(connection)
    assert told == b"" or told.startswith(b"HTTP/1.1 ")
    assert served.process.poll() is None


def test_the_socket_is_its_owners_and_its_groups_only(tmp_path: Path) -> None:
    with installed(tmp_path) as shop:
        with serving(shop) as served:
            assert stat.S_IMODE(served.path.stat().st_mode) == 0o600
            served.kill()
            assert served.path.exists()
        with serving(shop) as served, served.connect() as api:  # a dead program's one is replaced
            assert api.get("/v1/status").status == 200
            second = shop.run("serve")
            assert second.returncode == 75
            assert "in use by kiosk-tui serve" in second.stderr
        shop.configure(api='group = "root"')
        with serving(shop) as served:
            assert stat.S_IMODE(served.path.stat().st_mode) == 0o660
        shop.configure(api='group = "no-such-group"')
        assert "there is no group no-such-group" in _refused(shop, 69)
        shop.configure()
        served.path.unlink(missing_ok=True)
        served.path.write_text("mine")
        assert "is there already and no socket" in _refused(shop, 69)
        assert served.path.read_text() == "mine"


def _refused(shop: Installation, code: int) -> str:
    done = shop.run("serve")
    assert done.returncode == code
    return done.stderr


def test_a_payment_is_delayed_by_no_reader(served: Served) -> None:
    with served.socket() as stuck, served.connect() as api:
        stuck.sendall(request("GET", "/v1/events"))
        for number in range(8):
            assert api.pay(f"delayed-{number}", "1.00").body["paid"]
        eventually(lambda: b"event: payment" in stuck.recv(65536))
    assert "failed" not in (served.installed.folder / "kiosk-tui.log").read_text()
