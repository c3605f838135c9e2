"""Journals as older versions wrote them, with whatever those took."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal import rows, schema

AT: Final = "2026-01-01T12:00:00.000+00:00"

_PLAIN: Final[Mapping[str, Any]] = {
    "operation": "sale",
    "state": State.APPROVED.value,
    "currency": "EUR",
    "exponent": 2,
    "amount_minor": 1255,
    "tip_minor": None,
    "amount_sent_minor": 1255,
    "terminal": "88091105",
    "source_id": "1",
    "original_id": None,
    "original_terminal": None,
    "original_source_id": None,
    "language": "en",
    "reason": "",
    "receipt_number": "",
    "personal_id": "",
    "created_at": AT,
    "updated_at": AT,
    "attempts": 0,
    "next_attempt_at": None,
    "answer": None,
    "why": "",
    "note": "",
    "caller_reference": "",
    "caller_key": None,
    "original_key": None,
    "until_goods": 0,
}


def old_journal(path: Path, version: int, *found: Mapping[str, Any]) -> None:
    """Write a journal of that format; `found` are rows by column, the oldest first."""
    raw = sqlite3.connect(path, isolation_level=None)
    schema.migrate(raw, up_to=version)
    there = [row[1] for row in raw.execute("PRAGMA table_info(transactions)")]
    raw.execute("BEGIN")
    for number, given in enumerate(found):
        row = {"id": 20260101120000000 + number, **_PLAIN, **given}
        values = tuple(row[name.strip()] for name in rows.TRANSACTION_COLUMNS.split(","))
        row["checksum"] = rows.checksum(values)
        marks = ", ".join("?" * len(there))
        raw.execute(
            f"INSERT INTO transactions ({', '.join(there)}) VALUES ({marks})",
            [row[name] for name in there],
        )
        raw.execute(
            "INSERT INTO events (transaction_id, number, at, event, state_after, why)"
            " VALUES (?, 1, ?, 'BEGUN', ?, '')",
            (row["id"], AT, row["state"]),
        )
        raw.execute("UPDATE register SET last_id = max(last_id, ?)", (row["id"],))
    raw.execute("COMMIT")
    raw.close()


def stored(path: Path, column: str) -> list[Any]:
    """Return what stands in a column, the oldest first."""
    raw = sqlite3.connect(path)
    found = [row[0] for row in raw.execute(f"SELECT {column} FROM transactions ORDER BY id")]
    raw.close()
    return found
