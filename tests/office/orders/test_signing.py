"""Only what two people with the right to it have agreed to is signed, once, and nothing that moves money."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from support.ordering import ANNA, BERT, Signers

from kiosk_tui.fleet.orders.order import VERBS
from kiosk_tui.fleet.orders.signing import key_id, verify
from kiosk_tui.fleet.wire import SignedCommand
from kiosk_tui.fleet.wire_enrolment import CommandKey
from kiosk_tui.office.alarms import seen
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.orders import asking, listing
from kiosk_tui.office.orders.request import digest
from kiosk_tui.office.people import accounts
from kiosk_tui.office.people.account import Account, Role

NAMES = {"configuration": {"settings": {"receipt.columns": 42}}}
CLOSE = {"sentence": "Closed today."}


def _sent(row: asyncpg.Record) -> SignedCommand:
    payload, signature = (base64.b64encode(row[name]).decode() for name in ("payload", "signature"))
    return SignedCommand(payload=payload, signature=signature, key_id=row["key_id"])


async def test_what_two_people_agreed_to_is_what_the_kiosk_takes(signers: Signers) -> None:
    number = await signers.approved("close", "graz-1", body=CLOSE)
    await signers.turn()
    (row,) = await signers.commands(number)
    public = signers.key.public_key().public_bytes_raw()
    key = CommandKey(key_id=key_id(public), public=base64.b64encode(public).decode())
    order = verify(_sent(row), [key], "graz-1", 0, datetime.now(UTC))
    assert (order.n, order.verb, order.body) == (1, "close", CLOSE)
    assert order.expires_at == row["expires_at"]
    await signers.turn()
    assert await signers.stands(number) == ("all", "")
    await signers.done(number)
    await signers.turn()
    assert await signers.stands(number) == ("done", "")
    assert len(await signers.commands()) == 1


async def test_each_kiosk_counts_its_own_commands(signers: Signers) -> None:
    for kiosks in (["graz-1", "graz-2"], ["graz-2"], ["graz-1"]):
        await signers.approved("restart", *kiosks)
        await signers.turn()
    found = [(row["kiosk_id"], row["n"]) for row in await signers.commands()]
    assert found == [("graz-1", 1), ("graz-1", 2), ("graz-2", 1), ("graz-2", 2)]


async def test_one_person_is_not_enough(signers: Signers) -> None:
    number = await signers.ask()
    await signers.turn()
    assert await signers.stands(number) == ("asked", "")
    with pytest.raises(OfficeError, match="Somebody else"):
        await asking.approve(signers.connection, ANNA, number)
    await _approval(signers, number, "anna")  # as a web process would that was broken into
    await signers.turn()
    stage, why = await signers.stands(number)
    assert (stage, "takes two people" in why) == ("refused", True)
    assert await signers.commands() == []


async def _approval(signers: Signers, number: int, name: str, sha256: bytes | None = None) -> None:
    await signers.connection.execute(
        "INSERT INTO command_approval (request_id, approved_by, body_sha256)"
        " SELECT request_id, $2, coalesce($3, body_sha256) FROM command_request"
        " WHERE request_id = $1",
        *(number, name, sha256),
    )


@pytest.mark.parametrize("role", ["nobody", "look", "operate", "disabled"])
async def test_an_approval_of_somebody_who_may_not_give_orders_is_none(
    signers: Signers, role: str
) -> None:
    if role != "nobody":
        given = Role.COMMAND if role == "disabled" else Role(role)
        await accounts.add(signers.connection, "carl", given, "a long password 1", "test")
        await accounts.disable(signers.connection, "carl", "test") if role == "disabled" else None
    if role in ("look", "operate"):
        number = await signers.ask()
        with pytest.raises(OfficeError, match="need the role command"):
            await asking.approve(signers.connection, Account("carl", Role(role)), number)
    number = await signers.ask()
    await _approval(signers, number, "carl")
    await signers.turn()
    assert await signers.stands(number) == (
        "refused",
        "carl, who approved it, may not give orders.",
    )


@pytest.mark.parametrize("name", ["anna", "bert"])
async def test_who_was_disabled_since_has_agreed_to_nothing(signers: Signers, name: str) -> None:
    number = await signers.approved()
    await accounts.disable(signers.connection, name, "test")
    await signers.turn()
    assert "may not give orders" in (await signers.stands(number))[1]
    assert await signers.commands() == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("""body = '{"sentence": "Pay at desk 7."}'""", "its text has changed"),
        ("verb = 'open', body = '{}'", "its text has changed"),
        ("kiosks = '{graz-1,graz-2}'", "its text has changed"),
        ("expires_at = expires_at + interval '1 hour'", "its text has changed"),
        ("expires_at = now() + interval '25 hours'", "within a day"),
        ("verb = 'refund'", "nothing that a kiosk does"),
        ("""body = '{"sentence": "x", "amount": 5}'""", "amount"),
    ],
)
async def test_what_was_changed_after_its_approval_is_refused(
    signers: Signers, change: str, why: str
) -> None:
    number = await signers.approved("close", "graz-1", body=CLOSE)
    await signers.connection.execute(f"UPDATE command_request SET {change}")
    await signers.turn()
    stage, told = await signers.stands(number)
    assert stage == "refused"
    assert why in told
    assert await signers.commands() == []


async def test_a_changed_text_with_a_new_digest_was_approved_by_nobody(signers: Signers) -> None:
    number = await signers.approved("close", "graz-1", body=CLOSE)
    until = await signers.connection.fetchval("SELECT expires_at FROM command_request")
    await signers.connection.execute(
        "UPDATE command_request SET verb = 'restart', body = '{}', body_sha256 = $1",
        digest("restart", {}, ["graz-1"], until),
    )
    await signers.turn()
    assert await signers.stands(number) == ("refused", "bert approved another text.")


async def test_what_has_expired_is_not_signed(signers: Signers) -> None:
    number = await signers.ask(hours=1)
    approved = await signers.approved(hours=1)
    await signers.turn(timedelta(hours=2))
    assert (await signers.stands(number))[0] == "expired"
    assert (await signers.stands(approved))[0] == "expired"
    assert await signers.commands() == []
    with pytest.raises(OfficeError, match="any more"):
        await asking.approve(signers.connection, BERT, number)
    number = await signers.ask(hours=1)
    await signers.connection.execute("UPDATE command_request SET expires_at = now()")
    with pytest.raises(OfficeError, match="expired"):
        await asking.approve(signers.connection, BERT, number)


async def test_what_is_not_delivered_yet_can_be_taken_back(signers: Signers) -> None:
    number = await signers.approved("restart", "graz-1", "graz-2")
    await signers.turn()
    await signers.connection.execute(
        "UPDATE command SET delivered_at = now() WHERE kiosk_id = 'graz-2'"
    )
    await asking.stop(signers.connection, ANNA, number, "wrong shop")
    await signers.turn()
    assert await signers.stands(number) == ("stopped", "Taken back by anna: wrong shop.")
    rows = {row["kiosk_id"]: row["ok"] for row in await signers.commands(number)}
    assert rows == {"graz-1": False, "graz-2": None}
    with pytest.raises(OfficeError, match="ended already"):
        await asking.stop(signers.connection, ANNA, number)
    early = await signers.approved()
    await asking.stop(signers.connection, BERT, early)
    await signers.turn()
    assert await signers.commands(early) == []


@pytest.mark.parametrize(
    ("verb", "body", "more", "why"),
    [
        ("refund", {}, {}, "nothing that a kiosk does"),
        ("configuration", {"settings": {"terminal.number": "1"}}, {}, "terminal.number"),
        ("configuration", {"settings": {"alert.command": ["x"]}}, {}, "alert.command"),
        ("restart", {"amount": 5}, {}, "amount"),
        ("restart", {}, {"hours": 25}, "within 24 hours"),
        ("restart", {}, {"hours": 0}, "within 24 hours"),
        ("restart", {}, {"reason": "a\nb"}, "one line"),
    ],
)
async def test_what_no_kiosk_would_take_is_not_asked_for(
    signers: Signers, verb: str, body: dict[str, object], more: dict[str, object], why: str
) -> None:
    with pytest.raises(OfficeError, match=why):
        await signers.ask(verb, "graz-1", body=body, **more)


async def test_an_order_is_for_kiosks_that_there_are(signers: Signers) -> None:
    with pytest.raises(OfficeError, match="no kiosk wien-1"):
        await signers.ask("restart", "wien-1")
    await signers.connection.execute("UPDATE kiosk SET left_at = now() WHERE kiosk_id <> 'graz-7'")
    number = await signers.approved()
    await signers.turn()
    assert [row["kiosk_id"] for row in await signers.commands(number)] == ["graz-7"]
    await signers.connection.execute("UPDATE kiosk SET left_at = now()")
    with pytest.raises(OfficeError, match="No kiosk"):
        await signers.ask()
    with pytest.raises(OfficeError, match="no order 99"):
        await asking.approve(signers.connection, BERT, 99)


async def test_who_approves_agrees_to_what_was_shown(signers: Signers) -> None:
    number = await signers.ask("close", "graz-1", body=CLOSE)
    (shown,) = await listing.orders(signers.connection)
    with pytest.raises(OfficeError, match="look again"):
        await asking.approve(signers.connection, BERT, number, b"another")
    await asking.approve(signers.connection, BERT, number, shown.request.sha256)
    await signers.turn()
    (found,) = await listing.orders(signers.connection)
    assert (found.approvers, found.signed, found.delivered) == (("bert",), 1, 0)
    (at,) = await listing.at_kiosks(signers.connection, number)
    assert (at.kiosk_id, at.n, at.done_at) == ("graz-1", 1, None)
    told = await signers.connection.fetch("SELECT name, what FROM action ORDER BY action_id")
    done = [(row["name"], row["what"]) for row in told if row["what"].startswith("order")]
    assert done == [("anna", "order asked for"), ("bert", "order approved")]


async def test_no_row_of_the_database_makes_an_order_of_something_that_moves_money(
    signers: Signers,
) -> None:
    """The verbs are the program's; whatever is written into every table, nothing else is signed."""
    assert not {"sale", "refund", "cancel", "complete", "preauth", "settle"} & VERBS.keys()
    for verb in (
        "sale",
        "refund",
        "cancel",
        "complete",
        "moto",
        "settle",
        "close; refund",
        "CLOSE",
    ):
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
        number = await signers.connection.fetchval(
            "INSERT INTO command_request (verb, body, body_sha256, kiosks, asked_by, expires_at)"
            " VALUES ($1, $2, $3, '{graz-1}', 'anna', $4) RETURNING request_id",
            *(verb, {"minor": 1}, digest(verb, {"minor": 1}, ["graz-1"], until), until),
        )
        await _approval(signers, number, "bert")
        await signers.turn()
        assert (await signers.stands(number))[0] == "refused"
    assert await signers.commands() == []


async def test_no_kiosk_is_given_an_order_twice_whoever_tries(signers: Signers) -> None:
    await signers.approved("restart", "graz-1")
    await signers.turn()
    with pytest.raises(asyncpg.UniqueViolationError):
        await signers.connection.execute(
            "INSERT INTO command (kiosk_id, n, request_id, verb, payload, signature, key_id,"
            " expires_at) SELECT kiosk_id, 2, request_id, verb, payload, signature, key_id,"
            " expires_at FROM command"
        )
    await signers.connection.execute("UPDATE command_request SET stage = 'asked'")
    await signers.turn()
    assert len(await signers.commands()) == 1


# -- configuration, in stages ---------------------------------------------------------------------


async def _staged(signers: Signers) -> int:
    await signers.health()
    number = await signers.approved("configuration", body=NAMES["configuration"])
    await signers.turn()
    return number


async def test_configuration_goes_to_one_then_a_tenth_then_all(signers: Signers) -> None:
    await signers.connection.execute(
        "UPDATE kiosk SET health = $1 WHERE kiosk_id <> 'graz-9'", {"ready": False}
    )
    await signers.connection.execute(
        "UPDATE kiosk SET health = $1 WHERE kiosk_id = 'graz-9'", {"ready": True}
    )
    number = await signers.approved("configuration", body=NAMES["configuration"])
    await signers.turn()
    assert [row["kiosk_id"] for row in await signers.commands()] == ["graz-9"]
    counts = []
    for stage in ("one", "tenth", "all"):
        assert await signers.stands(number) == (stage, "")
        counts.append(len(await signers.commands(number)))
        await signers.turn()  # nothing was done yet: nothing follows
        await signers.done(number, ago=timedelta(0))
        await signers.turn()  # done, but nobody has heard since that they are ready
        assert len(await signers.commands(number)) == counts[-1]
        await signers.health()
        await signers.turn()
    assert counts == [1, 3, 30]
    assert await signers.stands(number) == ("done", "")


async def test_a_kiosk_that_took_it_back_stops_the_rest(signers: Signers) -> None:
    number = await _staged(signers)
    await signers.done(number, ok=False, outcome="It did not come back ready: taken back.")
    await signers.turn()
    stage, why = await signers.stands(number)
    assert stage == "stopped"
    assert "taken back" in why
    assert len(await signers.commands(number)) == 1
    alarm = await signers.connection.fetchrow("SELECT * FROM alarm")
    assert alarm is not None
    assert "after 1 of 30 kiosks" in alarm["sentence"]
    assert await seen(signers.connection, alarm["alarm_id"], "anna")


async def test_a_kiosk_that_is_not_ready_for_what_the_change_can_have_caused_stops_the_rest(
    signers: Signers,
) -> None:
    number = await _staged(signers)
    await signers.done(number)
    await signers.health(ready=False, reason="starting")
    await signers.turn()
    assert await signers.stands(number) == ("one", "")  # it may take some minutes
    await signers.turn(timedelta(minutes=10))
    assert await signers.stands(number) == (
        "stopped",
        "graz-1 did not come back ready (starting).",
    )


@pytest.mark.parametrize("reason", ["unreachable", "cancellation_due", "clock", "closed_by_office"])
async def test_a_kiosk_that_is_not_ready_for_another_reason_is_waited_for(
    signers: Signers, reason: str
) -> None:
    number = await _staged(signers)
    await signers.done(number)
    await signers.health(ready=False, reason=reason)
    await signers.turn(timedelta(hours=1))
    assert await signers.stands(number) == ("one", "")
    await signers.health()
    await signers.turn(timedelta(hours=1))
    assert await signers.stands(number) == ("tenth", "")
    await signers.turn(timedelta(hours=9))
    assert await signers.stands(number) == (
        "expired",
        "It expired: 29 of 30 kiosks have not done it.",
    )


async def test_who_is_disabled_between_two_stages_stops_the_rest(signers: Signers) -> None:
    number = await _staged(signers)
    await signers.done(number)
    await signers.health()
    await accounts.disable(signers.connection, "bert", "test")
    await signers.turn()
    assert (await signers.stands(number))[0] == "stopped"
    assert len(await signers.commands(number)) == 1
