"""One real PostgreSQL for all test processes, and an empty database of head office for each test.

The server is started by the first test that asks, in a folder that all workers of a run share, and is
stopped by the last one that ends. A test that kills it has a server of its own (`LocalDatabase`).
"""

from __future__ import annotations

import asyncio
import fcntl
import itertools
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import asyncpg

from kiosk_tui.office import database
from kiosk_tui.office.local_database import LocalDatabase
from support.opened import opened

_TEMPLATE = "office_template"
_numbers = itertools.count()


def fresh() -> str:
    """Return the address of a new database with head office's tables."""
    server = _server()
    name = f"t{os.getpid()}_{next(_numbers)}"
    asyncio.run(_execute(server.url, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}"))
    opened(_Used(server, name))
    return server.url_of(name)


def leave() -> None:
    """Stop the server with the last process that used it. Called at the end of a run.

    Not by `atexit`: a worker of a parallel run ends without.
    """
    if _server.cache_info().currsize:
        _leave(_server())


@dataclass(frozen=True)
class _Used:
    """A test's database, dropped when the test ends."""

    server: LocalDatabase
    name: str

    def close(self) -> None:
        asyncio.run(_execute(self.server.url, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))


@cache
def _server() -> LocalDatabase:
    """Return the run's server, started and with the template made."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir(), f"pg-{run[:12]}")
    server = LocalDatabase(folder / "pg", durable=False)
    folder.mkdir(mode=0o755, exist_ok=True)
    with (folder / "users").open("a+") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        server.start()
        users.seek(0)
        if not users.read():
            asyncio.run(_make_template(server))
        users.write(f"{os.getpid()}\n")
    return server


async def _make_template(server: LocalDatabase) -> None:
    await _execute(server.url, f"CREATE DATABASE {_TEMPLATE}")
    connection = await database.connect(server.url_of(_TEMPLATE))
    try:
        await database.migrate(connection)
    finally:
        await connection.close()


def _leave(server: LocalDatabase) -> None:
    folder = server.folder.parent
    with (folder / "users").open("r+") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        left = [one for one in users.read().split() if int(one) != os.getpid() and _runs(int(one))]
        users.seek(0)
        users.truncate()
        users.write("".join(f"{one}\n" for one in left))
        if not left:
            server.stop("immediate")
            shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def _execute(url: str, text: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(text)
    finally:
        await connection.close()
