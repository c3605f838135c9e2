"""A browser without a screen: the application in this process, on a real PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette

from kiosk_tui.office import database
from kiosk_tui.office.people import accounts
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.settings import DatabaseSection, OfficeSettings, WebSection
from kiosk_tui.office.web.app import web_app

URL = "https://office.test"
PASSWORD = "correct horse 7 battery"


@dataclass(frozen=True)
class Browser:
    """A client with its own cookies, that sends the origin with its forms as browsers do."""

    http: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page."""
        return await self.http.get(path, headers=headers)

    async def send(
        self, path: str, fields: Mapping[str, str | list[str]] | None = None, **headers: str
    ) -> httpx.Response:
        """Send a form with the token of this log-in."""
        fields = {"form_token": await self.token(), **(fields or {})}
        return await self.http.post(path, data=fields, headers={"origin": URL} | headers)

    async def log_in(self, name: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        """Log in."""
        fields = {"name": name, "password": password} | fields
        return await self.http.post("/login", data=fields, headers={"origin": URL})

    async def token(self) -> str:
        """Return the token that stands in the forms of this log-in; without one an invented one."""
        found = re.search(r'name="form_token" value="([^"]+)"', (await self.get("/account")).text)
        return found[1] if found else "none"


@asynccontextmanager
async def office(url: str, **web: object) -> AsyncIterator[Starlette]:
    """Run the pages on a database, with an account of each role that is named like it."""
    settings = OfficeSettings(
        database=DatabaseSection(url=url), web=WebSection.model_validate({"url": URL} | web)
    )
    pool = await database.open_pool(url, 4)
    try:
        async with pool.acquire() as connection:
            for role in Role:
                await accounts.add(connection, role.value, role, PASSWORD, by="test")
        yield web_app(settings, pool)
    finally:
        await pool.close()


@asynccontextmanager
async def browser(
    app: Starlette, name: str = "", address: str = "192.0.2.1"
) -> AsyncIterator[Browser]:
    """Open a browser, logged in under a name."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url=URL, headers={"x-client-address": address}
    ) as http:
        one = Browser(http)
        if name:
            assert (await one.log_in(name)).status_code == 303
        yield one
