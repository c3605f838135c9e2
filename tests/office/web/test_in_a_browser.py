"""The pages in a real browser: chromium draws the first page of a believable fleet.

With `OFFICE_PICTURE` in the environment, the picture of docs/office.md is made anew.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from pathlib import Path

import pytest
import uvicorn
from PIL import Image
from starlette.types import ASGIApp, Receive, Scope, Send
from support.office_browser import browser, office
from support.office_facts import believable_fleet

from kiosk_tui.office.web.guard import cookie_name

PICTURE = Path(__file__).parents[3] / "docs" / "pictures" / "office.png"
WIDE, HIGH = 1280, 1240
BAD = {"light": (168, 29, 21), "dark": (255, 138, 128)}
"""`--bad` of office.css: what is wrong is seen, in each scheme."""

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        shutil.which("chromium") is None and "CI" not in os.environ, reason="apt install chromium"
    ),
]


def _logged_in(app: ASGIApp, cookie: str) -> ASGIApp:
    """Return the pages for a browser that has a log-in already."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [*scope["headers"], (b"cookie", cookie.encode())]
            scope = {**scope, "headers": headers}
        await app(scope, receive, send)

    return served


async def _drawn(address: str, file: Path, scheme: str) -> Image.Image:
    """Return what chromium shows of an address."""
    chromium = await asyncio.create_subprocess_exec(
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--user-data-dir={file.parent / scheme}", f"--window-size={WIDE},{HIGH}",
        f"--blink-settings=preferredColorScheme={int(scheme == 'light')}",
        f"--screenshot={file}", address,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await chromium.wait() == 0
    return Image.open(file).convert("RGB")


async def test_the_first_page_is_drawn_and_shows_what_is_wrong(
    database_url: str, tmp_path: Path
) -> None:
    async with office(database_url, address="127.0.0.1:0") as app:
        async with app.state.pool.acquire() as connection:
            await believable_fleet(connection, await connection.fetchval("SELECT now()"))
        async with browser(app) as one:
            entered = await one.http.post(
                "/login",
                data={"name": "operate", "password": "correct horse 7 battery"},
                headers={"origin": "http://office.test"},
            )
            assert entered.status_code == 303
            name = cookie_name(app.state.settings)
            cookie = f"{name}={one.http.cookies[name]}"
        door = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(_logged_in(app, cookie), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([door]))
        address = f"http://127.0.0.1:{door.getsockname()[1]}/"
        try:
            for scheme, bad in BAD.items():
                picture = await _drawn(address, tmp_path / f"{scheme}.png", scheme)
                assert picture.size == (WIDE, HIGH)
                colours = picture.getcolors(WIDE * HIGH)
                assert colours is not None
                assert bad in {colour for _, colour in colours}, scheme
        finally:
            server.should_exit = True
            await serving
    if "OFFICE_PICTURE" in os.environ:
        Image.open(tmp_path / "light.png").convert("RGB").quantize(128).save(PICTURE, optimize=True)
