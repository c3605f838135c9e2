"""The page where a machine gets its code, and where it is cut off."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from support.office_browser import PASSWORD, browser

from kiosk_tui.fleet import code as codes


async def test_a_code_is_shown_once_with_its_drawing(app: Starlette) -> None:
    async with browser(app, "operate") as one:
        answer = await one.send(
            "/enrolment", {"kiosk": "k-17", "site": "<b>Hall</b>", "hours": "2"}
        )
        assert answer.status_code == 200
        line = re.search(r'class="code">([^<]+)<', answer.text)
        assert line is not None
        assert codes.read(line[1]).digest() == await app.state.pool.fetchval(
            "SELECT code_sha256 FROM enrolment_code WHERE kiosk_id = 'k-17'"
        )
        assert "<svg" in answer.text
        assert not re.search(r"\sstyle=|<script(?! src=)", answer.text)
        page = (await one.get("/enrolment")).text
        assert "k-17" in page
        assert "&lt;b&gt;Hall&lt;/b&gt;" in page
        assert line[1] not in page
        assert line[1] not in str(await app.state.pool.fetch("SELECT action::text FROM action"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kiosk": "Not A Name"}, "is no kiosk&#39;s name"),
        ({"kiosk": "k1", "hours": "0"}, "1 to 720 hours"),
        ({"kiosk": "k1", "hours": "721"}, "1 to 720 hours"),
        ({"kiosk": "k1", "hours": "-1"}, "1 to 720 hours"),
        ({"kiosk": "k1", "hours": "9" * 400}, "1 to 720 hours"),
        ({"kiosk": "k1", "hours": "٣"}, "1 to 720 hours"),
    ],
)
async def test_what_cannot_be_is_refused_and_stays_typed(
    app: Starlette, fields: dict[str, str], why: str
) -> None:
    async with browser(app, "operate") as one:
        answer = await one.send("/enrolment", fields)
        assert answer.status_code == 409
        assert why in answer.text
        assert f'value="{fields["kiosk"]}"' in answer.text
        assert await app.state.pool.fetchval("SELECT count(*) FROM enrolment_code") == 0


async def test_a_machine_is_cut_off_with_the_password_again(app: Starlette) -> None:
    await app.state.pool.execute("INSERT INTO kiosk (kiosk_id) VALUES ('k-17')")
    await app.state.pool.execute(
        "INSERT INTO certificate (serial, kiosk_id, not_after) VALUES ('1', 'k-17', now() + interval '9 d')"
    )
    revoked = "SELECT revoked_by FROM certificate WHERE revoked_at IS NOT NULL"
    async with browser(app, "operate") as one:
        answer = await one.send("/enrolment/k-17/revoke", {"password": "not mine 12345"})
        assert answer.status_code == 409
        assert await app.state.pool.fetchval(revoked) is None
        await one.send("/enrolment/k-17/revoke", {"password": PASSWORD})
        assert "k-17 is cut off: 1 certificates were revoked" in (await one.get("/enrolment")).text
        assert await app.state.pool.fetchval(revoked) == "operate"
        answer = await one.send("/enrolment/nobody/revoke", {"password": PASSWORD})
        assert "Head office knows no kiosk nobody" in answer.text
