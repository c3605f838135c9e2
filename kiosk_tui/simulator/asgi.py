"""The simulator on HTTP: the REST service, the token endpoint and the control page."""

from __future__ import annotations

import asyncio
import dataclasses
import html
import json
from typing import Any

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


class ConnectionDropped(Exception):  # noqa: N818 - what happened, not an error of ours
    """The line broke. Raised only where there is no socket that could break."""


def create_app(simulator: Simulator, prefix: str = PREFIX) -> Starlette:
    """Return the application: the REST service under `prefix`, the control page at `/`."""
    rest = _Rest(simulator)
    control = _Control(simulator)
    return Starlette(
        routes=[
            Route(f"{prefix}/makeTransaction", rest.make_transaction, methods=["POST"]),
            Route(f"{prefix}/version", rest.version),
            Route("/cas/oauth2.0/accessToken", rest.access_token, methods=["POST"]),
            Route(f"{SERVICES}/public/statusTransaction", rest.status, methods=["POST"]),
            Route("/", control.page),
            Route("/control/state", control.state),
            Route("/control/ledger", control.ledger),
            Route("/control/next", control.next, methods=["POST"]),
            Route("/control/options", control.options, methods=["POST"]),
            Route("/control/card", control.card, methods=["POST"]),
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


class _Rest:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

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


class _Raw(OnLine):
    """Uses the server's own `receive`: Starlette wraps the one that it hands on."""

    def __init__(self, request: Request, reply: HostReply) -> None:
        super().__init__(reply)
        self._receive = request.scope.get("kiosk_tui.receive") or request.receive

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await super().__call__(scope, self._receive, send)


class _Control:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def state(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "terminal": self._simulator.terminal.screen,
                "options": dataclasses.asdict(self._simulator.options),
                "requests": len(self._simulator.ledger.requests),
            }
        )

    async def ledger(self, _request: Request) -> Response:
        ledger = self._simulator.ledger
        return JSONResponse(
            {
                "entries": [
                    dataclasses.asdict(one) | {"net_minor": ledger.net_minor(one.transaction_id)}
                    for one in ledger.entries.values()
                ],
                "requests": [dataclasses.asdict(one) for one in ledger.requests],
            }
        )

    async def next(self, request: Request) -> Response:
        """Queue what the next payment meets, such as `{"fault": "cut"}` or `{"decline": "51"}`."""
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
        """Act as the customer: `{"do": "present"}` or `{"do": "cancel"}`."""
        try:
            asked = (await _object(request)).get("do")
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        terminal = self._simulator.terminal
        acts = {"present": terminal.present_card, "cancel": terminal.press_cancel}
        if asked not in acts:
            return JSONResponse({"error": "do is 'present' or 'cancel'"}, 400)
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
            f"<p>Terminal: {self._simulator.terminal.screen}</p>"
            f"<h2>Ledger</h2><table>{entries}</table>"
            f"<h2>Amounts</h2><table>{rows}</table>"
            f'<p>POST /control/next {{"fault": …}}: {faults}</p>'
        )


async def _object(request: Request) -> dict[str, Any]:
    found = json.loads(await request.body() or b"{}")
    if not isinstance(found, dict):
        raise TypeError("the body is not a JSON object")
    return found
