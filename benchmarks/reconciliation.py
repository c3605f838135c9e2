"""How long reconciling takes: as many journal rows as rows of TECS's history, and clearing beside them.

Run it by itself: `python -m benchmarks.reconciliation [ROWS]`. Needs PostgreSQL's programs. Prints seconds,
asserts nothing.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk_tui.office import database
from kiosk_tui.office.database import Connection
from kiosk_tui.office.local_database import LocalDatabase
from kiosk_tui.office.reconciliation.batches import clearing_batches
from kiosk_tui.office.reconciliation.compare import disagreements
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.tecs.history import import_file

ROWS: Final = 2_000_000
DAYS: Final = 30

# One in twenty is declined, one in thirty was cancelled, one in fifty is a refund; prices are few, as at
# a kiosk that sells tickets. Row i is at a terminal of its own turn, so that neighbours are at others.
_JOURNAL: Final = """
INSERT INTO kiosk_transaction (kiosk_id, transaction_id, epoch, number, state, operation, currency, exponent,
    minor, tip_minor, sent_minor, terminal, source_id, begun_at, changed_at, approved_at, cancelled_at,
    response_code, stan, authorization_number, brand)
SELECT 'kiosk-' || k, 20260000000000000 + i, 'a', 2,
    CASE WHEN i % 20 = 7 THEN 'DECLINED' WHEN i % 30 = 11 THEN 'CANCELLED' ELSE 'APPROVED' END,
    CASE WHEN i % 50 = 13 THEN 'refund' ELSE 'sale' END, 'EUR', 2, 350 + (i % 4) * 100, NULL,
    350 + (i % 4) * 100, lpad((10000000 + k)::text, 8, '0'), '1', at, at + interval '20 s', at + interval '20 s',
    CASE WHEN i % 30 = 11 AND i % 20 <> 7 THEN at + interval '40 s' END,
    CASE WHEN i % 20 = 7 THEN '51' ELSE '0' END, lpad((i / $2 % 1000000)::text, 6, '0'),
    lpad((i * 7919 % 1000000)::text, 6, '0'), 'VISA'
FROM generate_series(1, $1::bigint) i, LATERAL (
    SELECT i % $2 AS k, $3::timestamptz + i * ($4::timestamptz - $3::timestamptz) / $1 AS at) one
"""
_HISTORY: Final = """
INSERT INTO tecs_transaction (terminal, transaction_id, told_by, source_id, kind, response_code, verdict, minor,
    tip_minor, currency, authorization_number, stan, brand, at)
SELECT terminal, transaction_id, 'history', '1', CASE WHEN operation = 'refund' THEN 'refund' ELSE 'charge' END,
    response_code, CASE WHEN state = 'DECLINED' THEN 'declined' ELSE 'approved' END, minor, tip_minor, currency,
    authorization_number, stan, 'Visa', begun_at + interval '15 s'
FROM kiosk_transaction
UNION ALL
SELECT terminal, transaction_id + 50000000000000000, 'history', '1', 'cancellation', '0', 'approved', minor, NULL,
    currency, '', '', 'Visa', cancelled_at
FROM kiosk_transaction WHERE state = 'CANCELLED'
"""
_ORIGINALS: Final = """
UPDATE tecs_transaction SET original_id = transaction_id - 50000000000000000 WHERE kind = 'cancellation'
"""
_CLEARING: Final = """
INSERT INTO tecs_transaction (terminal, transaction_id, told_by, kind, minor, currency, clearing_batch,
    clearing_minor, cleared, at)
SELECT terminal, transaction_id, 'clearing', CASE WHEN operation = 'refund' THEN 'refund' ELSE 'charge' END, minor,
    currency, 'B' || to_char(begun_at, 'YYYYMMDD'), minor, true, begun_at + interval '15 s'
FROM kiosk_transaction WHERE state = 'APPROVED'
"""
_COVERAGE: Final = """
WITH one AS (
    INSERT INTO tecs_import (told_by, sha256, taken, refused) VALUES ('history', '', 1, 0) RETURNING import_id)
INSERT INTO tecs_coverage (import_id, terminal, told_by, from_at, to_at)
SELECT import_id, terminal, 'history', $1, $2
FROM one, (SELECT DISTINCT terminal FROM kiosk_transaction) used
"""


async def sound(
    connection: Connection, rows: int, kiosks: int, since: datetime, until: datetime
) -> None:
    """Fill journals, history and clearing with `rows` transactions on which all agree."""
    margin = timedelta(hours=1)
    await connection.execute(_JOURNAL, rows, kiosks, since, until, timeout=600)
    await connection.execute(_HISTORY, timeout=600)
    await connection.execute(_ORIGINALS, timeout=600)
    await connection.execute(_CLEARING, timeout=600)
    await connection.execute(_COVERAGE, since - margin, until + margin)
    await connection.execute("ANALYZE")


async def _measured(server: LocalDatabase, rows: int, folder: Path) -> None:
    connection = await database.connect(server.url)
    try:
        await database.migrate(connection)
        now = datetime.now(UTC)
        since, until = now - timedelta(days=DAYS), now - timedelta(hours=2)
        with _told(f"make {rows:,} transactions, their history and clearing", server):
            await sound(connection, rows, max(1, rows // 6000), since, until)
        for _ in range(2):
            with _told("reconcile three ways", server):
                found = await disagreements(connection, OfficeSettings(), DAYS + 1, now)
            sys.stdout.write(f"  {len(found)} disagreements\n")
        with _told("tie to clearing batches", server):
            await clearing_batches(connection, DAYS + 1, now)
        file = folder / "history.csv"
        file.write_text(_export(rows, since))
        with _told(f"import {rows:,} lines of history", server):
            await import_file(connection, OfficeSettings(), file, "history")
    finally:
        await connection.close()


def _export(rows: int, since: datetime) -> str:
    lines = (
        f"88091105,{20261101000000000 + i},12,{i % 100:02},EUR,{since:%Y%m%d%H%M%S},0,{i % 1_000_000},VISA"
        for i in range(rows)
    )
    head = "terminalId;transactionId;amount;currency;transactionDate;tecsengineResponseCode;traceNumber;cardBrand"
    return "\n".join((head, *(one.replace(",", ";").replace(";12;", ";12,") for one in lines)))


@contextmanager
def _told(what: str, server: LocalDatabase) -> Iterator[None]:
    """Print how long it took, and how long processors worked on it: on a busy machine the two differ."""
    began, worked = time.perf_counter(), _processors_s(server)
    yield
    took, worked = time.perf_counter() - began, _processors_s(server) - worked
    sys.stdout.write(f"{what}: {took:.1f} s, of which processors worked {worked:.1f} s\n")
    sys.stdout.flush()


def _processors_s(server: LocalDatabase) -> float:
    """Return the processor time of this process and of the server's, also of those that have ended."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    total = own.ru_utime + own.ru_stime
    ticks = os.sysconf("SC_CLK_TCK")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if server.pid in (int(fields[1]), int(stat.parent.name)):
                total += sum(map(int, fields[11:13])) / ticks
            if int(stat.parent.name) == server.pid:
                total += sum(map(int, fields[13:15])) / ticks
    return total


def main() -> None:
    """Print how long it took."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = LocalDatabase(Path(folder) / "pg", durable=False)
        server.start()
        try:
            asyncio.run(_measured(server, rows, Path(folder)))
        finally:
            server.stop("immediate")


if __name__ == "__main__":
    main()
