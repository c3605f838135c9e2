"""Watches the requests of a client go by: what was asked, what came back, how long each step took.

Stands between the client and the line as a transport, so that what is shown is what was sent, a payment's
too. Invariant: it changes nothing of what passes, and a fault of its own costs only the evidence.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from kiosk_tui.domain.evidence import Answered, Timings, Visit
from kiosk_tui.tecs import errors, evidence
from kiosk_tui.tecs.client import date_of
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.content import MOST_BYTES, unpacked
from kiosk_tui.tecs.reading import UnreadableError

log = logging.getLogger(__name__)

Tell = Callable[[Visit], None]

_NO_ANSWER: Final = "No answer came in time."


class Stopwatch:
    """Notes when each step of a request began and ended, from the client's own trace."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._at: dict[str, float] = {}

    def note(self, name: str) -> None:
        """Take note of a step: `connection.connect_tcp.started`, say."""
        self._at[name.partition(".")[2]] = time.monotonic()

    def answered(self) -> None:
        """Note that the head of the answer is here, on a transport that tells no steps."""
        self._at.setdefault("receive_response_headers.complete", time.monotonic())

    def timings(self) -> Timings:
        """Return what was measured so far."""
        sent = self._at.get("send_request_body.complete", self._began)
        head = self._at.get("receive_response_headers.complete")
        return Timings(
            connect_s=self._between("connect_tcp"),
            tls_s=self._between("start_tls"),
            first_byte_s=None if head is None else max(0.0, head - sent),
            whole_s=time.monotonic() - self._began,
        )

    def _between(self, step: str) -> float | None:
        began, ended = self._at.get(f"{step}.started"), self._at.get(f"{step}.complete")
        return None if began is None or ended is None else max(0.0, ended - began)


class Recorder(httpx.AsyncBaseTransport):
    """A transport that passes everything on, and tells each visit once, when it is over."""

    def __init__(self, inner: httpx.AsyncBaseTransport, codes: CodeTable, tell: Tell) -> None:
        self._inner = inner
        self._codes = codes
        self._tell = tell

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, and listen to what becomes of it."""
        visit = _Visit(request, self._codes, self._tell)
        request.extensions = {**request.extensions, "trace": visit.trace}
        try:
            response = await self._inner.handle_async_request(request)
        except Exception as error:
            visit.over(errors.sentence(error))
            raise
        except BaseException:
            visit.over(_NO_ANSWER)
            raise
        visit.begins(response)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Heard(response.stream, visit),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


class _Visit:
    """One request, from its beginning until nobody listens to its answer any more."""

    def __init__(self, request: httpx.Request, codes: CodeTable, tell: Tell) -> None:
        self._request = request
        self._codes = codes
        self._tell: Tell | None = tell
        self._own_trace = request.extensions.get("trace")
        self._at = datetime.now(UTC)
        self._watch = Stopwatch()
        self._body = bytearray()
        self._response: httpx.Response | None = None

    async def trace(self, name: str, info: dict[str, Any]) -> None:
        """Note a step, and let the client hear of it as before; it may stop the request there."""
        self._watch.note(name)
        if self._own_trace is not None:
            await self._own_trace(name, info)

    def begins(self, response: httpx.Response) -> None:
        """Take note of an answer's head."""
        self._watch.answered()
        self._response = response

    def hears(self, piece: bytes) -> None:
        """Keep a copy of a piece of the body, as far as an answer can be long."""
        if len(self._body) <= MOST_BYTES:
            self._body += piece

    def over(self, trouble: str = "") -> None:
        """Tell what became of it, once."""
        tell, self._tell = self._tell, None
        if tell is None:
            return
        try:
            tell(self._told(trouble))
        except Exception:
            log.exception("the evidence of a request is lost")

    def _told(self, trouble: str) -> Visit:
        header = self._request.headers.get("authorization", "")
        sent = evidence.asked(
            self._request.method, str(self._request.url), self._request.headers, self._fields()
        )
        heard: Answered | None = None
        if self._response is not None:
            heard = evidence.answered(
                self._response.status_code,
                self._plain_body(self._response),
                date_of(self._response),
                request=sent,
                codes=self._codes,
                secrets=evidence.secrets_of(header),
                content_type=self._response.headers.get("content-type", ""),
            )
        return Visit(self._at, sent, self._watch.timings(), heard, trouble)

    def _fields(self) -> Mapping[str, str] | None:
        try:
            found = json.loads(self._request.content)
        except (ValueError, httpx.RequestNotRead):
            return None
        return found if isinstance(found, dict) else None

    def _plain_body(self, response: httpx.Response) -> bytes:
        """Return the body as it was before it was packed for the way."""
        body = bytes(self._body)
        try:
            return unpacked(body, response.headers.get("content-encoding", ""))
        except UnreadableError:
            return body


class _Heard(httpx.AsyncByteStream):
    """A body on its way to the client."""

    def __init__(self, inner: Any, visit: _Visit) -> None:
        self._inner = inner
        self._visit = visit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._inner:
                self._visit.hears(piece)
                yield piece
        except Exception as error:
            self._visit.over(errors.sentence(error))
            raise
        except BaseException:
            self._visit.over(_NO_ANSWER)
            raise

    async def aclose(self) -> None:
        try:
            await self._inner.aclose()
        finally:
            self._visit.over()
