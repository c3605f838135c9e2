"""Looks at every order that is under way, and signs what is due: `office serve --part signer`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Final

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk_tui.fleet.orders.signing import key_id
from kiosk_tui.office import database, serving
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.orders.asking import CHANNEL
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.signer import keys
from kiosk_tui.office.signer.turn import take_turn

log = logging.getLogger(__name__)

_LOOK_S: Final = 1.0
"""A change is announced; one whose announcement was lost, and what kiosks tell, waits so long."""
_LOCK: Final = 0x7369_676E  # "sign": one signer at a time counts the commands


async def run(settings: OfficeSettings) -> None:
    """Sign until it is cancelled. Raises `OfficeError` where it cannot, or the database goes."""
    connection = await database.connect(settings.database.url)
    try:
        # two that counted at once would give two commands one number
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        key = await published(connection, settings)
        changed = asyncio.Event()
        await connection.add_listener(CHANNEL, lambda *_: changed.set())
        serving.ready()
        while True:
            changed.clear()
            await take_turn(connection, key)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await changed.wait()
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
        raise OfficeError(f"The database has gone ({error}); systemd starts it again.") from error
    finally:
        connection.terminate()


async def published(connection: database.Single, settings: OfficeSettings) -> Ed25519PrivateKey:
    """Return the key, made at the first start, and published for kiosks. Raises `OfficeError`.

    One that was lost is not made anew by itself: no kiosk that is enrolled would believe it.
    """
    folder = settings.keys.signer
    known = {
        row["key_id"]
        for row in await connection.fetch("SELECT key_id FROM signing_key WHERE until IS NULL")
    }
    if not keys.exists(folder):
        if known:
            raise OfficeError(
                f"There is no {keys.KEY} in {folder}, but kiosks know it: take it from your backup. If"
                " it is lost, set `until` in the table `signing_key`, and enrol each kiosk again: it"
                " believes only the keys that it was given then."
            )
        await asyncio.to_thread(keys.make, folder)
        log.info("a new signing key was made in %s: keep a copy of it in a safe place", folder)
    key = await asyncio.to_thread(keys.load, folder)
    public = key.public_key().public_bytes_raw()
    if key_id(public) not in known:
        await connection.execute(
            "INSERT INTO signing_key (key_id, public) VALUES ($1, $2)", key_id(public), public
        )
    return key
