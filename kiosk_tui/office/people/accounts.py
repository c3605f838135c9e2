"""Accounts: made, given another password, disabled, listed. Each says who did it."""

from __future__ import annotations

import re
from typing import Final

import asyncpg

from kiosk_tui.office.database import Connection
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.people import actions, login_sessions, passwords
from kiosk_tui.office.people.account import Role

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


async def add(connection: Connection, name: str, role: Role, password: str, by: str) -> None:
    """Make an account. Raises `OfficeError`: a name that is taken or unusable, a weak password."""
    if not _NAME.fullmatch(name):
        raise OfficeError(
            "An account's name begins with a letter or a digit and has a-z, 0-9, `.`, `_` and `-`,"
            " 40 at most."
        )
    passwords.refuse_weak(password, name)
    kept = await passwords.hashed(password)
    async with connection.transaction():
        added = await connection.fetchval(
            "INSERT INTO account (name, password_hash, role, added_by) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT DO NOTHING RETURNING name",
            name,
            kept,
            role,
            by,
        )
        if added is None:
            raise OfficeError(f"There is an account {name} already.")
        await actions.note(connection, by, "account added", name, {"role": role})


async def set_password(
    connection: Connection, name: str, password: str, by: str, *, spared: bytes = b""
) -> None:
    """Give an account another password and end its log-ins, but for the one `spared`.

    Raises `OfficeError`: no such account, a weak password.
    """
    passwords.refuse_weak(password, name)
    kept = await passwords.hashed(password)
    async with connection.transaction():
        await _found(
            await connection.fetchval(
                "UPDATE account SET password_hash = $2, password_at = now() WHERE name = $1"
                " RETURNING name",
                name,
                kept,
            ),
            name,
        )
        await login_sessions.end_all(connection, name, spared=spared)
        await actions.note(connection, by, "password changed", name)


async def disable(connection: Connection, name: str, by: str) -> None:
    """End an account and its log-ins at once. Raises `OfficeError` when there is none."""
    async with connection.transaction():
        await _found(
            await connection.fetchval(
                "UPDATE account SET disabled_at = coalesce(disabled_at, now()) WHERE name = $1"
                " RETURNING name",
                name,
            ),
            name,
        )
        await login_sessions.end_all(connection, name)
        await actions.note(connection, by, "account disabled", name)


async def everyone(connection: Connection) -> list[asyncpg.Record]:
    """Return every account with its last log-in and how many log-ins are open."""
    return await connection.fetch(
        "SELECT name, role, added_at, added_by, disabled_at, password_at,"
        " max(last_at) AS last_at, count(token_sha256) FILTER (WHERE ended_at IS NULL) AS open"
        " FROM account LEFT JOIN login_session USING (name)"
        " GROUP BY account.name ORDER BY disabled_at IS NOT NULL, name"
    )


async def _found(name: str | None, wanted: str) -> None:
    if name is None:
        raise OfficeError(f"There is no account {wanted}.")
