"""Logging in and out. The log-in's form has no log-in to take a token from: its origin is what counts."""

from __future__ import annotations

import hmac
import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk_tui.office.database import Pool
from kiosk_tui.office.people import actions, login_sessions
from kiosk_tui.office.people.login import LoginRefusedError, TooManyTriesError, checked
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.web import guard
from kiosk_tui.office.web.templates import show_bare

DEMO_NAME: Final = "demo"
DEMO_PASSWORD: Final = "no-money-moves"  # noqa: S105 - shown on the log-in page of a demo, and made there only
_OURS: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path of this site: never `//other` nor `/\\other`, which browsers take for another."""


async def ask(http: Request) -> Response:
    """Show the log-in page."""
    return _page(http, http.query_params.get("next", "/"))


async def log_in(http: Request) -> Response:
    """Begin a log-in, and show what was asked for."""
    pool, settings = _state(http)
    guard.refuse_foreign(http, settings)
    given = await guard.read_form(http)
    name, wanted = given.get("name", "").strip().lower()[:64], given.get("next", "/")
    address = guard.address_of(http)
    async with pool.acquire() as connection:
        try:
            account = await checked(connection, name, given.get("password", ""), address)
        except LoginRefusedError as error:
            status = 429 if isinstance(error, TooManyTriesError) else 401
            return _page(http, wanted, status=status, name=name, problem=str(error))
        async with connection.transaction():
            # what this browser had before ends: a token that somebody gave it is worth nothing
            before = await guard.login_of(http, connection)
            if before is not None:
                await login_sessions.end(connection, before)
            token = await login_sessions.begin(connection, account.name, address)
            await actions.note(connection, account.name, "logged in", address)
    answer = RedirectResponse(safe_next(wanted), 303)
    answer.set_cookie(
        guard.cookie_name(settings), token, path="/", httponly=True, samesite="strict",
        secure=not settings.web.address,
    )  # fmt: skip
    return answer


async def log_out(http: Request) -> Response:
    """End the log-in here, whatever becomes of the cookie."""
    pool, settings = _state(http)
    guard.refuse_foreign(http, settings)
    given = await guard.read_form(http)
    async with pool.acquire() as connection, connection.transaction():
        login = await guard.login_of(http, connection)
        if login is not None:
            if not hmac.compare_digest(
                given.get(guard.TOKEN, "").encode(), login.form_token.encode()
            ):
                raise HTTPException(403, "This form is not one of your log-in.")
            await login_sessions.end(connection, login)
            await actions.note(connection, login.account.name, "logged out")
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(
        guard.cookie_name(settings), path="/", httponly=True, samesite="strict",
        secure=not settings.web.address,
    )  # fmt: skip
    return answer


def safe_next(wanted: str) -> str:
    """Return the path that was asked for where it is one of ours, else the first page."""
    return wanted if _OURS.fullmatch(wanted) else "/"


def routes() -> list[Route]:
    """Return the routes that need no log-in."""
    return [
        Route("/login", ask, methods=["GET"]),
        Route("/login", log_in, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
    ]


def _page(
    http: Request, wanted: str, *, status: int = 200, name: str = "", problem: str = ""
) -> Response:
    _, settings = _state(http)
    demo = (DEMO_NAME, DEMO_PASSWORD) if settings.web.demo else None
    return show_bare(
        http, "login.html", status,
        title="Log in", next=safe_next(wanted), name=name, problem=problem, demo=demo,
    )  # fmt: skip


def _state(http: Request) -> tuple[Pool, OfficeSettings]:
    return http.app.state.pool, http.app.state.settings
