"""`kiosk-tui office demo`: head office on a PostgreSQL of its own, with kiosks that sell on simulators.

Everything is real but the money: parts of head office are processes of their own, each kiosk enrols
with a one-time code, and ships over TLS with its own certificate.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kiosk_tui.cli import output, ship
from kiosk_tui.cli.office.opened import told
from kiosk_tui.config.load import environment
from kiosk_tui.config.paths import state_folder
from kiosk_tui.fleet import code, enrolment
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.lab.demo_fleet.kiosk import DemoKiosk, Fate, Stand
from kiosk_tui.office import database, serving
from kiosk_tui.office.demo.door import HOST, kiosks_door, make_certificate
from kiosk_tui.office.doors import ingest_app, push_app
from kiosk_tui.office.enrolment import codes
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.local_database import LocalDatabase
from kiosk_tui.office.people import accounts
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.settings import OfficeSettings, load
from kiosk_tui.office.web.login_pages import DEMO_NAME, DEMO_PASSWORD

RUSH: Final = 8
"""Payments that each kiosk takes at once, so that there is something to see."""
SILENT_AFTER_S: Final = 20.0
PARTS: Final = ("enroller", "signer", "web")
SECOND: Final = "second"
"""Another account: a command needs two people."""
SITES: Final = (
    "Opera garage", "North laundry", "City museum", "Station lockers", "Lake parking", "Castle tours",
    "East laundry", "Market garage", "Bus terminal", "Zoo, west gate", "Ferry pier", "Hill cable car",
    "Fair parking", "South laundry", "Swimming pool", "Art hall", "Airport P4", "Old town garage",
    "Camping", "Ice rink",
)  # fmt: skip
FATES: Final = {3: Fate.SILENT, 6: Fate.CANCELLATION_DUE, 11: Fate.UNREACHABLE}

_CONFIGURATION: Final = """\
[database]
url = "{database}"
[web]
address = "{address}"
url = "http://{address}"
demo = true
[ingest]
url = "https://{host}:{kiosks}"
authority = "{certificate}"
[keys]
signer = "{folder}/signer"
enroller = "{folder}/enroller"
[watch]
silent_s = 60
due_s = 60
settle_minutes = 1
"""
"""A demo is judged within minutes, and not within hours."""


@told
def run(arguments: argparse.Namespace) -> int:
    """Run until it is interrupted; return the exit code."""
    folder = arguments.folder or _usual_folder()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_Showing(folder.absolute(), arguments.address, arguments.kiosks).run())
    return 0


def _usual_folder() -> Path:
    """Return where a demo lies; root's own state folder lets nobody pass to PostgreSQL's."""
    if os.geteuid() == 0:
        return Path("/var/lib/kiosk-tui-office-demo")
    return state_folder(environment()) / "office-demo"


class _Showing:
    """One demo in a folder, which is gone on with the next time."""

    def __init__(self, folder: Path, address: str, kiosks: int) -> None:
        self._folder = folder
        self._address = address
        _, self._port = serving.address_of(address)
        self._kiosks = kiosks

    async def run(self) -> None:
        """Begin everything, say where it is, and go on until somebody ends it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o711)  # as root, PostgreSQL is another user, and passes through
        server = LocalDatabase(self._folder / "postgresql")
        output.say(f"PostgreSQL begins in {server.folder} ...")
        server.start()
        try:
            settings = self._settings(server)
            await _migrate(settings)
            with self._parts():
                pool = await database.open_pool(settings.database.url)
                try:
                    await self._office(settings, pool)
                finally:
                    pool.terminate()
        finally:
            server.stop()

    def _settings(self, server: LocalDatabase) -> OfficeSettings:
        certificate = self._folder / "door.pem"
        if not certificate.exists():
            make_certificate(certificate)
        file = self._file
        file.write_text(
            _CONFIGURATION.format(
                database=server.url,
                address=self._address,
                host=HOST,
                kiosks=self._port + 1,
                certificate=certificate,
                folder=self._folder,
            )
        )
        return load(file)

    @property
    def _file(self) -> Path:
        return self._folder / "office.toml"

    @contextlib.contextmanager
    def _parts(self) -> Iterator[None]:
        """Let the parts run that are processes of their own."""
        started = [
            subprocess.Popen(  # noqa: S603 - this program
                [sys.executable, "-m", "kiosk_tui", "office", "serve", "--part", part,
                 "--office-config", str(self._file)],
                start_new_session=True,  # Ctrl-C is for the demo, which ends them
            )
            for part in PARTS
        ]  # fmt: skip
        try:
            yield
        finally:
            for one in started:
                one.terminate()
            for one in started:
                one.wait()

    async def _office(self, settings: OfficeSettings, pool: database.Pool) -> None:
        async with contextlib.AsyncExitStack() as doors:
            app = ingest_app(settings, pool)
            authority = await _authority(pool)
            certificate = settings.ingest.authority or self._file
            await doors.enter_async_context(
                kiosks_door(app, self._port + 1, certificate, authority)
            )
            await doors.enter_async_context(
                serving.served(push_app(settings, pool), (HOST, self._port + 2))
            )
            await _accounts(pool)
            async with asyncio.TaskGroup() as tasks:
                for number in range(self._kiosks):
                    stand = self._stand(number)
                    await _enrolled(stand, settings, pool)
                    tasks.create_task(_kiosk(stand, number))
                output.say(
                    f"Head office: http://{self._address}  (name {DEMO_NAME}, password {DEMO_PASSWORD};"
                    f" {SECOND} is the second person that a command needs)"
                )
                await serving.stopped()
                raise asyncio.CancelledError

    def _stand(self, number: int) -> Stand:
        site = SITES[number % len(SITES)]
        return Stand(
            name=f"kiosk-{number + 1}",
            site=site,
            terminal=f"{88091105 + number}",
            folder=self._folder / "kiosks" / f"kiosk-{number + 1}",
            fate=FATES.get(number, Fate.SELLS),
        )


async def _migrate(settings: OfficeSettings) -> None:
    connection = await database.connect(settings.database.url)
    try:
        await database.migrate(connection)
    finally:
        await connection.close()


async def _authority(pool: database.Pool) -> str:
    """Wait for the enroller's first words: it makes the authority, and alone has its key."""
    for _ in range(200):
        found = await pool.fetchval("SELECT certificate FROM authority ORDER BY since DESC LIMIT 1")
        if found:
            return str(found)
        await asyncio.sleep(0.1)
    raise OfficeError("The enroller has not begun within 20 s: what it says stands above.")


async def _accounts(pool: database.Pool) -> None:
    async with pool.acquire() as connection:
        for name in (DEMO_NAME, SECOND):
            with contextlib.suppress(OfficeError):  # it is there from the last time
                await accounts.add(connection, name, Role.COMMAND, DEMO_PASSWORD, "demo")


async def _enrolled(stand: Stand, settings: OfficeSettings, pool: database.Pool) -> None:
    """Enrol a kiosk as its technician would: with a one-time code."""
    folder = FleetFolder.beside(stand.journal)
    if folder.enrolled:
        return
    stand.folder.mkdir(parents=True, exist_ok=True)
    async with pool.acquire() as connection:
        made = await codes.invite(
            connection, settings, stand.name, by=DEMO_NAME, site=stand.site, hours=1
        )
    await enrolment.enroll(folder, code.read(made.line))


async def _kiosk(stand: Stand, number: int) -> None:
    """Sell and ship for ever; a kiosk that falls silent sells on."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(DemoKiosk(stand, number).run(RUSH))
        shipping = tasks.create_task(_ship(stand))
        if stand.fate is Fate.SILENT:
            await asyncio.sleep(SILENT_AFTER_S)
            shipping.cancel()


async def _ship(stand: Stand) -> None:
    while not stand.journal.exists():  # noqa: ASYNC110 - briefly: its register makes it
        await asyncio.sleep(0.1)
    async with ship.opened(stand.journal) as shipper:
        await shipper.run()
