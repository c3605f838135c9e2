"""The HTTP client: one request, one answer, and what it means.

Implements `payment.ports.Terminal`. Every failure ends as an outcome; no method raises for a bad
line, a bad server or a bad answer.
Invariant: a payment request is put on the wire once. No redirect is followed, no proxy is taken from
the environment, and no connection is used twice: a stale one would turn into a payment without an
answer.
"""

from __future__ import annotations

import asyncio
import logging
import math
import socket
import ssl
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.outcome import (
    AbortOutcome,
    AbortVerdict,
    CancelOutcome,
    CancelVerdict,
    NotSent,
    OutcomeUnknown,
    PaymentOutcome,
    Probe,
    StatusOutcome,
    TerminalState,
)
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.records import dataclass
from kiosk_tui.tecs import answers, errors, messages
from kiosk_tui.tecs.answers import Reply
from kiosk_tui.tecs.auth import Authorization, NoTokenError, Secret, Token
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.content import ACCEPTED, body_of
from kiosk_tui.tecs.cookieless import NO_COOKIES, CookielessClient
from kiosk_tui.tecs.messages import Dialect
from kiosk_tui.tecs.models import Request, TokenAnswer
from kiosk_tui.tecs.probing import by_status, by_version, own_exchange
from kiosk_tui.tecs.reading import UnreadableError, fields_of
from kiosk_tui.tecs.trust import tls_context

log = logging.getLogger(__name__)

MOST_TOKEN_BYTES: Final = 64 * 1024
"""No token comes near this."""

UNAUTHORIZED: Final = 401


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where TECS is, and how long each step may take, in seconds.

    `answer_s` is how long the register waits for a payment's answer: its token must last as long.
    `hold_s` is how long the payment's line is kept open in all: longer, so that a late answer is
    still heard.
    """

    url: str
    connect_s: float = 10.0
    hold_s: float = 420.0
    cancel_s: float = 60.0
    courtesy_s: float = 10.0
    answer_s: float = 180.0
    proxy: str | None = None
    ca_file: str | None = None

    @property
    def leave_s(self) -> float:
        """By when a payment has begun to leave, in seconds from its start; later it never does.

        Its cancellation counts the settle window from that start. A token endpoint or a proxy that
        takes its time must not let a card be charged when everybody has gone home.
        """
        return self.connect_s + self.courtesy_s


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why there is no reply, and whether it is proven that nothing was sent."""

    why: str
    never_left: bool


class TecsTerminal:
    """TECS, seen from the register."""

    def __init__(
        self,
        line: Endpoint,
        dialect: Dialect,
        codes: CodeTable,
        authorization: Authorization,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        asked: Place | None = None,
    ) -> None:
        """`asked` is the terminal that a probe asks, where TECS has no version page."""
        self._line = line
        self._asked = asked
        self._dialect = dialect
        self._codes = codes
        self._authorization = authorization
        self._http = new_http(line, transport)
        self._url = line.url.rstrip("/")

    async def close(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    def check(self, order: Order) -> None:
        """Raise `OrderError` when a field breaks TECS's limits. Sends nothing."""
        messages.check(order, self._dialect)

    def amount_sent(self, order: Order) -> int:
        """Return the amount field of that order's request, in minor units."""
        return messages.amount_sent(order, self._dialect)

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        """Send a payment request, once, and wait for its answer for up to `hold_s`."""
        request = messages.payment(order, exchange, self._dialect)
        reply = await self._post(request, self._line.hold_s, self._line.leave_s)
        if isinstance(reply, _Failure):
            return NotSent(reply.why) if reply.never_left else OutcomeUnknown(reply.why)
        if reply.status == UNAUTHORIZED:
            self._authorization.forget()  # for the cancellation; the payment itself is never resent
        return answers.payment(reply, exchange.id, self._codes)

    async def cancel(self, transaction: Transaction, exchange: Exchange) -> CancelOutcome:
        """Ask to cancel a transaction."""
        request = messages.cancellation(transaction, exchange, self._dialect)
        reply = await self._post_again_if_refused(request, self._line.cancel_s)
        if isinstance(reply, _Failure):
            return CancelOutcome(CancelVerdict.UNANSWERED, reply.why)
        return answers.cancellation(reply, exchange.id, self._codes)

    async def abort(self, transaction: Transaction, exchange: Exchange) -> AbortOutcome:
        """Ask the terminal to stop a transaction's card flow."""
        request = messages.abort(transaction, exchange, self._dialect)
        reply = await self._post_again_if_refused(request, self._line.courtesy_s)
        if isinstance(reply, _Failure):
            return AbortOutcome(AbortVerdict.UNANSWERED, reply.why)
        return answers.abort(reply, exchange.id, self._codes)

    async def status(self, exchange: Exchange) -> StatusOutcome:
        """Ask the terminal what it is doing."""
        request = messages.status(exchange, self._dialect)
        reply = await self._post_again_if_refused(request, self._line.courtesy_s)
        if isinstance(reply, _Failure):
            return StatusOutcome(TerminalState.UNKNOWN, reply.why)
        return answers.status(reply, exchange.id, self._codes)

    async def probe(self) -> Probe:
        """Look whether it is TECS that answers: `GET version`, which needs no key and no terminal.

        Where there is no such page, the terminal `asked` is asked for its status.
        """
        if self._asked is not None:
            exchange = own_exchange(self._asked)
            request = messages.status(exchange, self._dialect)
            reply = await self._post_again_if_refused(request, self._line.courtesy_s)
            if isinstance(reply, _Failure):
                return Probe(reachable=False, why=reply.why)
            return by_status(reply, answers.status(reply, exchange.id, self._codes))
        question = self._http.build_request("GET", f"{self._url}/version")
        found = await self._send(question, self._line.courtesy_s, _Departure())
        if isinstance(found, _Failure):
            return Probe(reachable=False, why=found.why)
        return by_version(found)

    async def _post_again_if_refused(self, asked: Request, wait_s: float) -> Reply | _Failure:
        """Send what may be sent twice; once more with a new token when the old one is refused."""
        reply = await self._post(asked, wait_s)
        refused = isinstance(reply, Reply) and reply.status == UNAUTHORIZED
        if refused and self._authorization.forget():
            return await self._post(asked, wait_s)
        return reply

    async def _post(
        self, asked: Request, wait_s: float, leave_s: float | None = None
    ) -> Reply | _Failure:
        """Send a request; with `leave_s` a payment, which leaves within so many seconds or never.

        A payment's token lasts until its answer. Anything else can be sent again with another one.
        """
        departure = _Departure(leave_s)
        lasting_s = 0.0 if leave_s is None else self._line.connect_s + self._line.answer_s
        try:
            # the timeout for each read does not bound a token that drips in byte by byte
            async with asyncio.timeout(self._line.leave_s):
                value = await self._authorization.header(lasting_s)
        except NoTokenError as error:
            return _Failure(str(error), never_left=True)
        except TimeoutError:
            return _Failure("No token came in time.", never_left=True)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if value:
            headers["Authorization"] = value
        request = self._http.build_request(
            "POST",
            f"{self._url}/makeTransaction",
            content=messages.encode(asked),
            headers=headers,
            timeout=_timeout(self._line.connect_s, wait_s),
        )
        return await self._send(request, wait_s, departure)

    async def _send(
        self, request: httpx.Request, wait_s: float, departure: _Departure
    ) -> Reply | _Failure:
        request.extensions["trace"] = departure.trace
        try:
            # the timeout for each read does not bound an answer that drips in byte by byte
            async with asyncio.timeout(self._line.connect_s + wait_s):
                response = await self._http.send(request, stream=True)
                try:
                    body, trouble = await body_of(response), ""
                except UnreadableError as error:
                    body, trouble = b"", str(error)
                finally:
                    await response.aclose()
        except TimeoutError:
            return _Failure("TECS did not answer in time.", never_left=False)
        except _TooLateError:
            return _Failure("The connection took too long.", never_left=not departure.begun)
        except Exception as error:  # noqa: BLE001 - whatever it is, money may have moved
            left = departure.begun or not errors.never_left(error)
            log.info("a request ended with %s", type(error).__name__)
            return _Failure(errors.sentence(error), never_left=not left)
        told = response.headers.get("content-type", "")
        return Reply(response.status_code, body, told, trouble, date_of(response))


def new_http(line: Endpoint, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Make the client that all requests of a register share. It takes nobody's cookies."""
    return CookielessClient(
        transport=transport or transport_to(line),
        headers={"Accept-Encoding": ACCEPTED},
        cookies=NO_COOKIES,
        follow_redirects=False,
        trust_env=False,
        timeout=_timeout(line.connect_s, line.courtesy_s),
    )


def mounted(app: Any) -> httpx.AsyncBaseTransport:
    """Return a transport that calls an ASGI application in this process: the demo's simulator."""
    return httpx.ASGITransport(app=app)


def oauth_fetch(
    http: httpx.AsyncClient, token_url: str, form: Callable[[], dict[str, str]]
) -> Callable[[], Any]:
    """Return the function that fetches a token by a password grant (source: TECS's CAS login)."""

    async def fetch() -> Token:
        found: dict[str, Any] = {}
        try:
            async with http.stream("POST", token_url, data=form()) as response:
                body = await body_of(response, MOST_TOKEN_BYTES)
            if response.is_success:
                found = fields_of(body, response.headers.get("content-type", ""))
        except UnreadableError as error:
            raise NoTokenError(f"No token was given: what came back {error}.") from None
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no token
            raise NoTokenError(f"No token was given: {errors.sentence(error)}") from None
        told = TokenAnswer.model_validate(found)
        if told.access_token:
            return Token(Secret(told.access_token), told.expires_in)
        if isinstance(found.get("access_token"), str) and found["access_token"]:
            # it would never be refused by TECS, and so never be fetched anew
            raise NoTokenError(f"No token was given: no header can carry what {token_url} gave.")
        raise NoTokenError(
            f"No token was given: {token_url} answered with HTTP status"
            f" {response.status_code}. Check [auth] user, client_id and the secrets."
        )

    return fetch


class _TooLateError(Exception):
    """A request was about to leave when nobody counted on it any more."""


class _Departure:
    """Listens to the client's own trace for the moment when a request begins to leave.

    With `within_s`, it lets none leave later than so many seconds from now. What a proxy is asked
    for counts as begun, too: nobody knows what it makes of that.
    """

    def __init__(self, within_s: float | None = None) -> None:
        self.begun = False
        clock = asyncio.get_running_loop()
        self._latest = math.inf if within_s is None else clock.time() + within_s

    async def trace(self, name: str, _info: dict[str, Any]) -> None:
        if not name.endswith("send_request_headers.started"):
            return
        if asyncio.get_running_loop().time() > self._latest:
            raise _TooLateError
        self.begun = True


def _timeout(connect_s: float, read_s: float) -> httpx.Timeout:
    return httpx.Timeout(read_s, connect=connect_s, write=connect_s, pool=connect_s)


def transport_to(line: Endpoint, context: ssl.SSLContext | None = None) -> httpx.AsyncHTTPTransport:
    """Make the transport that every request goes over. Raises `AuthoritiesError`."""
    return httpx.AsyncHTTPTransport(
        verify=context or tls_context(line.ca_file),
        trust_env=False,
        proxy=line.proxy,
        retries=0,
        limits=httpx.Limits(max_keepalive_connections=0),
        socket_options=_socket_options(),
    )


UNACKNOWLEDGED_S: Final = 45
"""How long the kernel may try to deliver bytes that nobody acknowledges."""


def _socket_options() -> list[tuple[int, int, int] | tuple[int, int, bytes]]:
    """Make the kernel forget a request when we do.

    Without these, a request that got stuck on a dead line would be delivered when the line comes
    back, minutes after its cancellation was answered "not found". The user timeout bounds how late
    it can arrive, lingering for zero seconds drops what is unsent when we close, and the keepalives
    hold the line open through address translators while the customer looks for a card.
    """
    tcp = socket.IPPROTO_TCP
    return [
        (tcp, socket.TCP_NODELAY, 1),
        (tcp, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_S * 1000),
        (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (tcp, socket.TCP_KEEPIDLE, 20),
        (tcp, socket.TCP_KEEPINTVL, 10),
        (tcp, socket.TCP_KEEPCNT, 3),
    ]


def date_of(response: httpx.Response) -> datetime | None:
    """Return the server's own clock, where it tells it."""
    try:
        found = parsedate_to_datetime(response.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
