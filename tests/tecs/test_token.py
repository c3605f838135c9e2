"""Tokens that a server gives and no header can carry."""

from __future__ import annotations

import asyncio
from datetime import UTC

import pytest
from support.fakes import order
from support.tecs import exchange, transaction

from kiosk_tui.domain.outcome import AbortVerdict, NotSent
from kiosk_tui.domain.transaction import ExchangeKind
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, new_http, oauth_fetch
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.messages import Dialect


@pytest.mark.parametrize("token", ["t\\u20acken", "two\\r\\nlines"])
async def test_a_token_that_no_header_can_carry_is_no_token(token: str) -> None:
    body = f'{{"access_token": "{token}"}}'.encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        line = Endpoint(url)
        http = new_http(line, None)
        oauth = auth.OAuth(oauth_fetch(http, f"{url}/token", dict))
        tecs = TecsTerminal(line, Dialect(UTC, currency="EUR"), CodeTable(), oauth)
        assert isinstance(await tecs.pay(order(1255), exchange()), NotSent)
        running = transaction(order(1255), exchange())
        aborted = await tecs.abort(running, exchange(ExchangeKind.ABORT))
        assert aborted.verdict is AbortVerdict.UNANSWERED
        await tecs.close()
        await http.aclose()
