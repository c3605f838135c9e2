"""A connection to a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kiosk_tui.office import database
from kiosk_tui.office.database import Connection


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    """A connection to a new database."""
    one = await database.connect(database_url)
    yield one
    await one.close()
