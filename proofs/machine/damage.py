"""Damage to the journal's file: refused, or nothing has changed of what is due, ordered or paid back."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk_tui.domain.identity import CallerReference, Original, Place, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal import database, rows, schema
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.watermark import Watermark
from proofs.proof import Row

_NOW: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
_ORDER: Final = Order(Operation.SALE, Money(1255, Currency("EUR", 2)), Place("88091105", "1"))
_DUE: Final = (State.AUTHORIZING, State.CANCEL_DUE)
_ORIGINAL: Final = Original(TransactionId("20250101120000777"), Place("88091105", "1"))
_CALLER: Final = CallerReference("till-7/4711")


def flipped(folder: Path, times: int, chance: random.Random, *, checked: bool) -> Row:
    """Flip single bits anywhere; unchecked is the control: a register that reads what is there."""
    path = _journal(folder)
    fault = "one bit of the journal flips" + ("" if checked else ", and nobody checks")
    return _flipped(path, range(path.stat().st_size * 8), times, chance, fault, checked=checked)


def large(folder: Path, times: int, chance: random.Random, *, checked: bool) -> Row:
    """Flip bits of the indexes in a journal that counts as too large to be checked whole."""
    path = _journal(folder)
    bits = [at * 8 + bit for at in _indexes(path) for bit in range(schema.PAGE_SIZE * 8)]
    fault = "one bit of an index flips in a large journal" + (
        "" if checked else ", and nobody checks"
    )
    with _counting_as_large():
        return _flipped(path, bits, times, chance, fault, checked=checked)


@contextmanager
def _counting_as_large() -> Iterator[None]:
    before = database.CHECKED_WHOLE_BYTES
    database.CHECKED_WHOLE_BYTES = 0  # type: ignore[misc]
    try:
        yield
    finally:
        database.CHECKED_WHOLE_BYTES = before  # type: ignore[misc]


def _indexes(path: Path) -> list[int]:
    """Return where the indexes' pages begin; each has one, in so small a journal."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'transactions'"
        ).fetchall()
    finally:
        connection.close()
    return [(page - 1) * schema.PAGE_SIZE for (page,) in found]


def _flipped(
    path: Path,
    bits: Sequence[int],
    times: int,
    chance: random.Random,
    fault: str,
    *,
    checked: bool,
) -> Row:
    read = _due if checked else _due_unchecked
    due, whole = read(path), path.read_bytes()
    violations, refused = [], 0
    for _ in range(times):
        bit = chance.choice(bits)
        with path.open("r+b") as file:
            file.seek(bit // 8)
            file.write(bytes([whole[bit // 8] ^ 1 << bit % 8]))
        try:
            if read(path) != due:
                violations.append(f"bit {bit} changes what is due, and nobody notices")
        except JournalUnavailableError:
            refused += 1
        except (sqlite3.Error, ValueError, TypeError) as error:
            refused += 1
            if checked:
                violations.append(f"bit {bit} ends in {error!r}, which nobody would understand")
        path.write_bytes(whole)
    return Row(fault, times, violations, control=not checked, note=f"{refused} refused")


def lost(folder: Path, *, refused: bool) -> Row:
    """Take files away, cut or replace them; the control makes a new one, as it once was."""
    violations = []
    for name, harm in _HARMS.items():
        path = _journal(folder / name.replace(" ", "-"))
        due = _due(path)
        harm(path)
        if not refused:
            Watermark(path).path.unlink(missing_ok=True)
        try:
            found = _due(path)
        except JournalUnavailableError:
            continue
        if found != due:
            violations.append(f"{name}: {len(due)} were due, {len(found)} are now")
    fault = "the journal is deleted, emptied, cut, replaced" + (
        "" if refused else " without a mark"
    )
    return Row(fault, len(_HARMS), violations, control=not refused)


def _cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size)


def _older(path: Path) -> None:
    """Put back what was there before the last commits."""
    copy = path.with_name("older")
    shutil.copy(path, copy)
    store = Store(path)
    store.begin(_ORDER, 1, _NOW)
    store.close()
    copy.replace(path)


def _another(path: Path) -> None:
    store = Store(path.with_name("another.db"))
    store.begin(_ORDER, 1, _NOW)
    store.close()
    path.with_name("another.db").replace(path)


_HARMS: Final[dict[str, Callable[[Path], object]]] = {
    "deleted": Path.unlink,
    "emptied": lambda path: _cut(path, 0),
    "cut to a page": lambda path: _cut(path, schema.PAGE_SIZE),
    "cut in half": lambda path: _cut(path, path.stat().st_size // 2048 * 1024),
    "cut in a page": lambda path: _cut(path, path.stat().st_size - 100),
    "an older copy": _older,
    "another journal": _another,
}


def _journal(folder: Path) -> Path:
    folder.mkdir(parents=True)
    path = folder / "journal.db"
    store = Store(path)
    orders = {1: replace(_ORDER, caller_reference=_CALLER), 2: replace(_ORDER, original=_ORIGINAL)}
    for number in range(24):
        begun, exchange = store.begin(orders.get(number, _ORDER), 1255, _NOW)
        if number != 18:  # under way, behind what is due and found by the index only
            event = Event.APPROVED if number % 6 else Event.RESTARTED
            after, _ = begun.after(event, _NOW)
            store.record(State.AUTHORIZING, after, event, exchange)
    store.close()
    return path


def _due(path: Path) -> tuple[Transaction | None, ...]:
    """Return what a register must know: what is due, its caller's order, and what was paid back."""
    store = Store(path)
    try:
        named = store.by_caller(_CALLER)
        return (*store.in_states(_DUE), named, *store.referring_to(_ORIGINAL))
    finally:
        store.close()


def _due_unchecked(path: Path) -> tuple[Transaction | None, ...]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        database.prepare(connection, path, "FULL")
        return tuple(_read(connection))
    finally:
        connection.close()


def _read(connection: sqlite3.Connection) -> Iterator[Transaction]:
    states = ", ".join(f"'{state}'" for state in _DUE)
    for condition, values in (
        (f"{schema.FOUND_TO_DO} AND state IN ({states})", ()),
        ("caller_key = ?", (_CALLER,)),
        ("original_key = ?", (_ORIGINAL.transaction_id,)),
    ):
        for row in connection.execute(
            f"SELECT {rows.TRANSACTION_COLUMNS} FROM transactions WHERE {condition} ORDER BY id",
            values,
        ):
            yield rows.read_transaction(row)
