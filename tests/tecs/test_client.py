"""The client against the simulator: every operation and every fault, mounted and on a socket."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import trustme
from support.fakes import PLACE, order
from support.tecs import FAST, KEY, client, exchange, transaction

from kiosk_tui.domain.identity import CardReference, Original
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import (
    AbortVerdict,
    Approved,
    CancelVerdict,
    Declined,
    NotSent,
    OutcomeUnknown,
    TerminalState,
)
from kiosk_tui.domain.transaction import ExchangeKind
from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.ledger import EntryKind, Status
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.simulator.terminal import Customer, Screen
from kiosk_tui.tecs import auth, errors
from kiosk_tui.tecs.auth import Secret
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, new_http, oauth_fetch
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.messages import Dialect

both = pytest.mark.parametrize("mount", [True, False], ids=["mounted", "served"])


@both
class TestOperations:
    async def test_a_sale_is_charged(self, mount: bool) -> None:
        simulator, sent = Simulator(FAST), exchange()
        async with client(simulator, mount=mount) as tecs:
            outcome = await tecs.pay(order(1255), sent)
        assert isinstance(outcome, Approved)
        assert outcome.answer.card == "411111******1111"
        assert simulator.ledger.net_minor(sent.id) == 1255

    async def test_a_sale_with_a_tip_is_charged_with_it(self, mount: bool) -> None:
        simulator, sent = Simulator(FAST), exchange()
        asked = order(1000, Operation.SALE_AND_TIP, tip=150)
        async with client(simulator, mount=mount) as tecs:
            assert isinstance(await tecs.pay(asked, sent), Approved)
        assert simulator.ledger.net_minor(sent.id) == 1150

    async def test_the_tip_is_charged_once_where_the_amount_holds_it(self, mount: bool) -> None:
        simulator, sent = Simulator(replace(FAST, tip_in_amount=True)), exchange()
        asked = order(1000, Operation.SALE_AND_TIP, tip=150)
        dialect = Dialect(UTC, currency="EUR", tip_in_amount=True)
        async with client(simulator, mount=mount, dialect=dialect) as tecs:
            assert isinstance(await tecs.pay(asked, sent), Approved)
        assert simulator.ledger.net_minor(sent.id) == 1150

    async def test_a_moto_sale_needs_no_card_at_the_terminal(self, mount: bool) -> None:
        simulator, sent = Simulator(replace(FAST, card_s=1000)), exchange()
        asked = replace(
            order(900, Operation.MOTO), card_reference=CardReference("REF20117_2712_1111_411111")
        )
        async with client(simulator, mount=mount) as tecs:
            assert isinstance(await tecs.pay(asked, sent), Approved)
        assert simulator.ledger.net_minor(sent.id) == 900

    async def test_a_preauthorization_holds_and_its_completion_charges(self, mount: bool) -> None:
        simulator, held, done = Simulator(FAST), exchange(), exchange()
        async with client(simulator, mount=mount) as tecs:
            outcome = await tecs.pay(order(5000, Operation.PREAUTHORIZATION), held)
            assert isinstance(outcome, Approved)
            assert simulator.ledger.net_minor(held.id) == 0
            original = Original(held.id, PLACE)
            asked = replace(order(4000, Operation.COMPLETION), original=original)
            assert isinstance(await tecs.pay(asked, done), Approved)
        assert simulator.ledger.net_minor(done.id) == 4000
        entry = simulator.ledger.entry(held.id)
        assert entry is not None
        assert (entry.kind, entry.status) == (
            EntryKind.HOLD,
            Status.APPROVED,
        )  # captured, not voided

    async def test_a_cancellation_takes_everything_back(self, mount: bool) -> None:
        simulator, sent = Simulator(FAST), exchange()
        async with client(simulator, mount=mount) as tecs:
            asked = order(1000, Operation.SALE_AND_TIP, tip=150)
            await tecs.pay(asked, sent)
            first = await tecs.cancel(transaction(asked, sent), exchange(ExchangeKind.CANCELLATION))
            again = await tecs.cancel(transaction(asked, sent), exchange(ExchangeKind.CANCELLATION))
        assert first.verdict is again.verdict is CancelVerdict.CONFIRMED
        assert simulator.ledger.net_minor(sent.id) == 0

    async def test_refunds_pay_back_by_card_and_by_reference(self, mount: bool) -> None:
        simulator, sent, by_card, by_reference = Simulator(FAST), *(exchange() for _ in range(3))
        async with client(simulator, mount=mount) as tecs:
            await tecs.pay(order(1000), sent)
            assert isinstance(await tecs.pay(order(300, Operation.REFUND), by_card), Approved)
            original = Original(sent.id, PLACE)
            asked = replace(order(400, Operation.REFERENCED_REFUND), original=original)
            assert isinstance(await tecs.pay(asked, by_reference), Approved)
            lost = await tecs.cancel(transaction(asked, by_reference), exchange())
        assert simulator.ledger.net_minor(by_card.id) == -300
        assert simulator.ledger.net_minor(by_reference.id) == -400
        assert lost.verdict is CancelVerdict.REFUSED

    async def test_an_abort_ends_the_wait_for_a_card(self, mount: bool) -> None:
        simulator, sent = Simulator(replace(FAST, card_s=1000)), exchange()
        async with client(simulator, mount=mount) as tecs:
            running = transaction(order(), sent)
            nothing = await tecs.abort(running, exchange(ExchangeKind.ABORT))
            assert nothing.verdict is AbortVerdict.NOTHING_RUNNING
            paying = asyncio.create_task(tecs.pay(order(), sent))
            await _until(lambda: simulator.terminal.screen is Screen.WAITING_FOR_CARD)
            status = await tecs.status(exchange(ExchangeKind.STATUS))
            assert status.state is TerminalState.WAITING_FOR_CARD
            racing = await tecs.cancel(transaction(order(), sent), exchange())
            assert racing.verdict is CancelVerdict.ORIGINAL_NOT_FOUND
            assert (await tecs.abort(running, exchange())).verdict is AbortVerdict.ACCEPTED
            outcome = await paying
        assert isinstance(outcome, Declined)
        assert outcome.answer.reason == "cancelled"
        assert simulator.ledger.net_minor(sent.id) == 0

    async def test_a_balance_is_asked_for_without_money(self, mount: bool) -> None:
        simulator = Simulator(FAST)
        async with client(simulator, mount=mount) as tecs:
            outcome = await tecs.pay(order(0, Operation.BALANCE), exchange())
        assert isinstance(outcome, Approved)
        assert outcome.answer.fields["balance_amount"] == "2500"
        assert simulator.ledger.movements == []

    async def test_the_version_is_a_free_probe(self, mount: bool) -> None:
        simulator = Simulator(replace(FAST, authorization="another key"))
        async with client(simulator, mount=mount) as tecs:
            probe = await tecs.probe()
        assert probe.reachable
        assert probe.app_name == "tecsclientrest"
        assert simulator.ledger.requests == []
        assert (probe.server_time is None) is mount


CHARGED = {
    Fault.DROP_BEFORE: 0,
    Fault.GATEWAY_BEFORE: 0,
    Fault.HANG_BEFORE: 0,
    Fault.DUPLICATE_ID: 0,
    Fault.LATE_CHARGE: 0,
    Fault.PARTIAL: 627,
}
ANSWERED = {Fault.EXTRA_FIELDS, Fault.CARD_DATA, Fault.SLOW}


@both
@pytest.mark.parametrize("fault", Fault)
async def test_every_fault_of_the_simulator_lands_in_the_outcome_that_money_needs(
    fault: Fault, mount: bool
) -> None:
    simulator, sent = Simulator(FAST), exchange()
    simulator.queue_fault(fault, late_s=0)
    line = Endpoint(url="", connect_s=0.2, hold_s=0.3, cancel_s=0.3)
    async with client(simulator, mount=mount, line=line) as tecs:
        outcome = await tecs.pay(order(1255), sent)
    expected = Approved if fault in ANSWERED else OutcomeUnknown
    assert isinstance(outcome, expected)
    assert simulator.ledger.net_minor(sent.id) == CHARGED.get(fault, 1255)


@both
async def test_what_the_customer_does_at_the_terminal_is_a_decline(mount: bool) -> None:
    simulator = Simulator(replace(FAST, card_timeout_s=0))
    async with client(simulator, mount=mount) as tecs:
        for customer, reason in ((Customer.CANCELS, "cancelled"), (Customer.WALKS_OFF, "terminal")):
            simulator.queue(Behaviour(customer=customer))
            outcome = await tecs.pay(order(), exchange())
            assert isinstance(outcome, Declined)
            assert outcome.answer.reason == reason


class TestNotSent:
    """Only a connection that was never made proves that nothing was sent."""

    async def test_a_refused_connection(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        outcome = await _pay(f"http://127.0.0.1:{port}")
        assert isinstance(outcome, NotSent)

    async def test_a_name_that_does_not_exist(self) -> None:
        assert isinstance(await _pay("http://nowhere.invalid"), NotSent)

    async def test_a_certificate_that_nobody_vouches_for(self, tmp_path: Path) -> None:
        simulator = Simulator(FAST)
        async with _tls(simulator, tmp_path) as (url, _):
            outcome = await _pay(url)
        assert isinstance(outcome, NotSent)
        assert "TLS" in outcome.why
        assert simulator.ledger.requests == []

    async def test_a_certificate_for_another_host(self, tmp_path: Path) -> None:
        simulator = Simulator(FAST)
        async with _tls(simulator, tmp_path, name="other.example") as (url, authority):
            outcome = await _pay(url, ca_file=authority)
        assert isinstance(outcome, NotSent)

    async def test_and_a_certificate_that_is_right_lets_the_payment_through(
        self, tmp_path: Path
    ) -> None:
        simulator = Simulator(FAST)
        async with _tls(simulator, tmp_path) as (url, authority):
            assert isinstance(await _pay(url, ca_file=authority), Approved)


class TestAPeerThatIsNoTecs:
    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"nonsense\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
            b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000,
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
        ],
    )
    async def test_leaves_the_outcome_unknown_and_gets_one_request(self, answer: bytes) -> None:
        connections = 0

        async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            with contextlib.suppress(ConnectionError):
                await writer.drain()
            writer.close()

        async with _peer(peer) as url:
            assert isinstance(await _pay(url), OutcomeUnknown)
        assert connections == 1

    async def test_one_that_drips_bytes_for_ever_is_left(self) -> None:
        async def peer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
                while True:
                    writer.write(b" ")
                    await writer.drain()
                    await asyncio.sleep(0.01)

        async with _peer(peer) as url:
            assert isinstance(await _pay(url, hold_s=0.2), OutcomeUnknown)


def test_every_error_of_httpx_is_sorted_by_whether_money_could_have_moved() -> None:
    found = {
        value
        for value in vars(httpx).values()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert found == errors.NEVER_LEFT | errors.MAY_HAVE_LEFT
    assert not errors.NEVER_LEFT & errors.MAY_HAVE_LEFT
    assert not errors.never_left(ValueError())


@pytest.mark.parametrize("error", sorted(errors.MAY_HAVE_LEFT | errors.NEVER_LEFT, key=str))
async def test_each_error_of_httpx_becomes_exactly_one_outcome(error: type[Exception]) -> None:
    class Failing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise _made(error, request)

    tecs = TecsTerminal(
        Endpoint("http://x.invalid"),
        Dialect(UTC, currency="EUR"),
        CodeTable(),
        auth.raw(KEY),
        Failing(),
    )
    outcome = await tecs.pay(order(), exchange())
    await tecs.close()
    assert isinstance(outcome, NotSent if error in errors.NEVER_LEFT else OutcomeUnknown)
    assert KEY.reveal() not in outcome.why


async def test_a_proof_that_nothing_left_is_not_believed_once_sending_had_begun() -> None:
    class Lying(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await request.extensions["trace"]("http11.send_request_headers.started", {})
            raise httpx.ConnectError("no")

    tecs = TecsTerminal(
        Endpoint("http://x.invalid"),
        Dialect(UTC, currency="EUR"),
        CodeTable(),
        auth.raw(KEY),
        Lying(),
    )
    assert isinstance(await tecs.pay(order(), exchange()), OutcomeUnknown)
    await tecs.close()


class TestAuthorization:
    @pytest.mark.parametrize(
        ("authorization", "header"),
        [
            (auth.raw(Secret("abc")), "abc"),
            (auth.basic("käse", Secret("pw")), "Basic a8Okc2U6cHc="),
            (auth.bearer(Secret("t")), "Bearer t"),
        ],
    )
    async def test_each_scheme_sends_its_header(
        self, authorization: auth.Fixed, header: str
    ) -> None:
        simulator = Simulator(replace(FAST, authorization=header))
        async with client(simulator, authorization=authorization) as tecs:
            assert isinstance(await tecs.pay(order(), exchange()), Approved)

    @pytest.mark.parametrize("body", ["json", "empty", "html"])
    async def test_a_refused_key_leaves_a_payment_unknown_and_a_cancellation_unanswered(
        self, body: str
    ) -> None:
        simulator = Simulator(replace(FAST, authorization="x", unauthorized_body=body))  # type: ignore[arg-type]
        async with client(simulator) as tecs:
            sent = exchange()
            assert isinstance(await tecs.pay(order(), sent), OutcomeUnknown)
            lost = await tecs.cancel(transaction(order(), sent), exchange())
        assert lost.verdict is CancelVerdict.UNANSWERED
        assert simulator.ledger.requests == []

    async def test_oauth_fetches_one_token_for_many_requests(self) -> None:
        simulator = Simulator(replace(FAST, authorization="oauth"))
        async with _oauth(simulator) as (tecs, fetched):
            for _ in range(3):
                assert isinstance(await tecs.pay(order(), exchange()), Approved)
            assert fetched() == 1

    async def test_oauth_renews_a_refused_token_once_but_never_resends_a_payment(self) -> None:
        simulator = Simulator(replace(FAST, authorization="oauth"))
        async with _oauth(simulator) as (tecs, fetched):
            sent = exchange()
            await tecs.pay(order(), sent)
            simulator.revoke_tokens()
            outcome = await tecs.cancel(transaction(order(), sent), exchange())
            assert outcome.verdict is CancelVerdict.CONFIRMED
            assert fetched() == 2
            simulator.revoke_tokens()
            before = len(simulator.ledger.requests)
            assert isinstance(await tecs.pay(order(), exchange()), OutcomeUnknown)
            assert len(simulator.ledger.requests) == before
            assert isinstance(await tecs.pay(order(), exchange()), Approved)

    async def test_without_a_token_nothing_is_sent(self) -> None:
        simulator = Simulator(replace(FAST, authorization="oauth", token_user="somebody else"))
        async with _oauth(simulator) as (tecs, _):
            outcome = await tecs.pay(order(), exchange())
        assert isinstance(outcome, NotSent)
        assert "401" in outcome.why

    async def test_a_token_is_renewed_before_it_runs_out(self) -> None:
        now = 0.0
        fetched = 0

        async def fetch() -> auth.Token:
            nonlocal fetched
            fetched += 1
            return auth.Token(Secret(f"t{fetched}"), 300)

        oauth = auth.OAuth(fetch, monotonic=lambda: now)
        assert await oauth.header(60) == "Bearer t1"
        now = 239.0
        assert await oauth.header(60) == "Bearer t1"
        now = 241.0
        assert await oauth.header(60) == "Bearer t2"

    def test_a_secret_does_not_show_itself(self) -> None:
        for shown in (repr(KEY), str(KEY), f"{KEY}", repr(auth.raw(KEY)), repr(Token)):
            assert KEY.reveal() not in shown


Token = auth.Token(KEY, None)


async def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with client(Simulator(FAST)) as tecs:
        assert isinstance(await tecs.pay(order(), exchange()), Approved)


async def test_each_request_has_a_connection_of_its_own() -> None:
    connections = 0

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()

    async with _peer(peer) as url:
        tecs = TecsTerminal(_line(url), Dialect(UTC, currency="EUR"), CodeTable(), auth.raw(KEY))
        for _ in range(3):
            await tecs.probe()
        await tecs.close()
    assert connections == 3


async def test_a_probe_tells_the_servers_time() -> None:
    async with client(Simulator(FAST)) as tecs:
        probe = await tecs.probe()
    assert probe.server_time is not None
    assert abs((datetime.now(UTC) - probe.server_time).total_seconds()) < 60


async def test_a_server_that_fails_is_not_reachable() -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with _peer(peer) as url:
        tecs = TecsTerminal(_line(url), Dialect(UTC, currency="EUR"), CodeTable(), auth.raw(KEY))
        probe = await tecs.probe()
        await tecs.close()
    assert not probe.reachable
    assert "503" in probe.why


# -- pieces ------------------------------------------------------------------------------------


def _line(url: str, *, hold_s: float = 2, ca_file: str | None = None) -> Endpoint:
    return Endpoint(url=url, connect_s=2, hold_s=hold_s, ca_file=ca_file)


async def _pay(url: str, *, hold_s: float = 2, ca_file: str | None = None) -> object:
    line = _line(url, hold_s=hold_s, ca_file=ca_file)
    tecs = TecsTerminal(line, Dialect(UTC, currency="EUR"), CodeTable(), auth.raw(KEY))
    try:
        return await tecs.pay(order(), exchange())
    finally:
        await tecs.close()


@contextlib.asynccontextmanager
async def _peer(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


@contextlib.asynccontextmanager
async def _tls(
    simulator: Simulator, folder: Path, name: str = "127.0.0.1"
) -> AsyncIterator[tuple[str, str]]:
    authority = trustme.CA()
    issued = authority.issue_cert(name)
    files = [folder / "ca.pem", folder / "cert.pem", folder / "key.pem"]
    authority.cert_pem.write_to_path(files[0])
    issued.cert_chain_pems[0].write_to_path(files[1])
    issued.private_key_pem.write_to_path(files[2])
    async with served(simulator, certificate=str(files[1]), key=str(files[2])) as url:
        yield url, str(files[0])


@contextlib.asynccontextmanager
async def _oauth(simulator: Simulator) -> AsyncIterator[tuple[TecsTerminal, Callable[[], int]]]:
    async with served(simulator) as url:
        token_url = url.replace("/tecsclientrest", "/cas/oauth2.0/accessToken")
        line = _line(url)
        http = new_http(line, None)
        count = 0
        fetch = oauth_fetch(
            http,
            token_url,
            lambda: {
                "grant_type": "password",
                "client_id": "kiosk",
                "client_secret": "s",
                "username": "kiosk",
                "password": "simulator",
            },
        )

        async def counted() -> auth.Token:
            nonlocal count
            count += 1
            token: auth.Token = await fetch()
            return token

        tecs = TecsTerminal(line, Dialect(UTC, currency="EUR"), CodeTable(), auth.OAuth(counted))
        yield tecs, lambda: count
        await tecs.close()
        await http.aclose()


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.002)


def _made(error: type[Exception], request: httpx.Request) -> Exception:
    if error is httpx.HTTPStatusError:
        return httpx.HTTPStatusError("x", request=request, response=httpx.Response(500))
    if error in (
        httpx.StreamConsumed,
        httpx.StreamClosed,
        httpx.ResponseNotRead,
        httpx.RequestNotRead,
    ):
        return error()
    return error("x")
