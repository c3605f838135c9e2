"""When a request begins to leave: in time or never."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import trustme
from support.fakes import order
from support.tecs import FAST, KEY, exchange, transaction

from kiosk_tui.domain.outcome import Approved, CancelVerdict, NotSent, OutcomeUnknown
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.auth import Authorization
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, new_http, oauth_fetch
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.messages import Dialect

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def test_a_payment_that_a_proxy_lets_through_too_late_never_leaves(tmp_path: Path) -> None:
    simulator = Simulator(FAST)
    async with _tls(simulator, tmp_path) as line, _proxy(after_s=0.5) as proxy:
        late = replace(line, proxy=proxy, connect_s=0.1, courtesy_s=0.1)
        assert isinstance(await _pay(late), OutcomeUnknown)
    assert simulator.ledger.requests == []


async def test_a_payment_that_a_proxy_lets_through_in_time_is_answered(tmp_path: Path) -> None:
    simulator = Simulator(FAST)
    async with _tls(simulator, tmp_path) as line, _proxy(after_s=0) as proxy:
        assert isinstance(await _pay(replace(line, proxy=proxy)), Approved)


async def test_a_token_that_drips_in_holds_up_neither_payment_nor_cancellation() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    sent, asked = exchange(), order()
    async with _peer(drip) as url:
        line = Endpoint(url, connect_s=0.2, courtesy_s=0.2)
        tecs, http = _terminal(line, None), new_http(line, None)
        tecs._authorization = auth.OAuth(oauth_fetch(http, f"{url}/token", dict))
        assert isinstance(await tecs.pay(asked, sent), NotSent)
        cancelled = await tecs.cancel(transaction(asked, sent), exchange())
        await tecs.close()
        await http.aclose()
    assert cancelled.verdict is CancelVerdict.UNANSWERED


async def test_a_token_longer_than_any_is_none() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b'{"access_token": "t"' + b" " * 100_000 + b"}")
        await writer.drain()
        writer.write_eof()
        await reader.read()

    async with _peer(flood) as url:
        line = Endpoint(url, connect_s=5, courtesy_s=5)
        tecs, http = _terminal(line, None), new_http(line, None)
        tecs._authorization = auth.OAuth(oauth_fetch(http, f"{url}/token", dict))
        assert isinstance(await tecs.pay(order(), exchange()), NotSent)
        await tecs.close()
        await http.aclose()


async def test_a_token_that_no_header_can_hold_is_asked_for_again() -> None:
    tokens = [b'"a\\bc"', b'"\\ud800"', b'"two words"', b'"good"']

    async def give(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"access_token": ' + tokens.pop(0) + b"}"
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        await reader.read()

    simulator = Simulator(FAST)
    async with _peer(give) as url, served(simulator) as tecs_url:
        line = Endpoint(tecs_url, connect_s=5, courtesy_s=5, hold_s=5)
        tecs, http = _terminal(line, None), new_http(line, None)
        tecs._authorization = auth.OAuth(oauth_fetch(http, f"{url}/token", dict))
        outcomes = [await tecs.pay(order(), exchange()) for _ in range(4)]
        await tecs.close()
        await http.aclose()
    assert [type(one) for one in outcomes] == [NotSent, NotSent, NotSent, Approved]


async def _pay(line: Endpoint) -> object:
    tecs = _terminal(line, auth.raw(KEY))
    try:
        return await tecs.pay(order(), exchange())
    finally:
        await tecs.close()


def _terminal(line: Endpoint, authorization: Authorization | None) -> TecsTerminal:
    return TecsTerminal(
        line, Dialect(UTC, currency="EUR"), CodeTable(), authorization or auth.raw(KEY)
    )


@contextlib.asynccontextmanager
async def _tls(simulator: Simulator, folder: Path) -> AsyncIterator[Endpoint]:
    authority = trustme.CA()
    made = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    made.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    made.private_key_pem.write_to_path(folder / "key.pem")
    chain, key = str(folder / "chain.pem"), str(folder / "key.pem")
    async with served(simulator, certificate=chain, key=key) as url:
        yield Endpoint(url, connect_s=5, hold_s=5, ca_file=str(folder / "authority.pem"))


@contextlib.asynccontextmanager
async def _proxy(after_s: float) -> AsyncIterator[str]:
    """Serve an HTTP proxy that answers CONNECT after a while."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        host, _, port = asked.split()[1].decode().partition(":")
        await asyncio.sleep(after_s)
        there, back = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_relay(reader, back), _relay(there, writer))

    async with _peer(connect) as url:
        yield url


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
    finally:
        await _closed(writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


@contextlib.asynccontextmanager
async def _peer(handler: Handler) -> AsyncIterator[str]:
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await handler(reader, writer)
        except asyncio.CancelledError:
            pass  # the test is over
        await _closed(writer)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
