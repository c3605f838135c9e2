"""Thirty kiosks, two people who may give orders, and a signer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.ordering import ANNA, BERT, Signers

from kiosk_tui.office import database
from kiosk_tui.office.people import accounts


@pytest.fixture
async def signers(database_url: str) -> AsyncIterator[Signers]:
    connection = await database.connect(database_url)
    for one in (ANNA, BERT):
        await accounts.add(connection, one.name, one.role, "a long password 1", "test")
    await connection.execute(
        "INSERT INTO kiosk (kiosk_id) SELECT 'graz-' || n FROM generate_series(1, 30) AS n"
    )
    yield Signers(connection)
    await connection.close()
