"""Who is it? A name and a password, with fewer and fewer tries for whoever guesses.

A try is written down before the password is looked at, under a lock, and taken back when it was right:
a hundred tries at once are a hundred tries. Someone who guesses a name's password from many addresses
slows that name down for strangers, but not for the address that its person logs in from.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Final

from kiosk_tui.office.database import Connection
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.people import passwords
from kiosk_tui.office.people.account import Account, Role

_WITHIN: Final = timedelta(hours=1)
_FIRST_WAIT_S: Final = 15
_LONGEST_WAIT_S: Final = 900
_PLACE: Final = 0x6C6F67  # "log": no other lock has this first half

# Failed tries within the hour that cost no wait: of this name from this address, of this address with
# any name, of this name from anywhere.
_FREE: Final = {"pair": 5, "address": 20, "name": 50}


class LoginRefusedError(OfficeError):
    """The name and the password are not known together; it does not say which is wrong."""


class TooManyTriesError(LoginRefusedError):
    """Nothing was looked at; the text says how long to wait."""

    def __init__(self, wait_s: int) -> None:
        """Keep the wait, in seconds."""
        super().__init__(f"Too many failed log-ins: try again in {_told(wait_s)}.")
        self.wait_s = wait_s


async def checked(connection: Connection, name: str, password: str, address: str = "") -> Account:
    """Return the account. Raises `LoginRefusedError`.

    It writes, and what it writes must stay: call it outside a transaction that may be taken back.
    `address` is where the person sits; a command line has none, and the limits are the same.
    """
    failure = await _try(connection, name, address)
    row = await connection.fetchrow(
        "SELECT password_hash, role FROM account WHERE name = $1 AND disabled_at IS NULL", name
    )
    kept: str | None = row["password_hash"] if row else None
    if not await passwords.fits(kept, password) or row is None:
        raise LoginRefusedError("The name or the password is wrong.")
    await connection.execute(
        "DELETE FROM login_failure WHERE failure_id = $1 OR (name = $2 AND address = $3)",
        failure,
        name,
        address,
    )
    if passwords.is_outdated(row["password_hash"]):
        await connection.execute(
            "UPDATE account SET password_hash = $2 WHERE name = $1 AND password_hash = $3",
            name,
            await passwords.hashed(password),
            row["password_hash"],
        )
    return Account(name, Role(row["role"]))


def wait_s(failures: int, free: int, since_last_s: float) -> int:
    """Return for how many seconds nothing is looked at after so many failures, of which some are free."""
    if failures < free:
        return 0
    whole = min(_LONGEST_WAIT_S, _FIRST_WAIT_S << min(failures - free, 10))
    return max(0, math.ceil(whole - since_last_s))


async def _try(connection: Connection, name: str, address: str) -> int:
    """Write a try down as failed; return its number. Raises `TooManyTriesError`."""
    async with connection.transaction():
        for one in sorted({f"name {name}", f"address {address}"}):
            await connection.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", _PLACE, one)
        row = await connection.fetchrow(
            "SELECT count(*) FILTER (WHERE name = $1) AS name_count,"
            " count(*) FILTER (WHERE address = $2) AS address_count,"
            " count(*) FILTER (WHERE name = $1 AND address = $2) AS pair_count,"
            " coalesce(extract(epoch FROM now() - max(at)), 0)::float AS since,"
            " EXISTS (SELECT FROM login_session WHERE name = $1 AND address = $2) AS is_known"
            " FROM login_failure WHERE (name = $1 OR address = $2) AND at > now() - $3::interval",
            name,
            address,
            _WITHIN,
        )
        assert row is not None  # noqa: S101 - an aggregate has a row
        longest = max(
            wait_s(row[f"{kind}_count"], free, row["since"])
            for kind, free in _FREE.items()
            if kind != "name" or not row["is_known"]
        )
        if longest:
            raise TooManyTriesError(longest)
        return int(
            await connection.fetchval(
                "INSERT INTO login_failure (name, address) VALUES ($1, $2) RETURNING failure_id",
                name,
                address,
            )
        )


def _told(seconds: int) -> str:
    if seconds < 120:  # noqa: PLR2004 - up to two minutes are told in seconds
        return f"{seconds} seconds"
    return f"{math.ceil(seconds / 60)} minutes"
