"""Whatever sound things kiosks and TECS do, and in whichever way TECS tells them, nothing disagrees."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_tui.office import database
from kiosk_tui.office.database import Single
from kiosk_tui.office.reconciliation.batches import clearing_batches
from kiosk_tui.office.reconciliation.compare import disagreements
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.tecs.allowed import Reading, read_entry
from kiosk_tui.office.tecs.storing import store

SETTINGS = OfficeSettings()
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
START = datetime(2026, 11, 1, tzinfo=UTC)
KINDS = {"sale": "SALE", "refund": "REFUND", "moto": "MOTO", "preauthorization": "PREAUTH"}

DEED = st.fixed_dictionaries(
    {
        "operation": st.sampled_from(sorted(KINDS)),
        "state": st.sampled_from(["APPROVED", "APPROVED", "DECLINED", "CANCELLED", "NOT_SENT", "NEEDS_STAFF"]),
        "minor": st.sampled_from([350, 350, 1255]),
        "tip": st.sampled_from([None, 0, 145]),
        "tip_in_amount": st.booleans(),
        "minutes": st.integers(0, 60 * 24 * 20),
        "terminal": st.sampled_from(["88091105", "11460019"]),
        "cleared": st.booleans(),
        "as_own_row": st.booleans(),
        "pushed": st.booleans(),
        "in_words": st.booleans(),
    }
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(DEED, max_size=12))
def _agrees(url: str, deeds: list[dict[str, Any]]) -> None:
    asyncio.run(_check(url, deeds))


def test_sound_days_find_nothing(database_url: str) -> None:
    _agrees(database_url)


async def _check(url: str, deeds: list[dict[str, Any]]) -> None:
    connection = await database.connect(url)
    try:
        await connection.execute(
            "TRUNCATE tecs_transaction, kiosk_transaction, tecs_import CASCADE"
        )
        for number, deed in enumerate(deeds, 1):
            await _record(connection, number, deed)
            await _tell(connection, number, deed)
        await _cover(connection)
        assert await disagreements(connection, SETTINGS, 35, NOW) == ()
        batches = await clearing_batches(connection, 35, NOW)
        assert all(one.cleared_minor == one.recorded_minor for one in batches)
    finally:
        await connection.close()


async def _record(connection: Single, number: int, deed: dict[str, Any]) -> None:
    at = START + timedelta(minutes=deed["minutes"])
    total = deed["minor"] + (deed["tip"] or 0)
    await connection.execute(
        "INSERT INTO kiosk_transaction (kiosk_id, transaction_id, epoch, number, state, operation, currency,"
        " exponent, minor, tip_minor, sent_minor, terminal, source_id, begun_at, changed_at, approved_at,"
        " cancelled_at) VALUES ($1, $2, 'a', 2, $3, $4, 'EUR', 2, $5, $6, $7, $8, '1', $9, $9, $9, $9)",
        f"kiosk-{deed['terminal']}", number, deed["state"], deed["operation"], total, deed["tip"],
        deed["minor"], deed["terminal"], at,
    )  # fmt: skip


async def _tell(connection: Single, number: int, deed: dict[str, Any]) -> None:
    if deed["state"] == "NOT_SENT":
        return
    at = START + timedelta(minutes=deed["minutes"], seconds=7)
    total = deed["minor"] + (deed["tip"] or 0)
    word: dict[str, Any] = {
        "terminalId": deed["terminal"].zfill(12)[-8:], "transactionId": str(number).zfill(20),
        "currency": "EUR", "transactionDate": at.isoformat(), "transactionType": KINDS[deed["operation"]],
        "amount": str(total if deed["tip_in_amount"] else deed["minor"]), "authorizationCode": f"A{number}",
    }  # fmt: skip
    if not deed["tip_in_amount"] and deed["tip"] is not None:
        word["tipAmount"] = str(deed["tip"])
    if deed["state"] == "DECLINED":
        word |= {"status": "DECLINED"} if deed["in_words"] else {"tecsengineResponseCode": "51"}
    told = [("history", word)]
    if deed["state"] == "CANCELLED":
        if deed["as_own_row"]:
            own = word | {"transactionId": str(number + 1000), "originalTransactionId": str(number)}
            told.append(("history", own | {"transactionType": "STORNO"}))
        else:
            word |= {"status": "REVERSED"} if deed["in_words"] else {"cancelled": True}
    if deed["pushed"]:
        told.append(("push", dict(word)))
    moves = deed["operation"] != "preauthorization" and deed["state"] == "APPROVED"
    if deed["cleared"] and moves:
        day = f"{at:%Y%m%d}"
        told.append(
            ("clearing", word | {"amount": str(total), "tipAmount": "", "clearingBatchId": day})
        )
    for told_by, each in told:
        reading = Reading(told_by, SETTINGS.zone, now=lambda: NOW)  # type: ignore[arg-type]
        await store(connection, [read_entry(each.items(), reading)])


async def _cover(connection: Single) -> None:
    await connection.execute(
        "WITH one AS (INSERT INTO tecs_import (told_by, sha256, taken, refused)"
        " VALUES ('history', '', 1, 0) RETURNING import_id)"
        " INSERT INTO tecs_coverage SELECT import_id, terminal, 'history', $1, $2"
        " FROM one, unnest(ARRAY['88091105', '11460019']) AS used (terminal)",
        START - timedelta(days=1),
        NOW,
    )
