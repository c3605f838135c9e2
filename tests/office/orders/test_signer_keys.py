"""The signing key is made once, is the signer's alone, and is never replaced in silence."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from support.ordering import Signers

from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.settings import DatabaseSection, KeysSection, OfficeSettings
from kiosk_tui.office.signer import keys, service


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> OfficeSettings:
    return OfficeSettings(
        database=DatabaseSection(url=database_url), keys=KeysSection(signer=tmp_path / "signer")
    )


async def test_the_key_is_made_at_the_first_start_and_published(
    signers: Signers, settings: OfficeSettings
) -> None:
    key = await service.published(signers.connection, settings)
    file = settings.keys.signer / keys.KEY
    assert file.stat().st_mode & 0o777 == 0o600
    again = await service.published(signers.connection, settings)
    assert again.private_bytes_raw() == key.private_bytes_raw()
    (row,) = await signers.connection.fetch("SELECT * FROM signing_key")
    assert row["public"] == key.public_key().public_bytes_raw()


async def test_a_key_that_others_can_read_is_refused(
    signers: Signers, settings: OfficeSettings
) -> None:
    await service.published(signers.connection, settings)
    (settings.keys.signer / keys.KEY).chmod(0o640)
    with pytest.raises(OfficeError, match="read by others"):
        await service.published(signers.connection, settings)


async def test_a_key_that_was_lost_is_not_made_anew(
    signers: Signers, settings: OfficeSettings
) -> None:
    await service.published(signers.connection, settings)
    (settings.keys.signer / keys.KEY).unlink()
    with pytest.raises(OfficeError, match="take it from your backup"):
        await service.published(signers.connection, settings)
    await signers.connection.execute("UPDATE signing_key SET until = $1", datetime.now(UTC))
    await service.published(signers.connection, settings)
    assert await signers.connection.fetchval("SELECT count(*) FROM signing_key") == 2


def test_what_is_no_key_is_told(tmp_path: Path) -> None:
    file = tmp_path / keys.KEY
    file.write_text("nothing")
    file.chmod(0o600)
    with pytest.raises(OfficeError, match="cannot be read"):
        keys.load(tmp_path)
    other = ec.generate_private_key(ec.SECP256R1())
    file.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(OfficeError, match="no Ed25519 key"):
        keys.load(tmp_path)
    file.unlink()
    with pytest.raises(OfficeError, match="No such file"):
        keys.load(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(OfficeError, match="cannot be kept"):
        keys.make(tmp_path / "file" / "folder")


async def test_an_approval_is_signed_as_soon_as_it_is_there(
    signers: Signers, settings: OfficeSettings
) -> None:
    await signers.connection.execute("LISTEN kiosk")
    told = asyncio.Event()
    await signers.connection.add_listener("kiosk", lambda *_: told.set())
    working = asyncio.create_task(service.run(settings))
    await signers.approved("restart", "graz-1")
    await asyncio.wait_for(told.wait(), 30)
    (row,) = await signers.commands()
    assert row["kiosk_id"] == "graz-1"
    working.cancel()
    await asyncio.wait({working})


async def test_it_ends_with_a_sentence_when_the_database_goes(
    signers: Signers, settings: OfficeSettings
) -> None:
    working = asyncio.create_task(service.run(settings))
    while not await signers.connection.fetchval("SELECT count(*) FROM signing_key"):
        await asyncio.sleep(0.01)
    await signers.connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    with pytest.raises(OfficeError, match="database has gone"):
        await asyncio.wait_for(working, 30)
