"""Each process of head office may do in the database what it is for, and a process that was broken into no more."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from support import machines
from support.ingest import Caller, enrolled
from support.ordering import ANNA, BERT

from kiosk_tui.fleet import code as codes_of_kiosks
from kiosk_tui.office import database
from kiosk_tui.office.authority import authority as authorities
from kiosk_tui.office.authority.answers import answer_next
from kiosk_tui.office.enrolment import codes
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.orders import asking, listing
from kiosk_tui.office.people import accounts, login_sessions
from kiosk_tui.office.people.login import checked
from kiosk_tui.office.settings import DatabaseSection, KeysSection, OfficeSettings
from kiosk_tui.office.signer.service import published
from kiosk_tui.office.signer.turn import take_turn
from kiosk_tui.office.tecs.allowed import Reading, read_entry
from kiosk_tui.office.tecs.storing import store
from proofs.fleet.journals import Journal

ROLES = ("office_web", "office_ingest", "office_push", "office_signer", "office_enroller")
PASSWORD = "a long password 1"


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[database.Single]:
    """Who owns the tables, with a role for each process."""
    connection = await database.connect(database_url)
    for role in ROLES:
        # another test process may make it at the same time: the server is everybody's
        with contextlib.suppress(asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
            await connection.execute(f"CREATE ROLE {role}")
    await database.migrate(connection)
    for one in (ANNA, BERT):
        await accounts.add(connection, one.name, one.role, PASSWORD, "test")
    yield connection
    await connection.close()


@contextlib.asynccontextmanager
async def working_as(url: str, role: str) -> AsyncIterator[database.Single]:
    connection = await database.connect(f"{url}&role={role}")
    try:
        yield connection
    finally:
        await connection.close()


async def test_every_process_can_do_its_work(
    owner: database.Single, database_url: str, tmp_path: Path
) -> None:
    """A code, a certificate, an order that is asked for, approved, signed, delivered and done."""
    settings = OfficeSettings(
        database=DatabaseSection(url=database_url), keys=KeysSection(signer=tmp_path / "signer")
    )
    authority = authorities.make(tmp_path / "enroller")
    async with working_as(database_url, "office_web") as web:
        await checked(web, "anna", PASSWORD)
        await login_sessions.begin(web, "anna", "::1")
        made = await codes.invite(web, settings, "wien-1", by="anna")
    digest = codes_of_kiosks.read(made.line).digest()
    async with working_as(database_url, "office_ingest") as ingest:
        await ingest.execute(
            "INSERT INTO certificate_request (csr, code_sha256) VALUES ($1, $2)",
            *(machines.csr(), digest),
        )
    async with working_as(database_url, "office_enroller") as enroller:
        assert await answer_next(enroller, authority, 90)
    assert await owner.fetchval("SELECT count(*) FROM certificate WHERE kiosk_id = 'wien-1'") == 1
    pool = await database.open_pool(f"{database_url}&role=office_ingest", 2)
    owners = await database.open_pool(database_url, 1)
    await enrolled(owners)
    caller, journal = Caller(pool), Journal("ab")
    await caller.send(journal)
    async with working_as(database_url, "office_web") as web:
        number = await asking.ask(web, ANNA, "restart", {}, ["graz-1"])
        await asking.approve(web, BERT, number)
    async with working_as(database_url, "office_signer") as signer:
        await take_turn(signer, await published(signer, settings))
    assert len((await caller.send(journal)).commands) == 1
    async with working_as(database_url, "office_web") as web:
        await asking.stop(web, BERT, number)
        (found,) = await listing.orders(web)
        assert found.delivered == 1
    async with working_as(database_url, "office_signer") as signer:
        await take_turn(signer, Ed25519PrivateKey.generate())
    assert await owner.fetchval("SELECT stage FROM command_request") == "stopped"
    await pool.close()
    await owners.close()


_FORBIDDEN = {
    "office_web": [
        "INSERT INTO command SELECT * FROM command",
        "UPDATE command SET payload = ''",
        "UPDATE command SET signature = ''",
        "UPDATE command SET done_at = now()",
        "UPDATE command_request SET stage = 'asked'",
        "UPDATE command_request SET body = '{}'",
        "UPDATE command_approval SET body_sha256 = ''",
        "INSERT INTO signing_key (key_id, public) VALUES ('x', '')",
        "INSERT INTO certificate SELECT * FROM certificate",
        "UPDATE certificate SET not_after = now()",
        "INSERT INTO authority (certificate) VALUES ('x')",
        "UPDATE certificate_request SET certificate = 'x'",
        "DELETE FROM action",
        "UPDATE action SET name = 'bert'",
        "UPDATE event SET body = '{}'",
        "DELETE FROM kiosk_transaction",
    ],
    "office_ingest": [
        "INSERT INTO command_approval SELECT * FROM command_approval",
        "INSERT INTO command_request (verb) VALUES ('open')",
        "UPDATE command_request SET stage = 'asked'",
        "INSERT INTO command SELECT * FROM command",
        "UPDATE command SET payload = ''",
        "SELECT password_hash FROM account",
        "SELECT * FROM login_session",
        "INSERT INTO certificate SELECT * FROM certificate",
        "UPDATE certificate SET revoked_at = NULL",
        "UPDATE certificate_request SET certificate = 'x'",
        "DELETE FROM event",
    ],
    "office_push": [
        "SELECT * FROM event",
        "SELECT * FROM account",
        "DELETE FROM tecs_transaction",
        "INSERT INTO tecs_import (told_by) VALUES ('clearing')",
        "INSERT INTO command_approval SELECT * FROM command_approval",
        "UPDATE kiosk SET health = NULL",
    ],
    "office_signer": [
        "INSERT INTO command_approval SELECT * FROM command_approval",
        "UPDATE command_request SET body = '{}'",
        "UPDATE account SET role = 'command'",
        "SELECT password_hash FROM account",
        "INSERT INTO certificate SELECT * FROM certificate",
        "SELECT * FROM event",
    ],
    "office_enroller": [
        "INSERT INTO command SELECT * FROM command",
        "INSERT INTO command_approval SELECT * FROM command_approval",
        "SELECT password_hash FROM account",
        "SELECT * FROM event",
    ],
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usefixtures("owner")
async def test_no_process_can_do_what_is_anothers(database_url: str, role: str) -> None:
    async with working_as(database_url, role) as connection:
        for statement in _FORBIDDEN[role]:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


async def test_a_push_is_stored_by_a_role_that_can_do_nothing_else(
    owner: database.Single, database_url: str
) -> None:
    word = {
        "terminalId": "88091105",
        "transactionId": "20261127140159123",
        "amount": "1255",
        "currency": "EUR",
    }
    async with working_as(database_url, "office_push") as push:
        await store(push, [read_entry(word.items(), Reading("push", ZoneInfo("Europe/Vienna")))])
    assert await owner.fetchval("SELECT count(*) FROM tecs_transaction") == 1


@pytest.mark.parametrize("role", ROLES)
async def test_who_does_not_own_the_tables_leaves_them_as_they_are(
    owner: database.Single, database_url: str, role: str
) -> None:
    async with working_as(database_url, role) as connection:
        assert await database.migrate(connection) == 0
    await owner.execute("DELETE FROM schema_version WHERE number = 1")
    await owner.execute("UPDATE schema_version SET number = 1 WHERE number = 7")
    await owner.execute("DELETE FROM schema_version WHERE number > 7")
    async with working_as(database_url, role) as connection:
        with pytest.raises(OfficeError, match="as the user who owns them"):
            await database.migrate(connection)


async def test_rights_that_a_version_takes_back_are_gone(
    owner: database.Single, database_url: str
) -> None:
    await owner.execute("GRANT DELETE ON action TO office_web")
    assert await database.migrate(owner) == 0
    async with working_as(database_url, "office_web") as web:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute("DELETE FROM action")
