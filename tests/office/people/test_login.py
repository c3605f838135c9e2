"""Names and passwords: who is let in, and how guessing is slowed down."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from kiosk_tui.office import database
from kiosk_tui.office.database import Connection
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.people import accounts, passwords
from kiosk_tui.office.people.account import Account, Role
from kiosk_tui.office.people.login import (
    LoginRefusedError,
    TooManyTriesError,
    checked,
    wait_s,
)

PASSWORD = "correct horse 7 battery"


async def test_a_name_and_its_password_are_an_account(connection: Connection) -> None:
    await accounts.add(connection, "anna", Role.OPERATE, PASSWORD, by="test")
    assert await checked(connection, "anna", PASSWORD) == Account("anna", Role.OPERATE)
    kept = await connection.fetchval("SELECT password_hash FROM account")
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


@pytest.mark.parametrize("name", ["anna", "nobody", "gone"])
async def test_it_is_not_told_whether_the_name_or_the_password_is_wrong(
    connection: Connection, name: str
) -> None:
    for one in ("anna", "gone"):
        await accounts.add(connection, one, Role.LOOK, PASSWORD, by="test")
    await accounts.disable(connection, "gone", by="test")
    password = PASSWORD if name == "gone" else "something else 9"
    with pytest.raises(LoginRefusedError, match=r"^The name or the password is wrong\.$"):
        await checked(connection, name, password)


async def test_an_unknown_name_costs_as_much_as_a_wrong_password(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    verify = PasswordHasher.verify

    def verified(self: PasswordHasher, kept: str, password: str) -> bool:
        looked.append(kept.rsplit("$", 2)[0])
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", verified)
    await accounts.add(connection, "anna", Role.LOOK, PASSWORD, by="test")
    for name in ("anna", "nobody"):
        with pytest.raises(LoginRefusedError):
            await checked(connection, name, "something else 9")
    assert len(looked) == 2
    assert looked[0] == looked[1]  # the same parameters, so the same work


def test_a_hash_costs_what_rfc_9106_asks_for() -> None:
    real = PasswordHasher()
    assert (real.time_cost, real.memory_cost, real.parallelism) == (3, 64 * 1024, 4)
    assert "_hasher: Final = PasswordHasher()\n" in Path(passwords.__file__).read_text("utf-8")


async def test_a_hash_of_other_parameters_is_made_anew(connection: Connection) -> None:
    await accounts.add(connection, "anna", Role.LOOK, PASSWORD, by="test")
    old = PasswordHasher(2, 128, 1).hash(PASSWORD)
    await connection.execute("UPDATE account SET password_hash = $1", old)
    await checked(connection, "anna", PASSWORD)
    kept = await connection.fetchval("SELECT password_hash FROM account")
    assert not passwords.is_outdated(kept)
    await checked(connection, "anna", PASSWORD)


async def test_who_guesses_has_to_wait_and_is_told_how_long(connection: Connection) -> None:
    await accounts.add(connection, "anna", Role.LOOK, PASSWORD, by="test")
    for _ in range(5):
        with pytest.raises(LoginRefusedError, match="wrong"):
            await checked(connection, "anna", "something else 9", "192.0.2.1")
    with pytest.raises(TooManyTriesError, match=r"try again in 1[45] seconds\.$"):
        await checked(connection, "anna", PASSWORD, "192.0.2.1")  # even the right one
    await checked(connection, "anna", PASSWORD, "198.51.100.7")  # its person, elsewhere
    await connection.execute("UPDATE login_failure SET at = at - interval '20 seconds'")
    await checked(connection, "anna", PASSWORD, "192.0.2.1")
    assert await connection.fetchval("SELECT count(*) FROM login_failure") == 0


async def test_a_hundred_tries_at_once_are_a_hundred_tries(database_url: str) -> None:
    pool = await database.open_pool(database_url, 8)

    async def attempt() -> str:
        async with pool.acquire() as connection:
            try:
                await checked(connection, "anna", "something else 9", "192.0.2.1")
            except TooManyTriesError:
                return "waits"
            except LoginRefusedError:
                return "looked at"
        raise AssertionError

    told = await asyncio.gather(*(attempt() for _ in range(100)))
    assert told.count("looked at") == 5
    await pool.close()


async def test_names_tried_from_one_address_and_one_name_from_many(connection: Connection) -> None:
    await connection.execute(
        "INSERT INTO login_failure (name, address) SELECT 'n' || n, '192.0.2.1'"
        " FROM generate_series(1, 20) AS n"
    )
    with pytest.raises(TooManyTriesError):
        await checked(connection, "anna", PASSWORD, "192.0.2.1")
    await accounts.add(connection, "anna", Role.LOOK, PASSWORD, by="test")
    await connection.execute(
        "INSERT INTO login_failure (name, address) SELECT 'anna', '203.0.113.' || n"
        " FROM generate_series(1, 50) AS n"
    )
    with pytest.raises(TooManyTriesError):
        await checked(connection, "anna", PASSWORD, "198.51.100.7")
    # the one address that anna has logged in from before is not locked out by strangers
    await connection.execute(
        "INSERT INTO login_session (token_sha256, name, form_token, address)"
        " VALUES ('\\x00', 'anna', '', '198.51.100.7')"
    )
    await checked(connection, "anna", PASSWORD, "198.51.100.7")


def test_each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_s(count, 5, 0) for count in (0, 4, 5, 6, 7, 11, 500)] == [
        0, 0, 15, 30, 60, 900, 900,
    ]  # fmt: skip
    assert wait_s(6, 5, 29.5) == 1
    assert wait_s(6, 5, 31) == 0


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "12 to 128"),
        ("x" * 129, "12 to 128"),
        ("Anna-1234567890", "the account's name"),
        ("aaaaaaabbbbbbb", "5 different"),
    ],
)
async def test_a_weak_password_is_refused(connection: Connection, password: str, why: str) -> None:
    with pytest.raises(OfficeError, match=why):
        await accounts.add(connection, "anna", Role.LOOK, password, by="test")
    assert await connection.fetchval("SELECT count(*) FROM account") == 0


@pytest.mark.parametrize("name", ["", "Anna", "a b", "a/b", "-a", "a" * 41])
async def test_an_unusable_name_is_refused(connection: Connection, name: str) -> None:
    with pytest.raises(OfficeError, match="begins with a letter"):
        await accounts.add(connection, name, Role.LOOK, PASSWORD, by="test")


async def test_a_name_is_given_once(connection: Connection) -> None:
    await accounts.add(connection, "anna", Role.LOOK, PASSWORD, by="test")
    with pytest.raises(OfficeError, match="There is an account anna already"):
        await accounts.add(connection, "anna", Role.COMMAND, PASSWORD, by="test")
    with pytest.raises(OfficeError, match="There is no account ben"):
        await accounts.disable(connection, "ben", by="test")
