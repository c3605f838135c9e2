"""Logging in and out, and what a browser's cookie is worth."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from support.office_browser import PASSWORD, URL, browser, office


async def test_a_log_in_leads_to_what_was_asked_for(app: Starlette) -> None:
    async with browser(app) as one:
        asked = await one.get("/log?name=anna")
        assert asked.status_code == 303
        assert asked.headers["location"] == "/login?next=/log%3Fname%3Danna"
        answer = await one.log_in("command", next="/log?name=anna")
        assert answer.headers["location"] == "/log?name=anna"
        page = await one.get("/log")
        assert page.status_code == 200
        assert "logged in" in page.text


async def test_the_cookie_is_for_this_host_over_https_and_for_no_script(app: Starlette) -> None:
    async with browser(app) as one:
        cookie = (await one.log_in("look")).headers["set-cookie"]
        assert cookie.startswith("__Host-kiosk-office=")
        assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


async def test_a_demo_without_https_has_a_cookie_that_works_and_tells_its_account(
    database_url: str,
) -> None:
    async with office(database_url, address="office.test", demo=True) as app, browser(app) as one:
        assert "no-money-moves" in (await one.get("/login")).text
        origin = URL.replace("https", "http")
        fields = {"name": "look", "password": PASSWORD}
        answer = await one.http.post("/login", data=fields, headers={"origin": origin})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("kiosk-office=")
        assert "Secure" not in cookie
        assert "HttpOnly" in cookie


async def test_only_a_demo_tells_a_password(app: Starlette) -> None:
    async with browser(app) as one:
        page = (await one.get("/login")).text
        assert "demo" not in page
        assert (await one.log_in("demo", "no-money-moves")).status_code == 401


async def test_the_database_does_not_have_the_cookie(app: Starlette) -> None:
    async with browser(app, "look") as one:
        token = one.http.cookies["__Host-kiosk-office"]
        rows = await app.state.pool.fetch("SELECT login_session::text AS row FROM login_session")
        assert len(rows) == 1
        assert token not in rows[0]["row"]
        assert token.encode().hex() not in rows[0]["row"]


async def test_a_token_that_was_logged_out_is_worth_nothing(app: Starlette) -> None:
    async with browser(app, "look") as one:
        token = one.http.cookies["__Host-kiosk-office"]
        assert (await one.get("/account")).status_code == 200
        answer = await one.send("/logout")
        assert answer.headers["location"] == "/login"
        assert "__Host-kiosk-office" not in one.http.cookies
        again = await one.get("/account", cookie=f"__Host-kiosk-office={token}")
        assert again.status_code == 303


async def test_who_logs_in_again_has_another_token_and_the_first_is_over(app: Starlette) -> None:
    async with browser(app, "look") as one:
        before = one.http.cookies["__Host-kiosk-office"]
        await one.log_in("look")
        assert one.http.cookies["__Host-kiosk-office"] != before
    async with browser(app) as thief:
        assert (
            await thief.get("/account", cookie=f"__Host-kiosk-office={before}")
        ).status_code == 303


@pytest.mark.parametrize(
    "what",
    [
        "last_at = now() - interval '31 minutes'",
        "began_at = now() - interval '13 hours'",
        "ended_at = now()",
    ],
)
async def test_a_log_in_ends_unused_and_after_a_day_s_work(app: Starlette, what: str) -> None:
    async with browser(app, "look") as one:
        await app.state.pool.execute(f"UPDATE login_session SET {what}")
        assert (await one.get("/account")).status_code == 303


async def test_a_page_that_asks_again_by_itself_does_not_keep_a_log_in(app: Starlette) -> None:
    async with browser(app, "look") as one:
        await app.state.pool.execute(
            "UPDATE login_session SET last_at = now() - interval '29 minutes'"
        )
        by_itself = {"hx-request": "true", "hx-trigger": "live"}
        assert (await one.get("/", **by_itself)).status_code == 200
        idle = "SELECT now() - last_at > interval '28 minutes' FROM login_session"
        assert await app.state.pool.fetchval(idle)
        await one.get("/")
        assert not await app.state.pool.fetchval(idle)
        await app.state.pool.execute("UPDATE login_session SET ended_at = now()")
        answer = await one.get("/", **by_itself)
        assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


async def test_a_disabled_account_is_out_at_once(app: Starlette) -> None:
    async with browser(app, "look") as one, browser(app, "command") as boss:
        assert (await one.get("/account")).status_code == 200
        answer = await boss.send("/people/look/disable", {"password": PASSWORD})
        assert answer.status_code == 303
        assert (await one.get("/account")).status_code == 303
        assert (await one.log_in("look")).status_code == 401
        assert "The account look is disabled" in (await boss.get("/people")).text
        assert "The account look is disabled" not in (await boss.get("/people")).text


async def test_a_role_that_was_taken_away_is_gone_at_once(app: Starlette) -> None:
    async with browser(app, "command") as one:
        assert (await one.get("/people")).status_code == 200
        await app.state.pool.execute("UPDATE account SET role = 'look' WHERE name = 'command'")
        assert (await one.get("/people")).status_code == 403


async def test_another_password_ends_the_other_log_ins(app: Starlette) -> None:
    new = "a new password 12"
    fields = {"password": PASSWORD, "new_password": new, "new_password_again": new}
    async with browser(app, "look") as one, browser(app, "look") as other:
        assert (await one.send("/account", fields)).status_code == 303
        assert "You have another password" in (await one.get("/account")).text
        assert (await other.get("/account")).status_code == 303
        assert (await other.log_in("look")).status_code == 401
        assert (await other.log_in("look", new)).status_code == 303


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"password": "not mine 12345"}, "Your password is wrong."),
        ({"new_password_again": "other"}, "are not the same"),
        ({"new_password": "short", "new_password_again": "short"}, "12 to 128 characters"),
    ],
)
async def test_a_refused_form_shows_its_page_with_the_reason(
    app: Starlette, fields: dict[str, str], why: str
) -> None:
    new = {"new_password": "a new password 12", "new_password_again": "a new password 12"}
    async with browser(app, "look") as one:
        answer = await one.send("/account", {"password": PASSWORD} | new | fields)
        assert answer.status_code == 409
        assert why in answer.text
        assert "a new password 12" not in answer.text
        assert (await one.log_in("look")).status_code == 303


async def test_guessing_is_slowed_down_and_says_for_how_long(app: Starlette) -> None:
    async with browser(app) as one:
        for _ in range(5):
            assert (await one.log_in("look", "something else 9")).status_code == 401
        answer = await one.log_in("look")
        assert answer.status_code == 429
        assert "Too many failed log-ins: try again in 1" in answer.text
    async with browser(app, "look", address="198.51.100.7") as elsewhere:
        assert (await elsewhere.get("/account")).status_code == 200


async def test_who_has_a_browser_that_is_logged_in_cannot_guess_its_password(
    app: Starlette,
) -> None:
    async with browser(app, "command") as one:
        for _ in range(5):
            await one.send("/people/look/disable", {"password": "something else 9"})
        answer = await one.send("/people/look/disable", {"password": PASSWORD})
        assert "Too many failed log-ins" in answer.text
        assert await app.state.pool.fetchval(
            "SELECT disabled_at IS NULL FROM account WHERE name = 'look'"
        )


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\\/evil.example",
        "",
        "/log\r\nset-cookie: a=b",
        "///evil.example",
    ],
)
async def test_a_log_in_leads_to_no_other_site(app: Starlette, wanted: str) -> None:
    async with browser(app) as one:
        answer = await one.log_in("look", next=wanted)
        assert answer.headers["location"] == "/"
        page = await one.http.get("/login", params={"next": wanted})
        assert 'name="next" value="/"' in page.text
