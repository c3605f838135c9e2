"""Head office's tables are made by files with numbers, once each, and a newer version's are refused."""

from __future__ import annotations

import asyncio

import pytest

from kiosk_tui.office import database
from kiosk_tui.office.errors import OfficeError


async def test_tables_are_made_once(database_url: str) -> None:
    connection = await database.connect(database_url)
    try:
        assert await database.migrate(connection) == 0
    finally:
        await connection.close()


async def test_two_that_migrate_at_once_make_the_tables_once(database_url: str) -> None:
    first, second = [await database.connect(database_url) for _ in range(2)]
    try:
        await first.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        done = await asyncio.gather(database.migrate(first), database.migrate(second))
        assert min(done) == 0
        assert max(done) > 0
    finally:
        await first.close()
        await second.close()


async def test_tables_of_a_newer_version_are_refused_in_a_sentence(database_url: str) -> None:
    connection = await database.connect(database_url)
    try:
        await connection.execute("INSERT INTO schema_version (number, name) VALUES (9999, 'later')")
        with pytest.raises(OfficeError, match="newer version"):
            await database.migrate(connection)
    finally:
        await connection.close()


async def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    with pytest.raises(OfficeError, match="cannot be reached"):
        await database.connect("postgresql://office@/office?host=/nowhere")
