"""What is planted among thousands of sound transactions is found, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.reconciliation import sound
from kiosk_tui.office import database
from kiosk_tui.office.database import Single
from kiosk_tui.office.reconciliation.compare import disagreements
from kiosk_tui.office.reconciliation.disagreement import Disagreement, DisagreementKind
from kiosk_tui.office.settings import OfficeSettings

K = DisagreementKind
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TERMINAL = "88091105"


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Single]:
    one = await database.connect(database_url)
    yield one
    await one.close()


async def here(connection: Single, number: int, **more: Any) -> None:
    """Record a transaction in a kiosk's journal: an approved sale of 12.55, if nothing else is said."""
    at = more.get("begun_at", NOON)
    row = {
        "kiosk_id": "museum", "transaction_id": number, "epoch": "a", "number": 2, "state": "APPROVED",
        "operation": "sale", "currency": "EUR", "exponent": 2, "minor": 1255, "sent_minor": 1255,
        "terminal": TERMINAL, "source_id": "1", "begun_at": at, "changed_at": at, "approved_at": at,
    } | more  # fmt: skip
    await _insert(connection, "kiosk_transaction", row)


async def there(connection: Single, number: int, **more: Any) -> None:
    """Let TECS tell of a transaction: in its history, approved, 12.55, if nothing else is said."""
    row = {
        "terminal": TERMINAL, "transaction_id": number, "told_by": "history", "kind": "charge",
        "response_code": "0", "minor": 1255, "currency": "EUR", "at": NOON, "first_told_at": NOON,
        "last_told_at": NOON + timedelta(days=1),
    } | more  # fmt: skip
    await _insert(connection, "tecs_transaction", row)


async def covered(connection: Single, told_by: str = "history") -> None:
    """Let a file tell of the terminal for a week."""
    number = await connection.fetchval(
        "INSERT INTO tecs_import (told_by, sha256, taken, refused) VALUES ($1, '', 1, 0)"
        " RETURNING import_id",
        told_by,
    )
    row = {"import_id": number, "terminal": TERMINAL, "told_by": told_by}
    week = timedelta(days=7)
    await _insert(connection, "tecs_coverage", row | {"from_at": NOON - week, "to_at": NOON + week})


async def _insert(connection: Single, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *row.values())


async def found(connection: Single, days: int = 35) -> tuple[Disagreement, ...]:
    return await disagreements(connection, OfficeSettings(), days, NOW)


def named(all_of: tuple[Disagreement, ...]) -> set[tuple[DisagreementKind, str, bool]]:
    return {(one.kind, one.transaction_id, one.confirmed) for one in all_of}


async def _plant(connection: Single) -> set[tuple[DisagreementKind, str, bool]]:
    """Plant one of each kind, and return what is to be found."""
    await covered(connection)
    await there(connection, 1, minor=111)
    await here(connection, 2)
    await here(connection, 3)
    await there(connection, 3, minor=1355)
    await here(connection, 4)
    await there(connection, 4, verdict="declined", response_code="51")
    await here(connection, 5, state="DECLINED", approved_at=None)
    await there(connection, 5)
    await here(connection, 6, state="CANCELLED", cancelled_at=NOON)
    await there(connection, 6, cancelled=True)
    await there(connection, 6, told_by="clearing", clearing_minor=1255, cleared=True)
    await here(connection, 7, minor=700)
    await there(connection, 7, minor=700, authorization_number="A1")
    minute = timedelta(minutes=1)
    await here(connection, 8, minor=700, begun_at=NOON + minute)
    await there(connection, 8, minor=700, authorization_number="A1", at=NOON + minute)
    await here(connection, 9, minor=900)
    await there(connection, 9, minor=900)
    await there(connection, 9, minor=900, sequence=2)
    await here(connection, 10)
    await here(connection, 10, kiosk_id="museum-2")
    await there(connection, 10)
    await here(connection, 11)
    await there(connection, 11, currency="CHF")
    await here(connection, 12, minor=333)
    await there(connection, 12, minor=333)
    await there(connection, 13, minor=333, at=NOON + minute)
    await here(connection, 14, state="NOTHING_TO_CANCEL", approved_at=None)
    await there(connection, 14)
    await here(connection, 15)
    await there(connection, 15)
    await there(connection, 15, told_by="clearing", clearing_minor=1200, cleared=True)
    await there(connection, 16, told_by="push", minor=9900)
    return {
        (K.CHARGED_WITHOUT_RECORD, "1", True),
        (K.UNKNOWN_AT_TECS, "2", True),
        (K.AMOUNT_DIFFERS, "3", True),
        (K.STATE_DIFFERS, "4", True),
        (K.STATE_DIFFERS, "5", True),
        (K.CANCELLED_HERE_CLEARED_THERE, "6", True),
        (K.CHARGED_TWICE, "8", True),
        (K.CHARGED_TWICE, "9", True),
        (K.RECORDED_TWICE, "10", True),
        (K.CURRENCY_DIFFERS, "11", True),
        (K.CHARGED_TWICE, "13", True),
        (K.STATE_DIFFERS, "14", True),
        (K.AMOUNT_DIFFERS, "15", True),
        (K.CHARGED_WITHOUT_RECORD, "16", False),
    }


async def test_what_is_planted_among_thousands_is_found_and_nothing_else(
    connection: Single,
) -> None:
    await sound(connection, 6000, 5, NOW - timedelta(days=20), NOW - timedelta(days=1))
    assert await found(connection) == ()
    planted = await _plant(connection)
    # the terminal's kiosk has spoken since then
    await here(connection, 99, begun_at=NOON + timedelta(days=6))
    await there(connection, 99, at=NOON + timedelta(days=6))
    every = await found(connection)
    assert named(every) == planted
    by_id = {one.transaction_id: one for one in every}
    assert by_id["1"].kiosk_id == "museum"
    assert by_id["1"].said_by == ("history",)
    assert by_id["3"].minor == 100
    assert (by_id["3"].here, by_id["3"].there) == ("1255", "1355")
    assert by_id["6"].said_by == ("journal", "clearing")
    assert by_id["8"].other_id == "7"
    assert by_id["13"].other_id == "12"
    assert by_id["15"].minor == 55
    assert by_id["10"].said_by == ("journal",)
    assert "museum-2" in by_id["10"].here
    assert all(one.todo and one.what and one.age > timedelta(0) for one in every)
    assert not by_id["16"].confirmed
    assert every[-1].transaction_id == "16"  # a question comes after what is known


async def test_a_push_settles_nothing_and_hides_nothing(connection: Single) -> None:
    await covered(connection)
    planted = await _plant(connection)
    await here(connection, 99, begun_at=NOON + timedelta(days=6))
    await there(connection, 99, at=NOON + timedelta(days=6))
    before = named(await found(connection))
    assert before == planted
    later = {"first_told_at": NOW, "last_told_at": NOW, "as_of": NOW}
    lies: tuple[dict[str, Any], ...] = (
        {"verdict": "declined", "response_code": "51"},
        {"cancelled": True},
        {"minor": 1255},
        {"cleared": True, "clearing_minor": 1255},
        {"kind": "other"},
    )
    for number in range(1, 17):
        for story, lie in enumerate(lies):
            more = {"told_by": "push", "story": str(story)} | later | lie
            await there(connection, number, **more)
        await there(
            connection, number + 1000, told_by="push", kind="cancellation", original_id=number
        )
    assert before <= named(await found(connection))
    more_of_it = named(await found(connection)) - before
    assert all(not confirmed for _, _, confirmed in more_of_it)


async def test_what_history_tells_after_a_push_answers_its_question(connection: Single) -> None:
    await there(connection, 1, told_by="push", first_told_at=NOON)
    assert named(await found(connection)) == {(K.CHARGED_WITHOUT_RECORD, "1", False)}
    await there(connection, 1, verdict="declined", last_told_at=NOON + timedelta(days=1))
    assert await found(connection) == ()


async def test_a_charge_whose_kiosk_has_not_sent_its_journal_yet_is_a_question(
    connection: Single,
) -> None:
    await here(connection, 1, begun_at=NOON - timedelta(days=1))
    await there(connection, 1, at=NOON - timedelta(days=1))
    await there(connection, 2)
    (one,) = await found(connection)
    assert (one.kind, one.kiosk_id, one.confirmed) == (K.CHARGED_WITHOUT_RECORD, "museum", False)
    assert one.waiting
    await connection.execute(
        "INSERT INTO kiosk (kiosk_id, last_seen, health) VALUES ('museum', $1, $2)",
        NOW,
        {"queued": 3},
    )
    (one,) = await found(connection)
    assert one.waiting
    await connection.execute("UPDATE kiosk SET health = $1", {"queued": 0})
    (one,) = await found(connection)
    assert one.confirmed


async def test_both_sides_get_time_to_settle(connection: Single) -> None:
    await there(connection, 1, at=NOW - timedelta(minutes=59))
    await here(connection, 2, begun_at=NOW - timedelta(days=1), changed_at=NOW)
    await there(connection, 2, at=NOW - timedelta(days=1), minor=1)
    assert await found(connection) == ()


@pytest.mark.parametrize(
    "state", ["AUTHORIZING", "CANCEL_DUE", "VOID_DUE", "NEEDS_STAFF", "SETTLED"]
)
async def test_what_is_open_or_settled_by_staff_is_no_disagreement(
    connection: Single, state: str
) -> None:
    await here(connection, 1, state=state)
    await there(connection, 1)
    assert await found(connection) == ()


async def test_the_absence_of_a_push_proves_nothing(connection: Single) -> None:
    await here(connection, 1)
    assert await found(connection) == ()
    await covered(connection, "clearing")
    assert named(await found(connection)) == {(K.UNKNOWN_AT_TECS, "1", True)}
    await there(connection, 1, told_by="push")
    assert named(await found(connection)) == {(K.UNKNOWN_AT_TECS, "1", True)}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"minor": 1400, "tip_minor": 145}, {"minor": 1255, "tip_minor": 145}),
        ({"minor": 1400, "tip_minor": 145}, {"minor": 1400, "tip_minor": 145}),
        ({"minor": 1400, "tip_minor": 145}, {"minor": 1255}),
        ({}, {"minor": None}),
        ({}, {"currency": ""}),
        ({"state": "CANCELLED", "cancelled_at": NOON}, {"cancelled": True}),
        ({"state": "CANCELLED", "cancelled_at": NOON}, {"cancelled": None}),
        ({"operation": "preauthorization"}, {"kind": "reserve", "clearing_minor": 5}),
    ],
)
async def test_what_is_told_in_another_way_is_no_disagreement(
    connection: Single, ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    await here(connection, 1, **ours)
    await there(connection, 1, **theirs)
    assert await found(connection) == ()


async def test_a_cancellation_that_stands_in_the_history_by_itself_belongs_to_its_original(
    connection: Single,
) -> None:
    await here(connection, 1, state="CANCELLED", cancelled_at=NOON)
    await there(connection, 1)
    await there(connection, 2, kind="cancellation", original_id=1)
    await here(connection, 3, state="CANCELLED", cancelled_at=NOON)
    await there(connection, 3)
    # history tells cancellations, and has none of this one: the customer is still charged
    assert named(await found(connection)) == {(K.STATE_DIFFERS, "3", True)}
    await there(connection, 4, kind="", original_id=3)
    assert named(await found(connection)) == {(K.STATE_DIFFERS, "3", True)}


async def test_what_another_kiosk_cancelled_is_on_record_there(connection: Single) -> None:
    await here(connection, 1)
    await there(connection, 1, cancelled=True)
    assert named(await found(connection)) == {(K.STATE_DIFFERS, "1", True)}
    await here(connection, 2, kiosk_id="desk", operation="cancellation", original_id=1)
    await there(connection, 2, kind="cancellation")
    assert await found(connection) == ()


async def test_two_customers_who_buy_the_same_are_no_double(connection: Single) -> None:
    for number, minutes in ((1, 0), (2, 1), (3, 2)):
        at = NOON + timedelta(minutes=minutes)
        await here(connection, number, begun_at=at)
        await there(
            connection,
            number,
            at=at,
            authorization_number=f"A{number}",
            stan=str(number),
            brand="Visa",
        )
    assert await found(connection) == ()
