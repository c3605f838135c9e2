"""Looks at the way to TECS step by step: name, connection, certificate, service, terminal.

Implements `diagnosis.subject.Line`. No method raises for a bad line; none sends a payment. A step is looked
at with the very transport and certificates that payments use.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import httpx

from kiosk_tui.domain.evidence import (
    Asked,
    Certificate,
    Connected,
    Field,
    Handshake,
    Resolved,
    TlsTrouble,
    Visit,
)
from kiosk_tui.domain.identity import Place, TransactionId
from kiosk_tui.domain.outcome import StatusOutcome
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order
from kiosk_tui.tecs import errors, evidence, messages
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, new_http, transport_to
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.content import body_of
from kiosk_tui.tecs.messages import Dialect
from kiosk_tui.tecs.models import Request
from kiosk_tui.tecs.probing import own_exchange
from kiosk_tui.tecs.recorder import Recorder, Tell
from kiosk_tui.tecs.trust import AuthoritiesError, tls_context

_PORTS: Final = {"http": 80, "https": 443}
_NO_CHECK_TIME: Final = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python's module does not name."""
_CAUSES: Final = {
    9: TlsTrouble.NOT_YET_VALID,
    10: TlsTrouble.EXPIRED,
    62: TlsTrouble.OTHER_NAME,
    64: TlsTrouble.OTHER_NAME,
    **dict.fromkeys((2, 18, 19, 20, 21), TlsTrouble.UNKNOWN_ISSUER),
}
"""OpenSSL's X509_V_ERR numbers."""

_NO_ID: Final = TransactionId.stored("")

_EACH_S: Final = 3.0
"""So long each of several addresses is tried."""

_LATER: Final = {
    "transaction_id": "(a new one)",
    "transaction_date_time": "(that moment)",
}
"""What a request has only once it leaves."""


class _SeenError(Exception):
    """Everything that was wanted has been seen: nothing is sent."""


class Inspector:
    """Asks one question after the other, and tells every visit.

    `terminal` is None where the configuration cannot be used; `order` is the test sale, which is only
    written here, and sent by the register. `mounted` makes the demo's way to its simulator.
    """

    def __init__(
        self,
        line: Endpoint,
        codes: CodeTable,
        tell: Tell,
        *,
        terminal: TecsTerminal | None = None,
        place: Place | None = None,
        dialect: Dialect | None = None,
        order: Order | None = None,
        mounted: Callable[[], httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self._line = line
        self._codes = codes
        self._tell = tell
        self._terminal = terminal
        self._place = place
        self._dialect = dialect or Dialect(UTC, currency="")
        self._order = order
        self._mounted = mounted
        self._heard: Visit | None = None

    @property
    def mounted(self) -> bool:
        """Whether TECS is the demo's simulator inside this process: there is no line."""
        return self._mounted is not None

    @property
    def can_ask(self) -> bool:
        """Whether the terminal can be asked: there is a configuration that can be used."""
        return self._terminal is not None and self._place is not None

    @property
    def answers_at(self) -> str:
        """The address that is asked."""
        return evidence.without_user(self._line.url.rstrip("/"))

    # -- the way -------------------------------------------------------------------------------

    async def resolve(self) -> Resolved:
        """Ask for the addresses of the host that is connected to: the proxy's, where there is one."""
        host, port, through = self._next_host()
        try:
            async with asyncio.timeout(self._line.connect_s):
                found = await _addresses(host, port)
        except TimeoutError:
            return Resolved(host, port, trouble="No name server answered in time.", through=through)
        except (OSError, UnicodeError) as error:
            return Resolved(host, port, trouble=_name_trouble(error), through=through)
        return Resolved(host, port, found, through=through)

    async def connect(self) -> Connected:
        """Make a connection, and give it back unused."""
        host, port, through = self._next_host()
        refused, trouble = False, "It has no address."
        with contextlib.suppress(OSError, UnicodeError):
            addresses = await _addresses(host, port)
            within_s = min(
                self._line.connect_s, max(_EACH_S, self._line.connect_s / len(addresses))
            )
            for address in addresses:
                try:
                    async with asyncio.timeout(within_s):
                        _, writer = await asyncio.open_connection(address, port)
                except TimeoutError:
                    trouble = f"{address} did not take a connection within {within_s:g} s."
                except OSError as error:
                    refused = isinstance(error, ConnectionRefusedError)
                    said = "refused the connection" if refused else f"gave {_words(error)}"
                    trouble = f"{address} {said}."
                else:
                    writer.transport.abort()
                    return Connected(host, port, address, through=through)
        return Connected(host, port, trouble=trouble, refused=refused, through=through)

    async def handshake(self) -> Handshake:
        """Encrypt a connection as a payment would, look at the certificate, and send nothing."""
        host = self._target.hostname or ""
        try:
            context, lenient = (tls_context(self._line.ca_file) for _ in range(2))
        except AuthoritiesError as error:
            return Handshake(host, trouble=TlsTrouble.AUTHORITIES, why=str(error))
        if self._target.scheme != "https":
            return Handshake(host, encrypted=False)
        seen = await self._shake(host, context)
        if seen.trouble is None or seen.trouble is TlsTrouble.UNKNOWN_ISSUER:
            return seen
        # once more without those two rules, only to read what the certificate says
        lenient.check_hostname = False
        lenient.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
        again = await self._shake(host, lenient)
        return Handshake(host, seen.protocol, again.certificate, seen.trouble, seen.why)

    async def _shake(self, host: str, context: ssl.SSLContext) -> Handshake:
        ear = _Ear(behind_tls=(self._line.proxy or "").startswith("https:"))
        http = new_http(self._line, transport_to(self._line, context))
        request = http.build_request("GET", self._line.url, extensions={"trace": ear.trace})
        try:
            async with asyncio.timeout(2 * self._line.connect_s):
                await http.send(request)
        except _SeenError:
            pass
        except TimeoutError:
            return Handshake(host, trouble=TlsTrouble.OTHER, why="It took too long.")
        except Exception as error:  # noqa: BLE001 - whatever it is, TLS did not come about
            return _untrusted(host, error)
        finally:
            await http.aclose()
        return Handshake(host, ear.protocol, ear.certificate)

    @property
    def _target(self) -> SplitResult:
        return urlsplit(self._line.url)

    def _next_host(self) -> tuple[str, int, str]:
        """Return who is connected to: the proxy, where one is configured, with that setting."""
        url = urlsplit(self._line.proxy) if self._line.proxy else self._target
        through = "terminal.proxy" if self._line.proxy else ""
        return url.hostname or "", url.port or _PORTS.get(url.scheme, 443), through

    # -- TECS ----------------------------------------------------------------------------------

    async def version(self) -> Visit:
        """Ask for the version: free, without a key, and no terminal is touched."""
        below = self._mounted() if self._mounted else transport_to(self._line)
        http = new_http(self._line, Recorder(below, self._codes, self._hear))
        self._heard = None
        with contextlib.suppress(Exception):  # the witness tells what it was
            async with asyncio.timeout(self._line.connect_s + self._line.courtesy_s):
                async with http.stream("GET", f"{self._line.url.rstrip('/')}/version") as response:
                    await body_of(response)
        await http.aclose()
        return self._take() or _unheard(self.version_request(), "The question could not be asked.")

    async def status(self) -> tuple[Visit, StatusOutcome]:
        """Ask the terminal what it is doing: needs the key, moves no money."""
        if self._terminal is None or self._place is None:
            raise RuntimeError("without a usable configuration no terminal is asked")
        self._heard = None
        outcome = await self._terminal.status(own_exchange(self._place))
        # without a token nothing left
        return self._take() or _unheard(self.status_request(), outcome.why), outcome

    def hear(self, visit: Visit) -> None:
        """Be told of a request of the terminal that this inspector shares with a register."""
        self._hear(visit)

    def _take(self) -> Visit | None:
        return self._heard

    def _hear(self, visit: Visit) -> None:
        self._heard = visit
        self._tell(visit)

    # -- what would be sent --------------------------------------------------------------------

    def version_request(self) -> Asked:
        """Return the question for the version, unsent."""
        headers = {"host": self._target.netloc.rpartition("@")[2]}
        return evidence.asked("GET", f"{self._line.url.rstrip('/')}/version", headers, None)

    def status_request(self) -> Asked:
        """Return the question for the terminal, unsent."""
        place = self._place or Place("", "")
        return self._unsent(messages.status(own_exchange(place), self._dialect))

    def sale_request(self) -> Asked | None:
        """Return the test sale's request, unsent; None where the configuration cannot be used."""
        if self._order is None:
            return None
        exchange = Exchange(
            _NO_ID, _NO_ID, ExchangeKind.PAYMENT, self._order.place, datetime.now(UTC)
        )
        return self._unsent(messages.payment(self._order, exchange, self._dialect))

    def _unsent(self, request: Request) -> Asked:
        headers = {
            "host": self._target.netloc.rpartition("@")[2],
            "content-type": "application/json; charset=utf-8",
            "authorization": evidence.HIDDEN,
        }
        url = f"{self._line.url.rstrip('/')}/makeTransaction"
        told = evidence.asked("POST", url, headers, dict(request))
        shown = tuple(
            Field(one.name, _LATER.get(one.name, one.value), one.meaning) for one in told.fields
        )
        return Asked(told.kind, told.method, told.url, told.headers, shown)


class _Ear:
    """Listens until a connection is encrypted, and stops the request before it leaves."""

    def __init__(self, *, behind_tls: bool) -> None:
        self.protocol = ""
        self.certificate: Certificate | None = None
        # through an encrypted proxy the first handshake is the proxy's own
        self._own = "proxy.start_tls.complete" if behind_tls else "start_tls.complete"

    async def trace(self, name: str, info: dict[str, Any]) -> None:
        if name.endswith(self._own):
            tls = info["return_value"].get_extra_info("ssl_object")
            self.protocol = tls.version() or ""
            self.certificate = _certificate(tls.getpeercert() or {})
        elif name.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            raise _SeenError


def _unheard(asked: Asked, trouble: str) -> Visit:
    return Visit(datetime.now(UTC), asked, trouble=trouble)


async def _addresses(host: str, port: int) -> tuple[str, ...]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def _name_trouble(error: OSError | UnicodeError) -> str:
    code = error.errno if isinstance(error, socket.gaierror) else None
    if code in (socket.EAI_NONAME, socket.EAI_NODATA):
        return "This name is not known."
    if code == socket.EAI_AGAIN:
        return "No name server answers."
    return f"It cannot be looked up: {_words(error)}."


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", None) or type(error).__name__).lower()


def _untrusted(host: str, error: BaseException) -> Handshake:
    why = errors.sentence(error) if isinstance(error, Exception) else ""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            trouble = _CAUSES.get(cause.verify_code, TlsTrouble.OTHER)
            return Handshake(host, trouble=trouble, why=cause.verify_message)
        cause = cause.__cause__ or cause.__context__
    return Handshake(host, trouble=TlsTrouble.OTHER, why=why)


def _certificate(found: dict[str, Any]) -> Certificate | None:
    if not found:
        return None
    names = tuple(str(value) for _, value in found.get("subjectAltName", ()))
    parts = {key: value for group in found.get("issuer", ()) for key, value in group}
    issuer = parts.get("organizationName") or parts.get("commonName") or "nobody known"
    return Certificate(names, issuer, _moment(found["notBefore"]), _moment(found["notAfter"]))


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
