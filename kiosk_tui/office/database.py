"""The connection to PostgreSQL, and its tables as numbered files in `schema/`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final, TypeAlias

import asyncpg
import asyncpg.pool

from kiosk_tui.office.errors import OfficeError

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
)
Single: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
"""A connection that is nobody else's."""

_LOCK: Final = 0x6B69_6F73_6B  # "kiosk": two that migrate at once wait for each other
_CONNECT_S: Final = 10.0
_SERVER: Final = {"jit": "off", "work_mem": "32MB"}
"""Questions of a few seconds at most: compiling them takes longer than it saves, sorting on disk, too."""
_OWNS: Final = (
    "SELECT to_regclass('schema_version') IS NULL OR pg_has_role((SELECT relowner FROM pg_class"
    " WHERE oid = to_regclass('schema_version')), 'MEMBER')"
)
_SCHEMA: Final = files("kiosk_tui.office").joinpath("schema")


async def connect(url: str) -> Single:
    """Return one connection. Raises `OfficeError` with a sentence."""
    try:
        connection = await asyncpg.connect(url, timeout=_CONNECT_S, server_settings=_SERVER)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError) as error:
        raise _refused(error) from error
    try:
        await _prepare(connection)
    except BaseException:
        connection.terminate()
        raise
    return connection


async def open_pool(url: str, most: int = 10) -> Pool:
    """Return a pool of up to `most` connections. Raises `OfficeError` with a sentence."""
    try:
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=most,
            timeout=_CONNECT_S,
            command_timeout=60,
            init=_prepare,
            server_settings=_SERVER,
        )
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError) as error:
        raise _refused(error) from error


async def migrate(connection: Single) -> int:
    """Bring the tables to this version, all in one transaction; return how many files were run.

    The rights of each process's role are given anew, also where no table changes (`schema/roles.sql`).

    A role that does not own the tables changes nothing. Raises `OfficeError` when the tables are a newer
    version's, or an older one's and not this role's.
    """
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        if not await connection.fetchval(_OWNS):
            done = await connection.fetchval("SELECT max(number) FROM schema_version")
            if done == max(_steps()):
                return 0
            raise OfficeError(
                "The tables are of another version, and this user may not change them: run `kiosk-tui"
                " office migrate` as the user who owns them."
            )
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_version (number integer PRIMARY KEY,"
            " name text NOT NULL, at timestamptz NOT NULL DEFAULT now())"
        )
        done = {
            row["number"] for row in await connection.fetch("SELECT number FROM schema_version")
        }
        steps = _steps()
        if done and max(done) > max(steps):
            raise OfficeError(
                f"The database is of a newer version (tables {max(done)}, this program knows"
                f" {max(steps)}): install that version of kiosk-tui."
            )
        missing = sorted(steps.keys() - done)
        for number in missing:
            name, text = steps[number]
            await connection.execute(text)
            await connection.execute(
                "INSERT INTO schema_version (number, name) VALUES ($1, $2)", number, name
            )
        await connection.execute(_SCHEMA.joinpath("roles.sql").read_text("utf-8"))
    return len(missing)


def _steps() -> dict[int, tuple[str, str]]:
    found = {}
    for file in _SCHEMA.iterdir():
        number, _, name = file.name.removesuffix(".sql").partition("_")
        if number.isdigit():
            found[int(number)] = (name, file.read_text("utf-8"))
    return found


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=_dumps, decoder=json.loads, schema="pg_catalog", format="text"
    )


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _refused(error: Exception) -> OfficeError:
    what = str(error) or type(error).__name__
    return OfficeError(f"PostgreSQL cannot be reached ({what}): see `database.url` in office.toml.")
