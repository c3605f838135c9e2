"""TECS's history, turnover or clearing from a file: CSV or JSON, as its portal and services give them.

All that can be read is stored in one transaction; each line that cannot be is named with its number, and costs
no other. The same file twice changes nothing. Which terminals and times a file tells of is kept, because only
what a history covers can be missing in it.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from kiosk_tui.office.database import Connection
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.tecs import storing, values
from kiosk_tui.office.tecs.allowed import EntryError, Reading, TecsEntry, read_entry
from kiosk_tui.office.tecs.documents import transactions_in
from kiosk_tui.office.tecs.names import NAMES, field_of
from kiosk_tui.office.tecs.tables import Table, TableError, table_in
from kiosk_tui.office.tecs.values import AmountUnit

MOST_NAMED: Final = 100
"""So many lines that cannot be read are named; all are counted."""
MOST_JSON: Final = 512 * 1024 * 1024
"""Bytes of a JSON file, which is read whole; for more there is CSV."""

_CHUNK: Final = 20_000
_AMOUNTS: Final = ("amount", "tip", "clearing_amount")
_OF_SERVICES: Final = ("amount", "tipAmount", "clearingAmount", "transactionAmount",
                       "tip_amount", "clearing_amount", "transaction_amount")  # fmt: skip
"""Names of TECS's services, whose amounts are whole numbers of minor units."""


@dataclass(slots=True)
class Imported:
    """What came of a file: `unreadable` are line (or place) and sentence of the first that cannot be read."""

    taken: int = 0
    refused: int = 0
    unreadable: list[tuple[int, str]] = field(default_factory=list)
    spans: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def refuse(self, number: int, why: str) -> None:
        """Note a line that cannot be read."""
        self.refused += 1
        if len(self.unreadable) < MOST_NAMED:
            self.unreadable.append((number, why))

    def take(self, entry: TecsEntry) -> TecsEntry:
        """Note an entry, and what it covers."""
        self.taken += 1
        first, last = self.spans.get(entry.terminal, (entry.at, entry.at))
        self.spans[entry.terminal] = min(first, entry.at), max(last, entry.at)
        return entry


async def import_file(
    connection: Connection,
    settings: OfficeSettings,
    path: Path,
    told_by: Literal["history", "clearing"],
    amounts: AmountUnit | None = None,
) -> Imported:
    """Take a file in one transaction. `amounts` is what whole amounts count, where a file leaves that open.

    Raises `OfficeError` when nothing of the file can be read.
    """
    imported = Imported()
    try:
        digest = _digest(path)
        entries = _entries(path, settings, told_by, amounts, imported)
        async with connection.transaction():
            while chunk := list(itertools.islice(entries, _CHUNK)):
                await storing.put(connection, chunk)
            if not imported.taken:
                why = (
                    imported.unreadable[0][1] if imported.unreadable else "It holds no transaction."
                )
                raise OfficeError(f"{path}: nothing of it can be read. {why}")
            await storing.merge(connection)
            await _cover(connection, imported, told_by, digest)
    except OSError as error:
        raise OfficeError(f"{path} cannot be read: {error.strerror}.") from error
    except TableError as error:
        raise OfficeError(str(error)) from error
    return imported


async def _cover(connection: Connection, imported: Imported, told_by: str, digest: bytes) -> None:
    """Note which terminals the file tells of, and from when to when.

    A history that tells of a terminal at all tells of it for its whole time. Clearing comes terminal by
    terminal: there each covers its own time.
    """
    number = await connection.fetchval(
        "INSERT INTO tecs_import (told_by, sha256, taken, refused) VALUES ($1, $2, $3, $4)"
        " RETURNING import_id",
        told_by,
        digest,
        imported.taken,
        imported.refused,
    )
    whole = (
        min(first for first, _ in imported.spans.values()),
        max(last for _, last in imported.spans.values()),
    )
    await connection.executemany(
        "INSERT INTO tecs_coverage (import_id, terminal, told_by, from_at, to_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        [
            (number, terminal, told_by, *(whole if told_by == "history" else span))
            for terminal, span in imported.spans.items()
        ],
    )


def _entries(
    path: Path,
    settings: OfficeSettings,
    told_by: Literal["history", "clearing"],
    amounts: AmountUnit | None,
    imported: Imported,
) -> Iterator[TecsEntry]:
    if _is_json(path):
        reading = Reading(told_by, settings.zone, lambda _field: amounts or AmountUnit.MINOR)
        return _read(_of_json(path), reading, imported)
    table = table_in(path)
    units = _units(table, amounts)
    reading = Reading(told_by, settings.zone, lambda name: units.get(name, AmountUnit.MINOR))
    return _read(_of_table(table), reading, imported)


def _read(
    found: Iterable[tuple[int, list[tuple[str, Any]] | None]], reading: Reading, imported: Imported
) -> Iterator[TecsEntry]:
    for number, fields in found:
        if fields is None:
            imported.refuse(number, "It does not have as many columns as the heading.")
            continue
        try:
            yield imported.take(read_entry(fields, reading))
        except EntryError as error:
            imported.refuse(number, str(error))


def _of_table(table: Table) -> Iterator[tuple[int, list[tuple[str, Any]] | None]]:
    for line in table.lines():
        cells = line.cells
        yield line.number, None if cells is None else [*zip(table.heading, cells, strict=True)]


def _of_json(path: Path) -> Iterator[tuple[int, list[tuple[str, Any]]]]:
    if path.stat().st_size > MOST_JSON:
        raise OfficeError(f"{path} is longer than {MOST_JSON} bytes: export it as CSV.")
    try:
        yield from enumerate(transactions_in(path.read_bytes()), 1)
    except EntryError as error:
        raise OfficeError(f"{path}: {error}") from error


def _is_json(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(256)
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in (b"{", b"[")


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _units(table: Table, amounts: AmountUnit | None) -> dict[str, AmountUnit]:
    """Find out what each column of amounts counts. Raises `OfficeError` where it may be either.

    Decimals anywhere in a column say that all of it is in major units, also what is written without them.
    """
    columns = {
        place: name for place, name in enumerate(table.heading) if field_of(name) in _AMOUNTS
    }
    if amounts is not None:
        return {field_of(name): amounts for name in columns.values()}
    used: set[str] = set()
    units: dict[str, AmountUnit] = {}
    for line in table.lines():
        for place, name in columns.items() if line.cells else ():
            cell = line.cells[place] if line.cells else ""
            if cell.strip():
                used.add(name)
                if values.has_decimals(cell):
                    units[field_of(name)] = AmountUnit.MAJOR
        if len(units) == len(columns):
            break
    for name in used:
        if not (name in _OF_SERVICES or units):
            raise OfficeError(
                f"{table.path}: no amount under '{name[:40]}' has decimals: say with --amounts whether they"
                " are `minor` units (cents) or `major` ones."
            )
    # beside a column with decimals, one of whole numbers is of the same kind
    other = AmountUnit.MAJOR if units else AmountUnit.MINOR
    return {field_of(name): units.get(field_of(name), other) for name in columns.values()}


assert set(_AMOUNTS) <= NAMES.keys()  # noqa: S101 - two tables that belong together
