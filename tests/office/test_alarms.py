"""An alarm is one row until somebody has seen it, however often it is raised."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from kiosk_tui.office import database
from kiosk_tui.office.alarms import raise_alarm, seen
from kiosk_tui.office.database import Single


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Single]:
    opened = await database.connect(database_url)
    await opened.execute("INSERT INTO kiosk (kiosk_id) VALUES ('graz-1')")
    yield opened
    await opened.close()


async def test_the_same_thing_is_counted_up_with_its_newest_words(connection: Single) -> None:
    first = await raise_alarm(connection, "gap", "Five are missing.", "graz-1", "ab")
    again = await raise_alarm(
        connection, "gap", "Six are missing.", "graz-1", "ab", details={"to": 6}
    )
    assert first == again
    row = await connection.fetchrow("SELECT * FROM alarm")
    assert row is not None
    assert (row["times"], row["sentence"], row["details"]) == (2, "Six are missing.", {"to": 6})
    assert row["last_at"] > row["first_at"]


async def test_another_kiosk_kind_or_subject_is_another_alarm(connection: Single) -> None:
    raised = [
        await raise_alarm(connection, "gap", "A gap.", "graz-1"),
        await raise_alarm(connection, "gap", "A gap.", "graz-1", "ab"),
        await raise_alarm(connection, "lost", "A loss.", "graz-1"),
        await raise_alarm(connection, "forged", "A push."),
    ]
    assert len(set(raised)) == len(raised)


async def test_what_was_seen_opens_anew_when_it_happens_again(connection: Single) -> None:
    first = await raise_alarm(connection, "clone", "Two machines.", "graz-1")
    assert await seen(connection, first, "anna")
    assert not await seen(connection, first, "bert")
    assert not await seen(connection, 999, "bert")
    assert await raise_alarm(connection, "clone", "Two machines.", "graz-1") != first
    row = await connection.fetchrow("SELECT * FROM alarm WHERE alarm_id = $1", first)
    assert row is not None
    assert (row["seen_by"], row["times"]) == ("anna", 1)


async def test_two_that_raise_it_at_once_make_one(connection: Single, database_url: str) -> None:
    other = await database.connect(database_url)
    try:
        numbers = await asyncio.gather(
            raise_alarm(connection, "forged", "A push."), raise_alarm(other, "forged", "A push.")
        )
    finally:
        await other.close()
    assert len(set(numbers)) == 1
