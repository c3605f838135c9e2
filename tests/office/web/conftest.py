"""Head office's pages on a database of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from support.office_browser import office


@pytest.fixture
async def app(database_url: str) -> AsyncIterator[Starlette]:
    """The pages, with an account of each role that is named like it."""
    async with office(database_url) as one:
        yield one
