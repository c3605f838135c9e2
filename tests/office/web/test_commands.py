"""Orders on their pages: asked for by one, approved by another, and exactly what was looked at."""

from __future__ import annotations

import json
import re

import pytest
from starlette.applications import Starlette
from support.office_browser import PASSWORD, Browser, browser

from kiosk_tui.fleet.orders.order import VERBS
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.people import accounts
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.web.body_form import BodyFieldKind, body_of, fields_of
from kiosk_tui.office.web.pages.commands import ABOUT

PLANTED = "<script>alert(1)</script>"


@pytest.fixture
async def fleet(app: Starlette) -> Starlette:
    """Two kiosks, one that has left, and a second account that commands."""
    await app.state.pool.execute(
        "INSERT INTO kiosk (kiosk_id, site) VALUES ('k1', $1), ('k2', 'Hall')", PLANTED
    )
    await app.state.pool.execute("INSERT INTO kiosk (kiosk_id, left_at) VALUES ('k9', now())")
    async with app.state.pool.acquire() as connection:
        await accounts.add(connection, "second", Role.COMMAND, PASSWORD, by="test")
    return app


async def ask(one: Browser, verb: str = "close", **fields: str | list[str]) -> str:
    """Ask for an order; return its page's path."""
    given: dict[str, str | list[str]] = {"kiosks": "k1", "hours": "2"}
    if verb == "close":
        given["body.sentence"] = "Please pay at the cash desk."
    answer = await one.send(f"/commands/ask/{verb}", given | fields)
    assert answer.status_code == 303, answer.text
    text = (await one.get("/commands")).text
    number = re.search(r'href="/commands/(\d+)"', text)
    assert number is not None
    return f"/commands/{number[1]}"


async def approve(one: Browser, path: str, password: str = PASSWORD) -> int:
    """Approve what the page shows."""
    shown = re.search(r'name="sha256" value="(\w+)"', (await one.get(path)).text)
    fields = {"password": password, "sha256": shown[1] if shown else "00" * 32}
    return (await one.send(f"{path}/approve", fields)).status_code


async def approvals(app: Starlette) -> list[str]:
    rows = await app.state.pool.fetch("SELECT approved_by FROM command_approval")
    return [row["approved_by"] for row in rows]


async def test_one_asks_and_another_approves_what_is_shown(fleet: Starlette) -> None:
    async with browser(fleet, "command") as one, browser(fleet, "second") as two:
        path = await ask(one, reason="Repair of the door")
        page = (await two.get(path)).text
        text = page.replace("&#34;", '"')
        said = json.loads(text[text.index("<pre>") + 5 : text.index("</pre>")])
        assert said["verb"] == "close"
        assert said["body"] == {"sentence": "Please pay at the cash desk."}
        assert said["kiosks"] == ["k1"]
        assert "Repair of the door" in page
        assert await approve(two, path, "not mine 12345") == 409
        assert await approvals(fleet) == []
        assert await approve(two, path) == 303
        assert await approvals(fleet) == ["second"]
        assert "is approved, and will be signed" in (await two.get(path)).text


async def test_nobody_approves_the_own_order(fleet: Starlette) -> None:
    async with browser(fleet, "command") as one, browser(fleet, "second") as two:
        path = await ask(one)
        assert "Approve exactly this" not in (await one.get(path)).text
        shown = re.search(r'name="sha256" value="(\w+)"', (await two.get(path)).text)
        assert shown is not None
        answer = await one.send(f"{path}/approve", {"password": PASSWORD, "sha256": shown[1]})
        assert answer.status_code == 409
        assert "Somebody else has to approve" in answer.text
        assert await approvals(fleet) == []


@pytest.mark.parametrize("shown", ["", "zz", "00" * 32, "00"])
async def test_an_approval_is_of_what_was_looked_at(fleet: Starlette, shown: str) -> None:
    async with browser(fleet, "command") as one, browser(fleet, "second") as two:
        path = await ask(one)
        answer = await two.send(f"{path}/approve", {"password": PASSWORD, "sha256": shown})
        assert answer.status_code == 409
        assert await approvals(fleet) == []


@pytest.mark.parametrize("role", ["look", "operate"])
async def test_who_does_not_command_looks_only(fleet: Starlette, role: str) -> None:
    async with browser(fleet, "command") as one, browser(fleet, role) as other:
        path = await ask(one)
        page = (await other.get(path)).text
        assert "Please pay at the cash desk." in page
        assert "<form method" not in page.replace('action="/logout"', "").partition("<main")[2]
        assert "Ask for an order" not in (await other.get("/commands")).text
        for what in ("approve", "stop"):
            fields = {"password": PASSWORD, "sha256": "00" * 32}
            assert (await other.send(f"{path}/{what}", fields)).status_code == 403


async def test_an_order_is_taken_back(fleet: Starlette) -> None:
    async with browser(fleet, "command") as one, browser(fleet, "second") as two:
        path = await ask(one)
        assert (await two.send(f"{path}/stop", {"why": PLANTED})).status_code == 303
        page = (await two.get(path)).text
        assert "stopped" in page
        assert PLANTED not in page
        assert await approve(two, path) == 409
        assert (await two.send(f"{path}/stop")).status_code == 409


@pytest.mark.parametrize(
    ("verb", "fields", "why"),
    [
        ("close", {"body.sentence": ""}, "sentence"),
        ("close", {"body.sentence": "x" * 300}, "sentence"),
        ("close", {"body.by_language": "no colon"}, "write each line as de: Text"),
        ("close", {"kiosks": "k1 k77"}, "k77"),
        ("close", {"kiosks": "k9"}, "k9"),
        ("close", {"kiosks": ""}, "No kiosk is named"),
        ("close", {"hours": "25"}, "1 to 24 hours"),
        ("close", {"hours": "-1"}, "1 to 24 hours"),
        ("configuration", {"body.settings": "a = "}, "that is no TOML"),
        (
            "configuration",
            {"body.settings": 'terminal.url = "https://evil"'},
            "not for head office",
        ),
        ("configuration", {"body.settings": 'auth.key_file = "/x"'}, "not for head office"),
        ("ship-again", {"body.days": "20260231"}, "days"),
        ("sale", {"body.amount": "1"}, "no such order"),
    ],
)
async def test_what_no_kiosk_would_do_is_not_asked_for(
    fleet: Starlette, verb: str, fields: dict[str, str], why: str
) -> None:
    given = {"kiosks": "k1", "hours": "2", "body.sentence": "Closed."} | fields
    async with browser(fleet, "command") as one:
        answer = await one.send(f"/commands/ask/{verb}", given)
        if verb in VERBS:
            assert answer.status_code == 409
            assert why in answer.text
            assert 'name="kiosks" value="k9"' not in answer.text
        else:
            assert answer.status_code == 404
        assert await fleet.state.pool.fetchval("SELECT count(*) FROM command_request") == 0


@pytest.mark.parametrize("verb", VERBS)
async def test_each_verb_has_its_form_and_says_what_it_does(fleet: Starlette, verb: str) -> None:
    async with browser(fleet, "command") as one:
        page = (await one.get(f"/commands/ask/{verb}")).text
        assert ABOUT.keys() == VERBS.keys()
        for field in fields_of(VERBS[verb]):
            assert f'name="body.{field.name}"' in page
        assert PLANTED not in page
        assert (await one.get("/commands/ask/sale")).status_code == 404


async def test_what_a_kiosk_answers_is_text(fleet: Starlette) -> None:
    async with browser(fleet, "command") as one:
        path = await ask(one, kiosks=["k1", "k2"])
        await fleet.state.pool.execute(
            "INSERT INTO command (kiosk_id, n, request_id, verb, payload, signature, key_id, expires_at,"
            " done_at, ok, outcome) VALUES ('k1', 1, $1, 'close', '', '', 'a', now(), now(), false, $2)",
            int(path.rpartition("/")[2]),
            PLANTED,
        )
        page = (await one.get(path)).text
        assert PLANTED not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "not done" in page


async def test_there_is_no_order_beyond_all_numbers(fleet: Starlette) -> None:
    async with browser(fleet, "command") as one:
        for number in ("999", str(2**63), str(10**40)):
            assert (await one.get(f"/commands/{number}")).status_code == 404


def test_a_form_s_kinds_come_from_the_models() -> None:
    kinds = {(verb, one.name): one.kind for verb in VERBS for one in fields_of(VERBS[verb])}
    assert kinds == {
        ("close", "sentence"): BodyFieldKind.LINE,
        ("close", "by_language"): BodyFieldKind.LINES,
        ("configuration", "settings"): BodyFieldKind.TOML,
        ("ship-again", "days"): BodyFieldKind.WORDS,
    }


def test_a_form_is_read_by_its_model() -> None:
    given = {
        "body.sentence": " Closed. ",
        "body.by_language": "de: Zu: heute\n\nfr: Fermé\n",
        "x": "y",
    }
    assert body_of(VERBS["close"], given) == {
        "sentence": "Closed.",
        "by_language": {"de": "Zu: heute", "fr": "Fermé"},
    }
    assert body_of(VERBS["ship-again"], {"body.days": "20260101, 20260102"}) == {
        "days": ["20260101", "20260102"]
    }
    assert body_of(VERBS["open"], {"body.anything": "1"}) == {}
    with pytest.raises(OfficeError, match="by_language"):
        body_of(VERBS["close"], {"body.sentence": "Closed.", "body.by_language": "deutsch: Zu"})
