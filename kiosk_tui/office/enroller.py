"""The enroller: the one process that can read the authority's key. It answers certificate requests.

It listens nowhere. What asks for a certificate stands in the database, and so does the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Final

import asyncpg

from kiosk_tui.office import database, serving
from kiosk_tui.office.authority import authority as authorities
from kiosk_tui.office.authority.answers import answer_next
from kiosk_tui.office.authority.authority import Authority
from kiosk_tui.office.enrolment.routes import CHANNEL
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.settings import OfficeSettings

log = logging.getLogger(__name__)

_LOOK_S: Final = 1.0
"""A request is announced; one whose announcement was lost waits so long."""
_TIDY_S: Final = 3600.0
_TIDY: Final = (
    "DELETE FROM certificate_request WHERE answered_at < now() - interval '30 days'",
    "DELETE FROM enrolment_attempt WHERE minute < now() - interval '1 hour'",
)
_LOCK: Final = 0x656E_726F_6C6C  # "enroll": two that start at once make one authority


async def run(settings: OfficeSettings, ready: Callable[[], None] = serving.ready) -> None:
    """Answer requests until it is cancelled; `ready` is called once that has begun.

    Raises `OfficeError` where it cannot, or the database goes.
    """
    connection = await database.connect(settings.database.url)
    try:
        authority = await _authority(connection, settings)
        asked = asyncio.Event()
        await connection.add_listener(CHANNEL, lambda *_: asked.set())
        ready()
        tidied = -_TIDY_S
        while True:
            asked.clear()
            while await answer_next(connection, authority, settings.keys.certificate_days):
                pass
            if asyncio.get_running_loop().time() - tidied >= _TIDY_S:
                tidied = asyncio.get_running_loop().time()
                for statement in _TIDY:
                    await connection.execute(statement)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await asked.wait()
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
        raise OfficeError(f"The database has gone ({error}); systemd starts it again.") from error
    finally:
        connection.terminate()


async def _authority(connection: database.Connection, settings: OfficeSettings) -> Authority:
    """Return the authority, made at the first start, and published. Raises `OfficeError`.

    A key that was lost is not made anew: nginx would believe no kiosk any more.
    """
    folder = settings.keys.enroller
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        published = await connection.fetchval(
            "SELECT certificate FROM authority ORDER BY since DESC LIMIT 1"
        )
        if published is not None and not authorities.exists(folder):
            raise OfficeError(
                f"There is no {authorities.KEY} in {folder}, but kiosks have certificates of it:"
                " take it from your backup. If it is lost, empty the table `authority`, and enrol"
                " every kiosk again."
            )
        if published is None and not authorities.exists(folder):
            await asyncio.to_thread(authorities.make, folder)
            log.info("a new authority was made in %s: keep a copy of it in a safe place", folder)
        found = await asyncio.to_thread(authorities.load, folder)
        if published is None:
            await connection.execute("INSERT INTO authority (certificate) VALUES ($1)", found.pem)
        elif published != found.pem:
            raise OfficeError(
                f"The authority in {folder} is not the one whose certificates kiosks have: take"
                " that one from your backup."
            )
    return found
