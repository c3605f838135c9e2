"""What each answer says to a browser; what is told when something breaks."""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg
import pytest
from starlette.applications import Starlette
from support.office_browser import URL, browser

from kiosk_tui.office.people import accounts

TEMPLATES = Path(accounts.__file__).parents[1] / "web" / "templates"
EACH = ("/", "/login", "/account", "/nothing", "/healthz", "/static/office.css", "/people?a=%00")


@pytest.mark.parametrize("path", EACH)
async def test_every_answer_is_strict(app: Starlette, path: str) -> None:
    async with browser(app, "command") as one:
        answer = await one.get(path)
        headers = answer.headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["strict-transport-security"].startswith("max-age=")
        is_file = path.startswith("/static/")
        assert ("no-store" in headers["cache-control"]) != is_file


async def test_no_page_asks_another_site_for_anything(app: Starlette) -> None:
    async with browser(app, "command") as one:
        for path in ("/", "/people", "/log", "/account", "/login"):
            text = (await one.get(path)).text
            assert not re.findall(r'(?:src|href|action)="(?!/|#)', text)
    files = [*TEMPLATES.glob("*.html"), *(TEMPLATES.parent / "static").glob("*.css")]
    for file in files:
        text = file.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son\w+=|url\(|@import", text), file
        assert "|safe" not in text, file


async def test_a_page_that_breaks_says_one_sentence(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_connection: object) -> None:
        raise RuntimeError("secret-of-the-inside")

    monkeypatch.setattr(accounts, "everyone", broken)
    async with browser(app, "command") as one:
        answer = await one.get("/people")
    assert answer.status_code == 500
    assert "Something broke here" in answer.text
    assert "secret-of-the-inside" not in answer.text
    assert "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers


async def test_a_database_that_is_away_is_told_as_that(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_connection: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError("host=10.1.2.3")

    monkeypatch.setattr(accounts, "everyone", away)
    async with browser(app, "command") as one:
        answer = await one.get("/people")
        assert answer.status_code == 503
        assert "The database cannot be reached" in answer.text
        assert "10.1.2.3" not in answer.text
        assert (await one.get("/healthz")).text == "ok\n"
        await app.state.pool.close()
        assert (await one.get("/healthz")).status_code == 503


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a=" + b"x" * 70_000, 413),
        (b"\xff\xfe", 400),
        (b"name=%ff", 400),
        (b"name=a%00b", 400),
        (b"&".join(b"a=1" for _ in range(3000)), 400),
    ],
)
async def test_what_is_no_form_is_refused(app: Starlette, content: bytes, code: int) -> None:
    async with browser(app) as one:
        answer = await one.http.post("/login", content=content, headers={"origin": URL})
        assert answer.status_code == code


async def test_an_open_page_asks_for_its_live_part_alone(app: Starlette) -> None:
    async with browser(app, "command") as one:
        whole = (await one.get("/log?what=logged")).text
        part = (await one.get("/log?what=logged", **{"hx-request": "true"})).text
        assert 'hx-get="/log"' in whole
        assert 'hx-trigger="every 15s"' in whole
        assert "<html" not in part
        assert part.strip() in whole
        assert "account added" not in part


async def test_what_somebody_typed_is_text_and_no_markup(app: Starlette) -> None:
    planted = '"><script>alert(1)</script>'
    async with browser(app, "command") as one:
        for path in ("/log", "/people", "/"):
            answer = await one.http.get(path, params={"what": planted, "name": planted})
            assert "<script>alert" not in answer.text
        answer = await one.send("/people", {"name": planted, "role": planted, "password": "x"})
        assert "<script>alert" not in answer.text
        answer = await one.log_in(planted, planted, next=planted)
        assert "<script>alert" not in answer.text
