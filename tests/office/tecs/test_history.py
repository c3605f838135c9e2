"""Exports as portals and people make them: every line that can be read is stored, every other one is named."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk_tui.office import database
from kiosk_tui.office.database import Single
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.tecs.history import Imported, import_file
from kiosk_tui.office.tecs.values import AmountUnit

SETTINGS = OfficeSettings()
GERMAN = (
    "Export vom 28.11.2026\n\n"
    "Terminal-Nr.;Transaktions-ID;Datum;Uhrzeit;Betrag (EUR);Währung;Karteninhaber;Kartennummer\n"
    "88091105;20261127140159123;27.11.2026;14:01:59;1.012,55;EUR;Erika Mustermann;411111******1111\n"
    '88091105;20261127150000000;27.11.2026;15:00:00;7;EUR;"Groß; Käthe";4111111111111111\n'
    "88091105;nichts;27.11.2026;15:00:00;7,00;EUR;;\n"
    "88091105;20261127160000000;27.11.2026;16:00:00;8,00;EUR\n"
    '11460019;20261127170000000;27.11.2026;17:00:00;"9,00;EUR;;\n'
    "11460019;20261127180000000;27.11.2026;18:00:00;-9,50;EUR;;\n"
    ";;;;;;;\n"
    "Summe;;;;1.038,05;;;\n"
    "Anzahl: 4\n"
)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Single]:
    one = await database.connect(database_url)
    yield one
    await one.close()


async def bring(
    connection: Single, path: Path, content: bytes | str, told_by: Any = "history", **more: Any
) -> Imported:
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(data)  # noqa: ASYNC240 - a small file of a test
    return await import_file(connection, SETTINGS, path, told_by, **more)


async def stored(connection: Single) -> list[tuple[str, int]]:
    rows = await connection.fetch(
        "SELECT transaction_id::text, minor FROM tecs_transaction ORDER BY transaction_id"
    )
    return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [";", "\t"])
async def test_an_export_in_any_charset_and_separator(
    connection: Single, tmp_path: Path, charset: str, separator: str
) -> None:
    text = GERMAN.replace("Groß; Käthe", "Groß, Käthe").replace(";", separator)
    found = await bring(connection, tmp_path / "export.csv", text.encode(charset))
    assert await stored(connection) == [
        ("20261127140159123", 101255), ("20261127150000000", 700), ("20261127180000000", 950),
    ]  # fmt: skip
    assert (found.taken, found.refused) == (3, 3)
    assert [number for number, _ in found.unreadable] == [6, 7, 8]
    at = await connection.fetchval("SELECT min(at) FROM tecs_transaction")
    assert at == datetime(2026, 11, 27, 13, 1, 59, tzinfo=UTC)
    kinds = await connection.fetch("SELECT kind FROM tecs_transaction ORDER BY transaction_id")
    assert kinds[-1]["kind"] == "refund"


async def test_nothing_of_cards_and_names_is_stored(connection: Single, tmp_path: Path) -> None:
    await bring(connection, tmp_path / "export.csv", GERMAN)
    for table in ("tecs_transaction", "tecs_import", "tecs_coverage"):
        for row in await connection.fetch(f"SELECT t::text AS row FROM {table} t"):
            assert "1111" not in row["row"].replace("20261127", "")
            assert "Erika" not in row["row"]


async def test_the_same_file_twice_changes_nothing(connection: Single, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    await bring(connection, path, GERMAN)
    before = await stored(connection)
    await bring(connection, path, GERMAN)
    assert await stored(connection) == before
    assert await connection.fetchval("SELECT min(times_told) FROM tecs_transaction") == 2


async def test_an_older_export_takes_nothing_back(connection: Single, tmp_path: Path) -> None:
    head = "terminalId,transactionId,amount,currency,transactionDate,clearingDate\n"
    line = "88091105,20261127140159123,1255,EUR,2026-11-27T13:01:59Z,"
    path = tmp_path / "export.csv"
    await bring(connection, path, f"{head}{line}2026-11-28T01:00:00Z\n")
    await bring(connection, path, f"{head}{line}\n")
    row = await connection.fetchrow("SELECT cleared, times_told FROM tecs_transaction")
    assert dict(row or {}) == {"cleared": True, "times_told": 2}


async def test_a_text_with_a_line_break_is_one_record(connection: Single, tmp_path: Path) -> None:
    text = (
        "terminalId,transactionId,paymentReason,amount,currency\n"
        '88091105,20261127140159123,"one\ntwo ""three""\nfour",1255,EUR\n'
        "88091105,20261127140159124,,1255,EUR\n"
    )
    found = await bring(connection, tmp_path / "export.csv", text)
    assert (found.taken, found.refused) == (2, 0)


async def test_json_of_the_services(connection: Single, tmp_path: Path) -> None:
    document = {
        "responseCode": 0,
        "pagination": {"page": 1},
        "transactionHistories": [
            {"terminalId": 88091105, "transactionId": "20261127140159123", "amount": 1255, "currency": "EUR",
             "tecsengineResponseCode": 0, "cardNumber": "4111111111111111", "cardExpiration": "2712"},
            {"terminalId": 88091105, "transactionId": None, "amount": 1},
        ],
    }  # fmt: skip
    found = await bring(connection, tmp_path / "history.json", json.dumps(document))
    assert await stored(connection) == [("20261127140159123", 1255)]
    assert (found.taken, found.refused) == (1, 1)


WHOLE = "Terminal,Transaction-ID,Betrag,Currency\n88091105,20261127140159123,12,EUR\n"


async def test_whole_amounts_under_a_strange_heading_are_asked_for(
    connection: Single, tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    with pytest.raises(OfficeError, match="--amounts"):
        await bring(connection, path, WHOLE)
    await bring(connection, path, WHOLE, amounts=AmountUnit.MAJOR)
    assert await stored(connection) == [("20261127140159123", 1200)]


@pytest.mark.parametrize(
    "content",
    ["", "nothing\n", "a;b\n1;2\n", "[]", "{", '{"a": 1}', "terminalId,transactionId\n",
     "terminalId,transactionId\n1,x\n"],
)  # fmt: skip
async def test_a_file_of_which_nothing_can_be_read_is_refused(
    connection: Single, tmp_path: Path, content: str
) -> None:
    with pytest.raises(OfficeError):
        await bring(connection, tmp_path / "export.csv", content)
    assert not await stored(connection)
    assert not await connection.fetch("SELECT FROM tecs_import")


async def test_a_file_that_is_not_there_is_told(connection: Single, tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match="cannot be read"):
        await import_file(connection, SETTINGS, tmp_path / "none.csv", "history")


async def test_what_a_file_covers(connection: Single, tmp_path: Path) -> None:
    await bring(connection, tmp_path / "export.csv", GERMAN)
    await bring(connection, tmp_path / "export.csv", GERMAN, "clearing")
    rows = await connection.fetch(
        "SELECT told_by, terminal, from_at, to_at FROM tecs_coverage ORDER BY told_by, terminal"
    )
    first, last = (
        datetime(2026, 11, 27, 13, 1, 59, tzinfo=UTC),
        datetime(2026, 11, 27, 17, tzinfo=UTC),
    )
    assert [tuple(row) for row in rows] == [
        ("clearing", "11460019", last, last),
        ("clearing", "88091105", first, datetime(2026, 11, 27, 14, tzinfo=UTC)),
        ("history", "11460019", first, last),
        ("history", "88091105", first, last),
    ]
