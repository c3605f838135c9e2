"""A head office of its own: a PostgreSQL that waits for its disk, and two ingest processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk_tui.office import database
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.local_database import LocalDatabase
from proofs.fleet.kiosks import Kiosk

DOORS: Final = 2
OPEN: Final = 0o711
"""How a folder lets another user through, which PostgreSQL is where we are root."""
HONEST: Final = ("-m", "kiosk_tui", "office", "serve", "--part", "ingest")
_UP_S: Final = 60.0
_TABLES: Final = "event, event_conflict, kiosk_transaction, alarm, boot, health, certificate, epoch, command, kiosk"


@dataclass
class World:
    """`program` is how Python is called for an ingest process."""

    folder: Path
    program: Sequence[str] = HONEST
    postgres: LocalDatabase = field(init=False)
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.postgres = LocalDatabase(self.folder / "pg")

    @property
    def doors(self) -> list[Path]:
        """The sockets of the ingest processes."""
        return [self.folder / f"{number}.sock" for number in range(DOORS)]

    async def prepare(self) -> None:
        """Start PostgreSQL with empty tables."""
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(OPEN)
        await asyncio.to_thread(self.postgres.start)
        config = self.folder / "office.toml"
        config.write_text(f'[database]\nurl = "{self.postgres.url}"\n')
        async with self.connected() as connection:
            await database.migrate(connection)
            await connection.execute(f"TRUNCATE {_TABLES} CASCADE")

    async def enroll(self, kiosks: Sequence[Kiosk]) -> None:
        """Put the kiosks and their certificates into the tables."""
        async with self.connected() as connection:
            await connection.execute(
                "INSERT INTO kiosk (kiosk_id) SELECT unnest($1::text[])",
                [one.kiosk_id for one in kiosks],
            )
            await connection.execute(
                "INSERT INTO certificate (serial, kiosk_id, not_after)"
                " SELECT *, now() + interval '1 day' FROM unnest($1::text[], $2::text[])",
                [one.serial for one in kiosks],
                [one.kiosk_id for one in kiosks],
            )

    async def open(self, door: int) -> None:
        """Start an ingest process and wait until it listens."""
        await asyncio.to_thread(self._open, door)

    def _open(self, door: int) -> None:
        """Start it as systemd does: again and again, while PostgreSQL is away."""
        log = self.folder / f"{door}.log"
        config = str(self.folder / "office.toml")
        path = str(self.doors[door])
        command = [sys.executable, *self.program, "--office-config", config, "--socket", path]
        until = time.monotonic() + _UP_S
        while time.monotonic() < until:
            with log.open("ab") as said:
                self.processes[door] = process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=said, stderr=said
                )
            while process.poll() is None:
                if _listens(path):
                    return
                time.sleep(0.05)
        raise OfficeError(log.read_text()[-2000:])

    async def kill_door(self, door: int) -> None:
        """Kill an ingest process in the middle of whatever it does, and start it again."""
        self.processes[door].kill()
        self.processes[door].wait()
        await self.open(door)

    async def kill_postgres(self) -> None:
        """Kill PostgreSQL so that nothing of it can do anything more, and start it again."""
        await asyncio.to_thread(self._kill_postgres)

    def _kill_postgres(self) -> None:
        everybody = self.postgres_processes()
        for one in everybody:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        while any(map(_lives, everybody)):
            time.sleep(0.01)
        # in a container without an init nobody buries the dead, and their ids seem to live
        for name in ("data/postmaster.pid", ".s.PGSQL.5432.lock"):
            (self.postgres.folder / name).unlink(missing_ok=True)
        self.postgres.start()

    def postgres_processes(self) -> list[int]:
        """Return the ids of PostgreSQL's processes."""
        pid = self.postgres.pid
        return [pid, *_children(pid)]

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[database.Single]:
        """Yield a connection to the tables."""
        connection = await database.connect(self.postgres.url)
        try:
            yield connection
        finally:
            await connection.close()

    def close(self) -> None:
        """End everything."""
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.postgres.stop("immediate")


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except OSError:
            return False
    return True
