"""The web process's application: pages, files, and how it says that it runs."""

from __future__ import annotations

from typing import Final

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from kiosk_tui.office.database import Pool
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.web import guard, login_pages, metrics, pages
from kiosk_tui.office.web.comparison import Comparison
from kiosk_tui.office.web.headers import SecureHeaders
from kiosk_tui.office.web.page import MENUS
from kiosk_tui.office.web.templates import show_bare

_TITLES: Final = {
    400: "Not understood",
    403: "Not allowed",
    404: "Not found",
    405: "Not like this",
    413: "Too long",
}
_UNKNOWN: Final = "There is no such page: choose one from the menu."


def web_app(settings: OfficeSettings, pool: Pool) -> Starlette:
    """Return the pages, on a pool of connections; both are in its `state`."""
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(SecureHeaders, https=not settings.web.address)],
        exception_handlers={HTTPException: _refused, asyncpg.PostgresConnectionError: _away,
                            asyncpg.InterfaceError: _away, OSError: _away, OfficeError: _told},
    )  # fmt: skip
    app.state.settings = settings
    app.state.pool = pool
    app.state.comparison = Comparison(settings, pool)
    app.state.menu = {
        name: tuple(one for one in pages.pages() if one.menu == name) for name in MENUS
    }
    return app


def _routes() -> list[BaseRoute]:
    by_path = {one.path: one for one in pages.pages()}
    return [
        *login_pages.routes(),
        Route("/healthz", _healthy, methods=["GET"]),
        Route("/metrics", metrics.scraped, methods=["GET"]),
        Mount("/static", StaticFiles(packages=[("kiosk_tui.office.web", "static")])),
        *(guard.page_route(one) for one in by_path.values()),
        *(guard.form_route(one, by_path[one.back]) for one in pages.forms()),
    ]


async def _healthy(http: Request) -> Response:
    """Answer whether this process and its database work; nothing else is told."""
    try:
        await http.app.state.pool.fetchval("SELECT 1")
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return PlainTextResponse("the database cannot be reached\n", 503)
    return PlainTextResponse("ok\n")


def _refused(http: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette's signature
    code = error.status_code
    sentence = error.detail if code in (400, 403, 413, 503) else _UNKNOWN
    return show_bare(
        http, "refused.html", code, title=_TITLES.get(code, "Not possible"), sentence=sentence
    )


def _told(http: Request, error: Exception) -> Response:
    """Show what head office itself says of it: a kiosk that is newer than head office, say."""
    return show_bare(http, "refused.html", 503, title="Not possible", sentence=str(error))


def _away(http: Request, _error: Exception) -> Response:
    return show_bare(
        http, "refused.html", 503, title="Away for a moment",
        sentence="The database cannot be reached: try it again in a minute.",
    )  # fmt: skip
