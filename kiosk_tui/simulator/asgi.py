"""The simulator on HTTP: the REST service, the token endpoint, the control page and its own document."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import html
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kiosk_tui.simulator.answers import Effect, HostReply
from kiosk_tui.simulator.faults import TRIGGERS, Fault
from kiosk_tui.simulator.merchant_services import PATH as SERVICES
from kiosk_tui.simulator.scenario import behaviour
from kiosk_tui.simulator.tecs import Simulator

PREFIX = "/tecsclientrest"
CARD_ACTS: Final = ("present", "cancel")
"""What `/control/card` can do."""
_ONLY_OURS: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'self'"}


class ConnectionDropped(Exception):  # noqa: N818 - what happened, not an error of ours
    """The line broke. Raised only where there is no socket that could break."""


def create_app(simulator: Simulator, prefix: str = PREFIX) -> Starlette:
    """Return the application: the REST service under `prefix`, the control page at `/`."""
    at = _Endpoints(simulator, prefix)
    return Starlette(
        routes=[
            Route(
                f"{prefix if one.rest else ''}{one.path}",
                functools.partial(one.run, at),
                methods=[one.method],
            )
            for one in ROUTES
        ]
    )


class OnLine(Response):
    """A reply that may not arrive whole."""

    def __init__(self, reply: HostReply) -> None:
        super().__init__(reply.body, reply.status or 200, media_type=reply.content_type)
        self._reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        effect = self._reply.effect
        if effect is Effect.HANG:
            await asyncio.Event().wait()
        if effect is Effect.DROP:
            _break(receive)
            return
        if effect is Effect.SEND:
            await super().__call__(scope, receive, send)
            return
        # the headers promise the whole length, the body ends in the middle
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        part = bytes(self.body[: self._reply.cut_at])
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await asyncio.sleep(0)
        _break(receive, flush=True)


def _break(receive: Receive, *, flush: bool = False) -> None:
    """Cut the connection.

    Uvicorn's `receive` is a method of the request cycle, which holds the transport; neither ASGI nor
    Starlette offers a way to it. Where there is none (mounted in a test or the demo), raise.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionDropped
    if flush:
        transport.close()
    else:
        transport.abort()


class _Raw(OnLine):
    """Uses the server's own `receive`: Starlette wraps the one that it hands on."""

    def __init__(self, request: Request, reply: HostReply) -> None:
        super().__init__(reply)
        self._receive = request.scope.get("kiosk_tui.receive") or request.receive

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await super().__call__(scope, self._receive, send)


class _Endpoints:
    def __init__(self, simulator: Simulator, prefix: str) -> None:
        self._simulator = simulator
        self._prefix = prefix

    async def make_transaction(self, request: Request) -> Response:
        reply = await self._simulator.make_transaction(
            request.headers.get("authorization"), await request.body()
        )
        return _Raw(request, reply)

    async def status(self, request: Request) -> Response:
        authorization = request.headers.get("authorization")
        return OnLine(self._simulator.services.status(authorization, await request.body()))

    async def version(self, _request: Request) -> Response:
        return OnLine(self._simulator.version())

    async def access_token(self, request: Request) -> Response:
        from urllib.parse import parse_qsl  # noqa: PLC0415 - rarely

        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        return OnLine(self._simulator.access_token(form))

    async def document(self, _request: Request) -> Response:
        from kiosk_tui.simulator.openapi import document  # noqa: PLC0415 - not in a demonstration

        return JSONResponse(await document(self._prefix))

    async def docs(self, _request: Request) -> Response:
        from kiosk_tui.openapi_page.page import page  # noqa: PLC0415 - not in a demonstration
        from kiosk_tui.simulator.openapi import document  # noqa: PLC0415

        return HTMLResponse(page(await document(self._prefix)), headers=_ONLY_OURS)

    async def style(self, _request: Request) -> Response:
        from kiosk_tui.openapi_page.page import STYLE  # noqa: PLC0415 - not in a demonstration

        return Response(STYLE.read_bytes(), media_type="text/css")

    async def state(self, _request: Request) -> Response:
        return JSONResponse(state(self._simulator))

    async def ledger(self, _request: Request) -> Response:
        return JSONResponse(ledger(self._simulator))

    async def next(self, request: Request) -> Response:
        try:
            self._simulator.queue(behaviour(await _object(request)))
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"queued": True})

    async def options(self, request: Request) -> Response:
        try:
            self._simulator.set_options(**await _object(request))
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return await self.state(request)

    async def card(self, request: Request) -> Response:
        try:
            asked = str((await _object(request)).get("do"))
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        terminal = self._simulator.terminal
        acts = dict(zip(CARD_ACTS, (terminal.present_card, terminal.press_cancel), strict=True))
        if asked not in acts:
            return JSONResponse({"error": f"do is one of {', '.join(CARD_ACTS)}"}, 400)
        return JSONResponse({"done": acts[asked]()})

    async def page(self, _request: Request) -> Response:
        rows = "".join(
            f"<tr><td>{minor / 100:.2f}<td>{html.escape(text)}"
            for minor, (_, text) in sorted(TRIGGERS.items())
        )
        entries = "".join(
            f"<tr><td>{one.transaction_id}<td>{one.kind}<td>{one.total_minor}<td>{one.status}"
            for one in self._simulator.ledger.entries.values()
        )
        faults = ", ".join(Fault)
        return HTMLResponse(
            "<!doctype html><title>TECS simulator</title><h1>TECS simulator</h1>"
            '<p><a href="/docs">What it speaks</a></p>'
            f"<p>Terminal: {self._simulator.terminal.screen}</p>"
            f"<h2>Ledger</h2><table>{entries}</table>"
            f"<h2>Amounts</h2><table>{rows}</table>"
            f'<p>POST /control/next {{"fault": …}}: {faults}</p>'
        )


@dataclass(frozen=True, slots=True)
class SimulatorRoute:
    """One method of one path: the application and the OpenAPI document are both made from these.

    `rest`: it stands under the prefix of the REST service, as at TECS.
    """

    method: str
    path: str
    summary: str
    run: Callable[[_Endpoints, Request], Awaitable[Response]]
    rest: bool = False

    @property
    def name(self) -> str:
        return self.run.__name__


ROUTES: Final = (
    SimulatorRoute("POST", "/makeTransaction", "One request to the terminal and the host", _Endpoints.make_transaction, rest=True),
    SimulatorRoute("GET", "/version", "A free probe that touches no terminal", _Endpoints.version, rest=True),
    SimulatorRoute("POST", "/cas/oauth2.0/accessToken", "A token, by a password grant", _Endpoints.access_token),
    SimulatorRoute("POST", f"{SERVICES}/public/statusTransaction", "Merchant services: how a transaction stands", _Endpoints.status),
    SimulatorRoute("GET", "/", "The control page", _Endpoints.page),
    SimulatorRoute("GET", "/openapi.json", "This document", _Endpoints.document),
    SimulatorRoute("GET", "/docs", "This document as a page", _Endpoints.docs),
    SimulatorRoute("GET", "/docs/page.css", "How the page looks", _Endpoints.style),
    SimulatorRoute("GET", "/control/state", "The terminal, the options and the count of requests", _Endpoints.state),
    SimulatorRoute("GET", "/control/ledger", "The entries, with the money that stayed, and every request in order", _Endpoints.ledger),
    SimulatorRoute("POST", "/control/next", "Say what the next payment meets, whatever its amount", _Endpoints.next),
    SimulatorRoute("POST", "/control/options", "Change options; those that are left out stay", _Endpoints.options),
    SimulatorRoute("POST", "/control/card", "Act as the customer, now", _Endpoints.card),
)  # fmt: skip


def state(simulator: Simulator) -> dict[str, Any]:
    """Return the terminal, the options and the count of requests."""
    return {
        "terminal": simulator.terminal.screen,
        "options": dataclasses.asdict(simulator.options),
        "requests": len(simulator.ledger.requests),
    }


def ledger(simulator: Simulator) -> dict[str, Any]:
    """Return the entries with the money that stayed, and every request in order."""
    booked = simulator.ledger
    return {
        "entries": [
            dataclasses.asdict(one) | {"net_minor": booked.net_minor(one.transaction_id)}
            for one in booked.entries.values()
        ],
        "requests": [dataclasses.asdict(one) for one in booked.requests],
    }


async def _object(request: Request) -> dict[str, Any]:
    found = json.loads(await request.body() or b"{}")
    if not isinstance(found, dict):
        raise TypeError("the body is not a JSON object")
    return found
