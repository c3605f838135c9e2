"""Log-ins: a random token that only the browser has; the database keeps its SHA-256.

A log-in ends at log-out, unused for `idle`, after `LONGEST` in any case, and at once with its account.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kiosk_tui.office.database import Connection
from kiosk_tui.office.people.account import Account, Role

LONGEST: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class LoginSession:
    """A log-in that holds. `form_token` stands in each of its forms; `said` is told on the next page."""

    token_sha256: bytes
    account: Account
    form_token: str
    said: str


async def begin(connection: Connection, name: str, address: str) -> str:
    """Begin a log-in; return its token."""
    token = secrets.token_urlsafe(32)
    await connection.execute(
        "INSERT INTO login_session (token_sha256, name, form_token, address)"
        " VALUES ($1, $2, $3, $4)",
        _digest(token),
        name,
        secrets.token_urlsafe(32),
        address,
    )
    return token


async def resume(
    connection: Connection, token: str, idle: timedelta, *, used: bool = True
) -> LoginSession | None:
    """Return the log-in of this token where it holds. `used`: a person asked, and not a page by itself."""
    row = await connection.fetchrow(
        "SELECT token_sha256, name, role, form_token, said FROM login_session JOIN account USING (name)"
        " WHERE token_sha256 = $1 AND ended_at IS NULL AND disabled_at IS NULL"
        " AND last_at > now() - $2::interval AND began_at > now() - $3::interval",
        _digest(token),
        idle,
        LONGEST,
    )
    if row is None:
        return None
    if used:
        await connection.execute(
            "UPDATE login_session SET last_at = now(), said = '' WHERE token_sha256 = $1",
            row["token_sha256"],
        )
    return LoginSession(
        row["token_sha256"],
        Account(row["name"], Role(row["role"])),
        row["form_token"],
        row["said"],
    )


async def say(connection: Connection, login: LoginSession, sentence: str) -> None:
    """Keep a sentence for the next page of this log-in."""
    await connection.execute(
        "UPDATE login_session SET said = $2 WHERE token_sha256 = $1", login.token_sha256, sentence
    )


async def end(connection: Connection, login: LoginSession) -> None:
    """End this log-in: its token is worth nothing any more."""
    await connection.execute(
        "UPDATE login_session SET ended_at = now() WHERE token_sha256 = $1", login.token_sha256
    )


async def end_all(connection: Connection, name: str, *, spared: bytes = b"") -> None:
    """End an account's log-ins, but for the one of that SHA-256."""
    await connection.execute(
        "UPDATE login_session SET ended_at = now()"
        " WHERE name = $1 AND ended_at IS NULL AND token_sha256 <> $2",
        name,
        spared,
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
