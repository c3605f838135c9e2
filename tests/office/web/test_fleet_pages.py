"""The pages tell of each thing that is planted in a fleet, in words, and run nothing that a fleet says."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from support.office_browser import browser
from support.office_facts import Plant, Planted, approved, believable_fleet, unanswered

from kiosk_tui.domain.checkpoint import ChainEnd, parsed, unsigned
from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.operations import Operation
from kiosk_tui.fleet.register_key import RegisterKey
from kiosk_tui.office import alarms
from kiosk_tui.office.ingest import checkpoints
from kiosk_tui.office.web import comparison

EVIL = "<script>alert(1)</script>"


@pytest.fixture
async def plant(app: Starlette) -> AsyncIterator[Plant]:
    """Facts that the pages show."""
    async with app.state.pool.acquire() as connection:
        yield Plant(connection)


async def _text(app: Starlette, path: str, role: str = "look") -> str:
    async with browser(app, role) as one:
        answer = await one.get(path)
        assert answer.status_code == 200, path
        return answer.text


async def _csv(app: Starlette, path: str) -> list[dict[str, str]]:
    async with browser(app, "look") as one:
        answer = await one.get(path)
        assert "attachment" in answer.headers["content-disposition"]
        return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def _words(page: str) -> str:
    """Return what a person reads, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_the_first_page_names_all_that_is_wrong(app: Starlette, plant: Plant) -> None:
    now = await plant.connection.fetchval("SELECT now()")
    await believable_fleet(plant.connection, now)
    words = _words(await _text(app, "/"))
    assert "Open cancellations 2 €62.40 · oldest 2 d 3 h" in words
    assert "Disagreements 1 €68.00" in words
    assert "Alarms 1 not seen yet" in words
    assert "Silent kiosks 2 longest 3 d" in words
    assert "Out of service 1 graz-2" in words
    assert "In service 18 of 21 kiosks" in words
    for told in (
        "Cancellation vienna-opera-2 €42.50 being cancelled 2 d 3 h",
        "Alarm salzburg-3 Two machines use the certificate of salzburg-3",
        "TECS vienna-opera-4 €68.00 charged without record",
        "Silent airport-4 was never heard of 3 d",
        "Silent innsbruck-1 does not speak 1 d 1 h",
        "Out of service graz-2 A cancellation is not answered by TECS yet",
    ):
        assert told in words, told
    for path, told in {
        "/due": "€42.50",
        "/silent": "It was enrolled and never came",
        "/closed": "Look at its open cancellations",
        "/disagreements": "refund the customer at TECS",
        "/alarms": "its disk was copied",
        "/kiosks?state=silent": "innsbruck-1",
        "/terminals": "88091106",
        "/versions": "0.9.8",
        "/totals?days=7": "1010 Vienna, Opera",
    }.items():
        assert told in _words(await _text(app, path)), path


async def test_an_office_without_a_kiosk_says_that_all_is_well(app: Starlette) -> None:
    words = _words(await _text(app, "/"))
    assert "Nothing needs anybody." in words
    assert "everything is settled" in words
    for path in ("/due", "/silent", "/closed", "/disagreements", "/alarms", "/kiosks", "/terminals",
                 "/versions", "/totals"):  # fmt: skip
        await _text(app, path)


async def test_nothing_that_a_fleet_says_is_run(app: Starlette, plant: Plant) -> None:
    now = await plant.connection.fetchval("SELECT now()")
    at = now - timedelta(hours=30)
    await plant.ready("a-1", now, site=EVIL, version=EVIL, health={
        "ready": False, "reason": EVIL, "terminal": EVIL, "terminal_state": EVIL,
    })  # fmt: skip
    number = await plant.transaction(
        Planted(kiosk_id="a-1", at=at, steps=unanswered(at, 1), brand=EVIL, terminal="88091105")
    )
    await plant.connection.execute(
        "UPDATE kiosk_transaction SET brand = $1, terminal = $1, operation = $1, stan = $1", EVIL
    )
    await plant.connection.execute("UPDATE event SET event = $1", EVIL)
    await alarms.raise_alarm(plant.connection, EVIL, EVIL, "a-1")
    for path in ("/", "/due", "/closed", "/alarms", "/kiosks", "/kiosks/a-1", "/terminals",
                 "/versions", f"/kiosks/a-1/{number}", "/find?digits=%3Cscript%3E",
                 "/kiosks?text=%3Cscript%3E", f"/totals?last={EVIL}"):  # fmt: skip
        async with browser(app, "operate") as one:
            page = (await one.get(path)).text
        assert "<script>alert" not in page, path
    assert "&lt;script&gt;" in await _text(app, "/kiosks/a-1")


async def test_a_file_for_a_spreadsheet_holds_no_formula(app: Starlette, plant: Plant) -> None:
    now = await plant.connection.fetchval("SELECT now()")
    at = now - timedelta(hours=30)
    await plant.ready("a-1", now, site="=cmd|' /C calc'!A0")
    await plant.transaction(Planted(kiosk_id="a-1", at=at, minor=4250, steps=unanswered(at, 1)))
    refund = Planted(kiosk_id="a-1", at=now, minor=990, operation=Operation.REFUND,
                     steps=approved(now), currency="JPY")  # fmt: skip
    await plant.transaction(refund)
    (row,) = await _csv(app, "/due.csv")
    assert row["site"] == "'=cmd|' /C calc'!A0"
    assert (row["total"], row["currency"], row["kind"]) == ("42.50", "EUR", "due")
    day = f"{now.astimezone(app.state.settings.zone) + timedelta(seconds=11):%Y-%m-%d}"
    sums = await _csv(app, f"/totals.csv?by=site&last={day}")
    net = next(one for one in sums if (one["what"], one["currency"]) == ("net", "JPY"))
    assert (net["amount"], net["of"]) == ("-990", "'=cmd|' /C calc'!A0")
    await plant.tecs("88091105", "20260101120000000", "history", kind="charge", minor=1,
                     currency="EUR", at=at)  # fmt: skip
    app.state.comparison.forget()
    found = await _csv(app, "/disagreements.csv")
    assert [one["kind"] for one in found if one["id"] == "20260101120000000"] == [
        "charged_without_record"
    ]


async def test_a_long_list_is_in_parts_that_lead_to_each_other(
    app: Starlette, plant: Plant
) -> None:
    now = await plant.connection.fetchval("SELECT now()")
    for number in range(105):
        await plant.kiosk(f"k-{number:03}", site="Vienna", last_seen=now)
    page = await _text(app, "/kiosks?site=Vienna")
    assert "1–100 of 105" in _words(page)
    href = re.search(r'href="(\?[^"]+)" rel="next"', page)
    assert href is not None
    rest = await _text(app, "/kiosks" + href[1].replace("&amp;", "&"))
    assert "101–105 of 105" in _words(rest)
    assert re.findall(r">(k-\d+)</a>", rest) == [f"k-{number:03}" for number in range(100, 105)]
    assert 'rel="prev"' in rest
    await _text(app, "/kiosks?first=-5")
    await _text(app, "/due?first=999999")


async def test_a_transaction_is_found_by_the_digits_of_its_slip_and_tells_its_story(
    app: Starlette, plant: Plant
) -> None:
    now = await plant.connection.fetchval("SELECT now()")
    at = now - timedelta(hours=3)
    await plant.ready("a-1", now)
    steps = (*approved(at), (Event.CANCEL_REQUESTED, at + timedelta(minutes=1)),
             (Event.CANCEL_CONFIRMED, at + timedelta(minutes=2)))  # fmt: skip
    number = await plant.transaction(
        Planted(kiosk_id="a-1", at=at, minor=2000, tip=200, steps=steps, currency="KWD",
                operation=Operation.SALE_AND_TIP, stan="000777", authorization_number="Q1W2E3")
    )  # fmt: skip
    await plant.tecs("88091105", number, "push", kind="charge", minor=2200, currency="KWD", at=at)
    await plant.tecs("88091105", number, "history", kind="charge", minor=2199, currency="KWD",
                     at=at, clearing_batch="B7")  # fmt: skip
    await plant.connection.execute(
        "INSERT INTO event_conflict (kiosk_id, epoch, seq, transaction_id, number, body, sha256,"
        " stored_epoch, stored_seq, stored_sha256) SELECT kiosk_id, 'e2', 9, transaction_id, number,"
        " jsonb_set(body, '{minor}', '9900'), '\\x01', 'e1', seq, sha256 FROM event WHERE number = 2"
    )
    await plant.connection.execute(
        "INSERT INTO signature (kiosk_id, transaction_id, number, at, text, code)"
        " VALUES ('a-1', $1::text::numeric, 2, now(), 'Beleg 17', '_R1-<AT>')",
        number,
    )
    async with browser(app, "look") as one:
        for digits in (number, f"000{number}", number[-9:], number[-9:-6] + " " + number[-6:]):
            answer = await one.http.get("/find", params={"digits": digits})
            assert answer.headers["location"] == f"/kiosks/a-1/{number}", digits
    words = _words(await _text(app, f"/kiosks/a-1/{number}"))
    for told in (
        "KWD 2.200", "with a tip of KWD 0.200", "cancel requested", "authorization Q1W2E3",
        "STAN 000777", "push may be forged", "KWD 2.199", "B7", "What contradicts it", "KWD 9.900",
        "– cancelled Sale + tip at a-1", "What the fiscal signer gave", "Beleg 17",
    ):  # fmt: skip
        assert told in words, told
    async with browser(app, "look") as one:
        assert (await one.get(f"/kiosks/a-2/{number}")).status_code == 404
        assert (await one.get(f"/kiosks/a-1/{number[-9:]}")).status_code == 404


async def test_an_alarm_is_seen_once_by_whoever_may_and_that_is_logged(
    app: Starlette, plant: Plant
) -> None:
    await plant.kiosk("a-1")
    number = await alarms.raise_alarm(plant.connection, "clone", "Two machines.", "a-1")
    path = f"/alarms/{number}/seen"
    async with browser(app, "look") as one:
        assert (await one.send(path)).status_code == 403
        assert "I have seen it" not in (await one.get("/alarms")).text
    async with browser(app, "operate") as one:
        assert "I have seen it" in (await one.get("/alarms")).text
        assert (
            await one.http.post(path, headers={"origin": "https://office.test"})
        ).status_code == 403
        assert (await one.send(path)).status_code == 303
        assert "was seen by you" in (await one.get("/alarms")).text
        assert (await one.send(path)).status_code == 409
        assert (await one.send(f"/alarms/{1 << 70}/seen")).status_code == 409
        assert "Two machines." in (await one.get("/alarms?all=1")).text
    row = await plant.connection.fetchrow("SELECT seen_by FROM alarm")
    assert row is not None
    assert row["seen_by"] == "operate"
    logged = await plant.connection.fetch(
        "SELECT name, subject FROM action WHERE what = 'alarm seen'"
    )
    assert [(one["name"], one["subject"]) for one in logged] == [("operate", str(number))]


async def test_a_kiosks_story_has_its_times_before_alarms_journals_and_certificates(
    app: Starlette, plant: Plant
) -> None:
    now = await plant.connection.fetchval("SELECT now()")
    await plant.ready("a-1", now, site="Vienna")
    for hours, ready, reason in ((5, True, ""), (4, True, ""), (3, False, "clock"), (1, True, "")):
        await plant.connection.execute(
            "INSERT INTO health (kiosk_id, at, snapshot) VALUES ('a-1', $1, $2)",
            now - timedelta(hours=hours),
            {"ready": ready, "reason": reason, "version": "1.0.0"},
        )
    await plant.connection.execute(
        "INSERT INTO certificate (serial, kiosk_id, not_after, revoked_at, revoked_by)"
        " VALUES ('ab12', 'a-1', now(), now(), 'anna')"
    )
    await alarms.raise_alarm(plant.connection, "gap", "Events are missing.", "a-1")
    for minutes in range(30):
        at = now - timedelta(minutes=minutes)
        await plant.transaction(Planted(kiosk_id="a-1", at=at, steps=approved(at)))
    page = await _text(app, "/kiosks/a-1")
    words = _words(page)
    for told in ("! clock", "Events are missing.", "ab12", "revoked by anna", "1 h ✓ ready"):
        assert told in words, told
    older = re.search(r'href="(\?before=\d+)"', page)
    assert older is not None
    rest = await _text(app, "/kiosks/a-1" + older[1])
    assert len(re.findall(r'data-label="Reference"', rest)) == 5
    async with browser(app, "look") as one:
        assert (await one.get("/kiosks/a-2")).status_code == 404
        assert (await one.get("/kiosks/a-1?before=x")).status_code == 200


async def test_an_auditor_gets_the_newest_good_checkpoint_as_a_file_that_verify_takes(
    app: Starlette, plant: Plant, tmp_path: Path
) -> None:
    await plant.ready("a-1", await plant.connection.fetchval("SELECT now()"))
    async with browser(app, "look") as one:
        assert (await one.get("/kiosks/a-1/checkpoint")).status_code == 404
    key = RegisterKey.kept(tmp_path / "journal.db")
    first = key.sign(unsigned("e1", ChainEnd(3, bytes(32)), datetime.now(UTC), None))
    second = replace(first, seq=9)  # its signature is of another place
    async with plant.connection.transaction():
        assert (
            await checkpoints.store(plant.connection, "a-1", "e1", (first.text, second.text)) == 9
        )
    async with browser(app, "look") as one:
        answer = await one.get("/kiosks/a-1/checkpoint")
    assert "attachment" in answer.headers["content-disposition"]
    assert parsed(answer.text) == first
    assert answer.json()["register_key"] == key.public
    assert [one["wrong"][:3] for one in answer.json()["checkpoints"]] == ["", "has"]
    words = _words(await _text(app, "/kiosks/a-1"))
    assert "It has a signature that its key did not make" in words
    assert key.public in words


async def test_a_page_waits_for_the_first_comparison_only_and_not_for_long(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> tuple[()]:
        raise RuntimeError

    monkeypatch.setattr(comparison, "disagreements", broken)
    assert "is being compared" in _words(await _text(app, "/"))
    assert "are being compared" in _words(await _text(app, "/disagreements"))
    async with browser(app, "look") as one:
        assert (await one.get("/disagreements.csv")).status_code == 503
    monkeypatch.undo()
    assert "journals and TECS agree" in _words(await _text(app, "/"))
    monkeypatch.setattr(comparison, "disagreements", broken)
    monkeypatch.setattr(time, "monotonic", lambda: 1e12)
    assert "journals and TECS agree" in _words(await _text(app, "/")), "the last one stands"
