"""Logging in and out, and what a browser's cookie is worth."""

from __future__ import annotations

from support.office_browser import browser, office


async def test_who_is_not_logged_in_is_asked_to(database_url: str) -> None:
    async with office(database_url) as app, browser(app) as one:
        answer = await one.get("/log?name=anna")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?next=/log%3Fname%3Danna"


async def test_a_log_in_leads_to_what_was_asked_for(database_url: str) -> None:
    async with office(database_url) as app, browser(app) as one:
        answer = await one.log_in("command", next="/log?name=anna")
        assert answer.headers["location"] == "/log?name=anna"
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-kiosk-office=")
        for word in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
            assert word in cookie
        page = await one.get("/log")
        assert page.status_code == 200
        assert "logged in" in page.text
