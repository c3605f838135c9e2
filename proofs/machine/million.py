"""A journal of years: a million ended payments, ten cancellations due."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.lab.drill.child import PROGRAM
from kiosk_tui.lab.drill.sandbox import sandbox
from proofs.proof import Row

OLD: Final = 1_000_000
DUE: Final = 10

_COLUMNS: Final = (
    "operation, state, currency, exponent, amount_minor, tip_minor, amount_sent_minor, terminal,"
    " source_id, original_id, original_terminal, original_source_id, language, reason,"
    " receipt_number, personal_id, created_at, updated_at, attempts, next_attempt_at, answer, why, note"
)


async def recovered(folder: Path) -> Row:
    """Recover exactly the ten; say how long a start takes."""
    violations = []
    async with sandbox(folder / "million", PROGRAM) as built:
        built.configure(settle_s=0.5)
        await built.sold()
        await asyncio.to_thread(_age, built.journal)
        began = time.monotonic()
        await built.recovered()
        took = time.monotonic() - began
        asked = [one for one in built.simulator.ledger.requests if one.message_type == "0013"]
        due = {str(10**13 + number) for number in range(DUE)}
        if {(one.refers_to or "").lstrip("0") for one in asked} != due:
            violations.append(f"{len(asked)} cancellations were asked, not the {DUE} that are due")
        left = _count(built.journal, State.CANCEL_DUE)
        if left:
            violations.append(f"{left} are still due")
        size = built.journal.stat().st_size // 2**20
    note = f"{size} MiB; recover took {took:.1f} s in all, settle window and process start included"
    return Row(f"{OLD:,} old payments, {DUE} due", DUE, violations, note=note)


def _age(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute(
        "WITH RECURSIVE old (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM old WHERE n < ?)"
        f" INSERT INTO transactions (id, {_COLUMNS}) SELECT {10**13} + n, t.operation,"
        " CASE WHEN n < ? THEN 'CANCEL_DUE' ELSE 'APPROVED' END,"
        f" {', '.join('t.' + name.strip() for name in _COLUMNS.split(',')[2:])}"
        " FROM old, (SELECT * FROM transactions LIMIT 1) t",
        (OLD - 1, DUE),
    )
    connection.execute(
        "INSERT INTO events (transaction_id, number, at, event, state_before, state_after, why)"
        " SELECT id, 1, created_at, 'BEGUN', NULL, state, '' FROM transactions WHERE id < ?",
        (2 * 10**13,),
    )
    connection.execute("COMMIT")
    connection.close()


def _count(path: Path, state: State) -> int:
    connection = sqlite3.connect(path)
    (found,) = connection.execute(
        "SELECT count(*) FROM transactions WHERE state = ?", (state,)
    ).fetchone()
    connection.close()
    return int(found)
