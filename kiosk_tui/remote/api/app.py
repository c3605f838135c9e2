"""The application: who may ask, what is read of a request, and a problem for whatever is wrong with it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from email.utils import formatdate
from typing import Any, Final

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk_tui.domain.identity import NO_REFERENCE
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.records import dataclass
from kiosk_tui.remote.api.calls import JSON, ApiCall, Body
from kiosk_tui.remote.api.desk import PaymentDesk
from kiosk_tui.remote.api.headers import idempotency_key, is_own_origin, is_this_host
from kiosk_tui.remote.api.models import ApiRequest, EmptyRequest
from kiosk_tui.remote.api.openapi import document
from kiosk_tui.remote.api.page import STYLE, page
from kiosk_tui.remote.api.problems import Problem, ProblemError
from kiosk_tui.remote.api.routes import ROUTES, ApiRoute
from kiosk_tui.remote.api.tokens import ApiCaller, ApiToken, caller_of
from kiosk_tui.remote.sockets.objects import NotAnObjectError, TwiceError, read_object

log = logging.getLogger(__name__)

LONGEST_BODY: Final = 16 * 1024
BODY_S: Final = 5.0
"""So long a body may take to come."""
KNOWN: Final = "kiosk_tui.known"
"""The scope's call that tells the connection that its request was let in."""
_CLOSE: Final = {"Connection": "close"}
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class ApiDoor:
    """One way in. At a port (`tokens_needed`) each request says a token, and its Host is looked at."""

    tokens: Sequence[ApiToken] = ()
    tokens_needed: bool = False
    hosts: Sequence[str] = ()


def create_app(desk: PaymentDesk, door: ApiDoor) -> ASGIApp:
    """Return the application for one way in."""
    methods: dict[str, dict[str, ApiRoute]] = defaultdict(dict)
    for one in ROUTES:
        methods[one.path][one.method] = one
    app = Starlette(
        routes=[
            *(
                Route(path, _endpoint(desk, door, known), methods=list(known))
                for path, known in methods.items()
            ),
            # no token: they say nothing of this register, and a browser has none to say
            Route("/openapi.json", _fixed(JSON, lambda: json.dumps(document()).encode())),
            Route("/docs", _fixed("text/html", page)),
            Route("/docs/page.css", _fixed("text/css", STYLE.read_bytes)),
        ],
        exception_handlers={
            HTTPException: _http_error,
            ProblemError: _problem,
            JournalUnavailableError: _journal,
            Exception: _fault,
        },
    )
    app.router.redirect_slashes = False
    return _Guard(app, door)


def _endpoint(
    desk: PaymentDesk, door: ApiDoor, known: Mapping[str, ApiRoute]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        route = known.get(request.method, known.get("GET"))
        assert route is not None  # noqa: S101 - Starlette has looked: HEAD goes with GET
        caller = _caller(request, door)
        call = ApiCall(request, desk, caller, NO_REFERENCE, EmptyRequest())
        if route.permission is not None:
            call.need(route.permission)
        key = idempotency_key(request.headers) if route.keyed else NO_REFERENCE
        body = await _body(request, route.body) if route.method == "POST" else EmptyRequest()
        if route.method == "POST":
            log.info("%s asks for %s %s", caller.name, route.method, request.url.path)
        return await route.run(ApiCall(request, desk, caller, key, body))

    return endpoint


def _caller(request: Request, door: ApiDoor) -> ApiCaller:
    caller = caller_of(request.headers.get("authorization"), door.tokens, needed=door.tokens_needed)
    if caller is None:
        challenge = {"WWW-Authenticate": "Bearer"}
        raise ProblemError(Problem.TOKEN, "The token is missing or wrong.", challenge)
    if tell := request.scope.get(KNOWN):
        tell()
    return caller


async def _body(request: Request, model: type[ApiRequest]) -> ApiRequest:
    """Read what was sent. Raises `ProblemError`."""
    _check_type(request.headers.get("content-type"))
    sent = await _bytes(request)
    if not sent and issubclass(model, EmptyRequest):
        return model()
    if "content-type" not in request.headers:
        raise ProblemError(Problem.NO_JSON_TYPE, f"Content-Type is missing: it is {JSON}.")
    return body_of(sent, model)


def body_of(sent: bytes, model: type[Body]) -> Body:
    """Read a body's bytes. Raises `ProblemError`."""
    try:
        return model.model_validate(read_object(sent))
    except NotAnObjectError:
        raise ProblemError(Problem.NOT_JSON, "The body is not one JSON object in UTF-8.") from None
    except TwiceError as error:
        raise ProblemError(Problem.NOT_JSON, str(error)) from None
    except ValidationError as error:
        raise ProblemError(Problem.INVALID, _sentence(error)) from None


def _check_type(header: str | None) -> None:
    kind, _, parameters = (JSON if header is None else header).lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if kind.strip() != JSON or charset not in ("", "charset=utf-8"):
        raise ProblemError(
            Problem.NO_JSON_TYPE, f"Content-Type has to be {JSON}, in UTF-8.", _CLOSE
        )


async def _bytes(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LONGEST_BODY:
                    raise ProblemError(
                        Problem.TOO_LARGE, f"A body is longer than {LONGEST_BODY} bytes.", _CLOSE
                    )
    except TimeoutError:
        raise ProblemError(
            Problem.TOO_SLOW, f"The body did not come within {BODY_S:g} seconds.", _CLOSE
        ) from None
    except ClientDisconnect:
        raise ProblemError(Problem.MALFORMED, "The connection ended inside a body.") from None
    return bytes(body)


def _sentence(error: ValidationError) -> str:
    """Name the field; what stood in it is not repeated."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ascii(".".join(map(str, first["loc"])) or "the body")[1:-1][:64]
    if first["type"] == "extra_forbidden":
        return f"{where} is no field of this request: leave it out."
    return f"{where}: {first['msg'].removeprefix('Value error, ')}."


def _fixed(kind: str, content: Callable[[], bytes]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_: Request) -> Response:
        return Response(content(), media_type=kind)

    return endpoint


# -- what is wrong -------------------------------------------------------------------------------

_BY_STATUS: Final = {404: Problem.NOT_FOUND, 405: Problem.METHOD}


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - for the types: registered for it alone
    problem = _BY_STATUS.get(error.status_code, Problem.MALFORMED)
    return problem.response(f"{problem.title}.", error.headers)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101
    return error.response


async def _journal(_: Request, error: Exception) -> Response:
    told = f"{error} Nothing can be said of this: ask again."
    return Problem.JOURNAL.response(told, {"Retry-After": "5"})


async def _fault(_: Request, __: Exception) -> Response:
    """Answer; the server that runs this app logs what it was."""
    return Problem.FAULT.response("The request failed inside the register: ask how it stands.")


class _Guard:
    """Refuses what a browser was made to send by another site; says to browsers what they may do."""

    def __init__(self, app: ASGIApp, door: ApiDoor) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers["date"] = formatdate(usegmt=True)
            await send(message)

        refused = self._refused(Headers(scope=scope), scope)
        app: Any = self._app if refused is None else refused
        await app(scope, receive, with_headers)

    def _refused(self, headers: Headers, scope: Scope) -> Response | None:
        host = headers.get("host", "")
        if self._door.tokens_needed and not is_this_host(host, self._door.hosts):
            return Problem.HOST.response("The Host is no address and no name of this register.")
        origin = headers.get("origin")
        if origin is not None and not is_own_origin(origin, scope["scheme"], host):
            return Problem.ORIGIN.response("A page of another site may not ask.")
        return None
