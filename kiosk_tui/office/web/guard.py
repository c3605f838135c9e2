"""Who may see a page and send a form: each one's way to its function goes through here.

Owns: the order of checks. A page: a log-in that holds, the role. A form: an origin of ours, a log-in that
holds, its token in the form, the role, the password where it is asked for again; then what it does and its
line in the log of actions are one transaction.
"""

from __future__ import annotations

import dataclasses
import hmac
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk_tui.office.database import Connection, Pool
from kiosk_tui.office.enrolment.routes import ADDRESS
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.people import actions, login_sessions
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.people.login import LoginRefusedError, checked
from kiosk_tui.office.people.login_sessions import LoginSession
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.web.page import Page, PageForm, PageRequest
from kiosk_tui.office.web.templates import is_fragment

LONGEST_FORM: Final = 64 * 1024
TOKEN: Final = "form_token"  # noqa: S105 - a field's name
_SECRET: Final = ("password", "token")
_LONGEST_DETAIL: Final = 500


def page_route(page: Page) -> Route:
    """Return the route of a page."""

    async def endpoint(http: Request) -> Response:
        _refuse_nul(str(http.url.query) + repr(http.path_params))
        pool, settings = _state(http)
        async with pool.acquire() as connection:
            login = await _login(http, connection, settings)
            if login is None:
                return _to_login(http)
            _need(login, page.role)
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return await page.run(PageRequest(http, settings, connection, login, page))

    return Route(page.path, endpoint, methods=["GET"])


def form_route(form: PageForm, back: Page) -> Route:
    """Return the route of a form; `back` is the page that is shown after it."""

    async def endpoint(http: Request) -> Response:
        _refuse_nul(repr(http.path_params))
        pool, settings = _state(http)
        refuse_foreign(http, settings)
        given = await read_form(http)
        async with pool.acquire() as connection:
            login = await _login(http, connection, settings)
            if login is None:
                return _to_login(http)
            if not hmac.compare_digest(given.get(TOKEN, "").encode(), login.form_token.encode()):
                raise HTTPException(
                    403,
                    "This form is not one of your log-in: open its page again, and send it there.",
                )
            _need(login, form.role)
            asked = PageRequest(http, settings, connection, login, back, given)
            try:
                if form.password_again:
                    await checked(
                        connection, login.account.name, given.get("password", ""), address_of(http)
                    )
                async with connection.transaction():
                    said = await form.run(asked)
                    if form.action:
                        await actions.note(
                            connection, login.account.name, form.action,
                            " ".join(map(str, http.path_params.values())), _details(given),
                        )  # fmt: skip
                    if isinstance(said, Response):
                        return said
                    await login_sessions.say(connection, login, said)
            except OfficeError as error:
                return await _again(dataclasses.replace(asked, problem=_sentence(error)))
        return RedirectResponse(_filled(back.path, http.path_params), 303)

    return Route(form.path, endpoint, methods=["POST"])


async def read_form(http: Request) -> ImmutableMultiDict[str, str]:
    """Return a form's fields. Raises `HTTPException` when it is too long or no form."""
    body = b""
    async for piece in http.stream():
        body += piece
        if len(body) > LONGEST_FORM:
            raise HTTPException(413, "The form is too long.")
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=2000
        )
    except ValueError as error:
        raise HTTPException(400, "This is no form.") from error
    _refuse_nul("".join(name + value for name, value in pairs))
    return ImmutableMultiDict(pairs)


def refuse_foreign(http: Request, settings: OfficeSettings) -> None:
    """Raise `HTTPException` unless the form stands on a page of ours: browsers tell its origin.

    Behind nginx that is `web.url`. On an address of its own (a demo) it is the host that was asked for.
    """
    web = settings.web
    ours = f"http://{http.headers.get('host', '')}" if web.address else _origin(web.url)
    if http.headers.get("origin", "") != ours or http.headers.get(
        "sec-fetch-site", "same-origin"
    ) not in ("same-origin", "none"):
        raise HTTPException(
            403, "This form comes from another site: open the page here, and send it there."
        )


def address_of(http: Request) -> str:
    """Return where a browser is: nginx says so in a header that it never passes on."""
    _, settings = _state(http)
    if not settings.web.address:
        return http.headers.get(ADDRESS, "")[:64]
    return http.client.host if http.client else ""


def cookie_name(settings: OfficeSettings) -> str:
    """Return the cookie's name; `__Host-` binds it to HTTPS, to this host and to all of its paths."""
    return "kiosk-office" if settings.web.address else "__Host-kiosk-office"


async def login_of(http: Request, connection: Connection) -> LoginSession | None:
    """Return the log-in of a request where it holds."""
    _, settings = _state(http)
    return await _login(http, connection, settings)


async def _login(
    http: Request, connection: Connection, settings: OfficeSettings
) -> LoginSession | None:
    token = http.cookies.get(cookie_name(settings), "")
    if not token:
        return None
    idle = timedelta(minutes=settings.web.idle_minutes)
    # A page that asks again by itself must not keep its log-in for ever.
    by_itself = is_fragment(http) and http.headers.get("hx-trigger") == "live"
    return await login_sessions.resume(connection, token, idle, used=not by_itself)


def _to_login(http: Request) -> Response:
    if is_fragment(http):
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    if http.method != "GET":
        return RedirectResponse("/login", 303)
    asked_for = http.url.path + (f"?{http.url.query}" if http.url.query else "")
    return RedirectResponse(f"/login?next={quote(asked_for, safe='/')}", 303)


def _need(login: LoginSession, role: Role) -> None:
    if not login.account.role.allows(role):
        raise HTTPException(
            403, f"This needs the role {role}, and {login.account.name} has {login.account.role}."
        )


async def _again(asked: PageRequest) -> Response:
    """Show the form's page with what is wrong; its transaction was taken back."""
    async with asked.connection.transaction(isolation="repeatable_read", readonly=True):
        return await asked.page.run(asked)


def _sentence(error: OfficeError) -> str:
    return "Your password is wrong." if type(error) is LoginRefusedError else str(error)


def _details(given: ImmutableMultiDict[str, str]) -> dict[str, str]:
    """Return what a form said, for the log: no password, no token, nothing long."""
    return {
        name: ", ".join(given.getlist(name))[:_LONGEST_DETAIL]
        for name in given
        if not any(one in name for one in _SECRET)
    }


def _refuse_nul(text: str) -> None:
    """Raise `HTTPException` for a character that no text has and PostgreSQL does not take."""
    if any(one in text for one in ("\0", "%00", "\\x00")):
        raise HTTPException(400, "There is a character in the request that no text has.")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _state(http: Request) -> tuple[Pool, OfficeSettings]:
    return http.app.state.pool, http.app.state.settings


def _filled(path: str, given: Mapping[str, object]) -> str:
    """Return a page's address with these parameters."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda one: quote(str(given[one[1]]), safe=""), path)
