"""A head office beside the device: a PostgreSQL, the parts that enrol machines, and a door with TLS."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk_tui.office import database
from kiosk_tui.office.demo.door import HOST, kiosks_door, make_certificate
from kiosk_tui.office.doors import ingest_app
from kiosk_tui.office.enrolment import codes
from kiosk_tui.office.local_database import LocalDatabase
from kiosk_tui.office.settings import OfficeSettings, load
from proofs.vm.machine import GUEST_SEES_US_AT

KIOSK: Final = "device-1"
_OPEN: Final = 0o711
_LONGEST_S: Final = 120.0
_CONFIGURATION: Final = """\
[database]
url = "{database}"
[ingest]
url = "https://{host}:{port}"
authority = "{certificate}"
[keys]
signer = "{folder}/signer"
enroller = "{folder}/enroller"
"""


@dataclass(frozen=True)
class Office:
    """What is asked of head office here."""

    settings: OfficeSettings
    pool: database.Pool

    async def code(self) -> str:
        """Return a one-time code for a device, as one line."""
        async with self.pool.acquire() as connection:
            made = await codes.invite(connection, self.settings, KIOSK, by="a proof")
        return made.line

    async def events(self) -> int:
        """Return how many events the device has shipped."""
        return int(await self.pool.fetchval("SELECT count(*) FROM event"))


@contextlib.asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Office]:
    """Run it until the block ends."""
    await asyncio.to_thread(_passable, folder)
    server = LocalDatabase(folder / "pg", durable=False)
    await asyncio.to_thread(server.start)
    try:
        file = folder / "office.toml"
        settings, port = _settings(server, folder, file)
        connection = await database.connect(settings.database.url)
        await database.migrate(connection)
        await connection.close()
        with _parts(file, folder):
            pool = await database.open_pool(settings.database.url)
            try:
                app = ingest_app(settings, pool)
                authority = await _authority(pool)
                async with kiosks_door(app, port, folder / "door.pem", authority):
                    yield Office(settings, pool)
            finally:
                pool.terminate()
    finally:
        await asyncio.to_thread(server.stop, "immediate")


def _passable(folder: Path) -> None:
    """Make the folder, and let PostgreSQL's user pass, which is another one where we are root."""
    folder.mkdir()
    for one in (folder, folder.parent):
        one.chmod(_OPEN)


def _settings(server: LocalDatabase, folder: Path, file: Path) -> tuple[OfficeSettings, int]:
    with socket.create_server((HOST, 0)) as found:
        port = int(found.getsockname()[1])
    certificate = folder / "door.pem"
    make_certificate(certificate, GUEST_SEES_US_AT)
    file.write_text(
        _CONFIGURATION.format(
            database=server.url,
            host=GUEST_SEES_US_AT,
            port=port,
            certificate=certificate,
            folder=folder,
        )
    )
    return load(file), port


@contextlib.contextmanager
def _parts(file: Path, folder: Path) -> Iterator[None]:
    """Let the parts run that are processes of their own."""
    command = [sys.executable, "-m", "kiosk_tui", "office", "serve", "--office-config", str(file)]
    with (folder / "parts.log").open("wb") as said:
        started = [
            subprocess.Popen([*command, "--part", part], stdout=said, stderr=said, env=os.environ)
            for part in ("enroller", "signer")
        ]
        try:
            yield
        finally:
            for one in started:
                one.terminate()
            for one in started:
                one.wait()


async def _authority(pool: database.Pool) -> str:
    """Wait for the enroller's authority and the signer's key, without which no machine is enrolled."""
    until = time.monotonic() + _LONGEST_S
    while time.monotonic() < until:
        found = await pool.fetchval("SELECT certificate FROM authority ORDER BY since DESC LIMIT 1")
        if found and await pool.fetchval("SELECT count(*) FROM signing_key"):
            return str(found)
        await asyncio.sleep(0.2)
    raise RuntimeError("The enroller or the signer of head office has not begun.")
