"""A connection to planted facts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.office_facts import Plant

from kiosk_tui.office import database


@pytest.fixture
async def plant(database_url: str) -> AsyncIterator[Plant]:
    """Facts in a database of their own."""
    connection = await database.connect(database_url)
    try:
        yield Plant(connection)
    finally:
        await connection.close()
