"""A database of head office for each test that asks for one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher
from support import postgres

from kiosk_tui.office import database
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.people import passwords


@pytest.fixture
def database_url() -> str:
    """The address of a new database with all tables, on a real PostgreSQL.

    Where it is not installed, the quick test goes on without; before anything lands it is needed.
    """
    try:
        return postgres.fresh()
    except OfficeError as error:
        if "CI" in os.environ or "not installed" not in str(error):
            raise
        pytest.skip(str(error))


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[database.Pool]:
    """Connections to that database."""
    opened = await database.open_pool(database_url, 4)
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with little work: a test is not attacked. `people/test_login.py` looks at the real figures."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 64, 1))
    passwords._nobody.cache_clear()
