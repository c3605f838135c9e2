"""The office's second opinion is stored as what it is, and changes no disagreement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk_tui.office import database
from kiosk_tui.office.database import Single
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.reconciliation.compare import disagreements
from kiosk_tui.office.settings import OfficeSettings, TecsSection
from kiosk_tui.office.tecs.asking import ask

ID = "20261127140159123"
SETTINGS = OfficeSettings(
    tecs=TecsSection(url="https://tecs.example/merchantservices", user="office")
)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Single]:
    one = await database.connect(database_url)
    yield one
    await one.close()


def tecs(status: int = 200, **more: Any) -> httpx.MockTransport:
    answer = {
        "responseCode": 0, "transactionId": ID, "terminalId": 88091105, "tecsengineResponseCode": 51,
        "amount": 1255, "currency": "EUR", "cardNumber": "4111111111111111", "cardExpiration": "2712",
    }  # fmt: skip
    return httpx.MockTransport(lambda _request: httpx.Response(status, json=answer | more))


async def test_what_tecs_says_is_stored_and_settles_nothing(connection: Single) -> None:
    at = datetime(2026, 11, 27, 13, 1, 59, tzinfo=UTC)
    await connection.execute(
        "INSERT INTO tecs_transaction (terminal, transaction_id, told_by, kind, minor, currency, at,"
        " first_told_at) VALUES ('88091105', $1, 'push', 'charge', 1255, 'EUR', $2, $2)",
        int(ID),
        at,
    )
    now = datetime(2026, 11, 28, tzinfo=UTC)
    before = await disagreements(connection, SETTINGS, 35, now)
    assert len(before) == 1
    opinion = await ask(connection, SETTINGS, "88091105", ID.zfill(20), tecs())
    assert opinion.known
    row = await connection.fetchrow("SELECT * FROM tecs_transaction WHERE told_by = 'status'")
    assert row is not None
    assert (row["verdict"], row["response_code"], row["minor"]) == ("declined", "51", 1255)
    assert "4111" not in str(dict(row))
    assert await disagreements(connection, SETTINGS, 35, now) == before


async def test_what_tecs_does_not_know_is_not_stored(connection: Single) -> None:
    assert (await ask(connection, SETTINGS, "88091105", ID, tecs(400))).known is False
    assert (await ask(connection, SETTINGS, "88091105", ID, tecs(500))).known is None
    assert not await connection.fetchval("SELECT count(*) FROM tecs_transaction")


@pytest.mark.parametrize(
    ("settings", "terminal", "named", "why"),
    [
        (OfficeSettings(), "88091105", ID, "tecs.url"),
        (SETTINGS, "8809110", ID, "8 digits"),
        (SETTINGS, "88091105", "x", "not a transaction id"),
        (SETTINGS, "88091105", "000000000", "ends in 000000000"),
        (
            OfficeSettings(tecs=TecsSection(url="https://x", password_file=Path("/none"))),
            "88091105", ID, "cannot be read",
        ),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_told(
    connection: Single, settings: OfficeSettings, terminal: str, named: str, why: str
) -> None:
    with pytest.raises(OfficeError, match=why):
        await ask(connection, settings, terminal, named, tecs())


async def test_the_reference_of_a_slip_is_enough(connection: Single) -> None:
    at = datetime(2026, 11, 27, 13, tzinfo=UTC)
    insert = (
        "INSERT INTO kiosk_transaction (kiosk_id, transaction_id, epoch, number, state, operation, currency,"
        " exponent, minor, sent_minor, terminal, source_id, begun_at, changed_at)"
        " VALUES ('museum', $1, 'a', 1, 'APPROVED', 'sale', 'EUR', 2, 1255, 1255, '88091105', '01', $2, $2)"
    )
    await connection.execute(insert, int(ID), at)
    assert (await ask(connection, SETTINGS, "88091105", ID[-9:], tecs())).known
    await connection.execute(insert, int(ID) - 10**9, at)
    with pytest.raises(OfficeError, match="whole id"):
        await ask(connection, SETTINGS, "88091105", ID[-9:], tecs())


def test_a_password_that_others_may_read_is_refused(tmp_path: Path) -> None:
    from kiosk_tui.office.tecs.asking import _password  # noqa: PLC0415

    file = tmp_path / "password"
    file.write_text("secret\n")
    file.chmod(0o644)
    settings = OfficeSettings(tecs=TecsSection(url="https://x", password_file=file))
    with pytest.raises(OfficeError, match="chmod 600"):
        _password(settings)
    file.chmod(0o600)
    assert _password(settings).reveal() == "secret"
