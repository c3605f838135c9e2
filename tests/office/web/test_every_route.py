"""Every route against every role: what is walked is the application's own list, so none is forgotten."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from support.office_browser import PASSWORD, URL, browser

from kiosk_tui.office.people.account import Role
from kiosk_tui.office.web import pages

OPEN = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
}
"""What needs no log-in; each has tests of its own."""


def routes(app: Starlette) -> list[tuple[str, str]]:
    """Return every method and path that asks for a log-in, with something in each parameter."""
    found = []
    for one in app.routes:
        if isinstance(one, Mount):
            assert one.path == "/static"
            continue
        assert isinstance(one, Route)
        found += [(method, one.path) for method in (one.methods or set()) - {"HEAD"}]
    return [one for one in found if one not in OPEN]


NAMES = {
    "kiosk": "k1",
    "kiosk_id": "k1",
    "transaction_id": "20261128120001",
    "verb": "close",
    "name": "look",
}
"""What stands for each text parameter of a path."""


def filled(path: str) -> str:
    """Return a path with something in each of its parameters."""
    return re.sub(r"\{(\w+)(:int)?\}", lambda one: "1" if one[2] else NAMES[one[1]], path)


def needed(method: str, path: str) -> Role:
    """Return the role that a page or form was declared with."""
    declared = pages.pages() if method == "GET" else pages.forms()
    return next(one.role for one in declared if one.path == path)


async def test_there_are_pages(app: Starlette) -> None:
    assert len(routes(app)) >= 6


async def test_nothing_is_shown_or_done_without_a_log_in(app: Starlette) -> None:
    async with browser(app) as one:
        for method, path in routes(app):
            answer = await one.http.request(method, filled(path), headers={"origin": URL})
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/login"), (method, path)
            assert not answer.text


@pytest.mark.parametrize("role", Role)
async def test_each_role_gets_what_it_may_and_nothing_else(app: Starlette, role: Role) -> None:
    async with browser(app, role.value) as one:
        token = await one.token()
        for method, path in routes(app):
            answer = await one.http.request(
                method,
                filled(path),
                data={"form_token": token, "password": "not mine 12345"}
                if method == "POST"
                else None,
                headers={"origin": URL, "x-client-address": f"198.51.100.{hash(path) % 250}"},
            )
            if role.allows(needed(method, path)):
                assert answer.status_code != 403, (method, path)
                assert answer.status_code < 500, (method, path)
            else:
                assert answer.status_code == 403, (method, path)
                assert f"This needs the role {needed(method, path)}" in answer.text


async def test_a_form_with_another_token_or_from_another_site_does_nothing(app: Starlette) -> None:
    async with browser(app, "command") as one, browser(app, "operate") as other:
        token, foreign = await one.token(), await other.token()
        before = await app.state.pool.fetch("SELECT * FROM action")
        forms = [path for method, path in routes(app) if method == "POST"] + ["/logout"]
        assert len(forms) >= 4
        for path in forms:
            for given, headers, why in (
                ({}, {"origin": URL}, "not one of your log-in"),
                ({"form_token": ""}, {"origin": URL}, "not one of your log-in"),
                ({"form_token": foreign}, {"origin": URL}, "not one of your log-in"),
                ({"form_token": token}, {}, "another site"),
                ({"form_token": token}, {"origin": "null"}, "another site"),
                ({"form_token": token}, {"origin": "https://evil.example"}, "another site"),
                ({"form_token": token}, {"origin": URL + ".evil.example"}, "another site"),
                ({"form_token": token}, {"origin": URL.replace("https", "http")}, "another site"),
                (
                    {"form_token": token},
                    {"origin": URL, "sec-fetch-site": "cross-site"},
                    "another site",
                ),
            ):
                answer = await one.http.post(
                    filled(path), data={"password": PASSWORD} | given, headers=headers
                )
                assert answer.status_code == 403, (path, given, headers)
                assert why in answer.text, (path, given, headers)
        assert await app.state.pool.fetch("SELECT * FROM action") == before
        assert (await one.get("/account")).status_code == 200


async def test_a_log_in_from_another_site_is_refused(app: Starlette) -> None:
    async with browser(app) as one:
        fields = {"name": "look", "password": PASSWORD}
        for headers in ({}, {"origin": "https://evil.example"}):
            answer = await one.http.post("/login", data=fields, headers=headers)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers


async def test_a_page_can_change_nothing(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL itself refuses a page that writes."""
    async with browser(app, "command") as one:
        for method, path in routes(app):
            if method == "GET":
                await one.get(filled(path))
        from kiosk_tui.office.people import accounts  # noqa: PLC0415 - what is put in its place

        async def writes(connection: object) -> list[object]:
            await connection.execute("DELETE FROM action")  # type: ignore[attr-defined]
            return []

        monkeypatch.setattr(accounts, "everyone", writes)
        assert (await one.get("/people")).status_code == 500
        assert await app.state.pool.fetchval("SELECT count(*) FROM action") > 0


async def test_what_is_done_is_in_the_log_and_no_secret_is(app: Starlette) -> None:
    new = "a new password 12"
    fields = {"password": PASSWORD, "new_password": new, "new_password_again": new}
    async with browser(app, "command") as one:
        await one.send("/people", fields | {"name": "anna", "role": "look"})
        await one.send("/people/anna/password", fields)
        await one.send("/people/anna/disable", {"password": PASSWORD})
        await one.send("/logout")
    rows = await app.state.pool.fetch(
        "SELECT what, name, action::text AS line FROM action WHERE name = 'command' ORDER BY action_id"
    )
    assert [row["what"] for row in rows] == [
        "logged in", "account added", "password changed", "account disabled", "logged out",
    ]  # fmt: skip
    assert not any(PASSWORD in row["line"] or new in row["line"] for row in rows)
