"""The doors for machines, put together from the routes of what stands behind them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from kiosk_tui.fleet.wire import Refused
from kiosk_tui.office.database import Pool
from kiosk_tui.office.enrolment import routes as enrolment
from kiosk_tui.office.ingest import app as ingest
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.tecs import push

log = logging.getLogger(__name__)

_AGAIN: Final[tuple[type[Exception], ...]] = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.InterfaceError,
    OSError,
)
"""A database that is away, ends or begins, or has undone one of two that met. Others are faults of ours."""


def ingest_app(settings: OfficeSettings, pool: Pool) -> Starlette:
    """Return what kiosks talk to."""
    return _door(settings, pool, [*enrolment.routes(), *ingest.routes()])


def push_app(settings: OfficeSettings, pool: Pool) -> Starlette:
    """Return what TECS pushes to."""
    return _door(settings, pool, push.routes())


def _door(settings: OfficeSettings, pool: Pool, routes: Sequence[BaseRoute]) -> Starlette:
    app = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _refused,
            **dict.fromkeys(_AGAIN, _unavailable),
            Exception: _failed,
        },
    )
    app.state.pool = pool
    app.state.settings = settings
    app.state.ending = asyncio.Event()
    """Set when this process ends: whoever holds a request open answers it then."""
    return app


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - for the types: registered for it alone
    return told(error.status_code, error.detail)


async def _unavailable(_: Request, error: Exception) -> Response:
    """Say to come again: `TimeoutError` is an `OSError`."""
    log.warning("the database did not answer: %s: %s", type(error).__name__, error)
    return told(503, "Head office's database does not answer now: try again.")


async def _failed(_: Request, __: Exception) -> Response:
    """Answer; the server that runs this app logs what it was."""
    return told(500, "A fault of head office; its log has it.")


def told(status: int, why: str) -> Response:
    """Return an answer that is no success, with its sentence."""
    return Response(Refused(why=why[:300]).model_dump_json(), status, media_type="application/json")
