"""Rows to values and back."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

from kiosk_tui.domain.identity import CallerReference, Original, Place, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.journal import keys
from kiosk_tui.journal.refusals import damaged
from kiosk_tui.journal.watermark import Known

TRANSACTION_COLUMNS = (
    "id, operation, state, currency, exponent, amount_minor, tip_minor, amount_sent_minor,"
    " terminal, source_id, original_id, original_terminal, original_source_id, language, reason,"
    " receipt_number, personal_id, created_at, updated_at, attempts, next_attempt_at, answer, why,"
    " note, caller_reference, until_goods"
)

PLAIN: Final = len(TRANSACTION_COLUMNS.split(","))

TOLD_COLUMNS = f"{TRANSACTION_COLUMNS}, checksum"
"""As above, with the checksum by which a changed bit is found. Rows of format 1 have none."""

STORED_COLUMNS = f"{TOLD_COLUMNS}, caller_key, original_key"
"""As above, with the keys that a row is found by."""

_OLDER_FORMS = {
    "caller_reference": "'' AS caller_reference",
    "until_goods": "0 AS until_goods",
    "checksum": "NULL AS checksum",
    "caller_key": "",
    "original_key": "",
}
"""What stands for columns that older formats do not have. Keys are left out: `check` allows that."""

LIFE: Final = ("state", "updated_at", "attempts", "next_attempt_at", "answer", "why", "note")
"""What changes after a transaction has begun."""

_LIFE_AT: Final = tuple(TRANSACTION_COLUMNS.replace(" ", "").split(",").index(one) for one in LIFE)

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_LEFT_OUT: Final[Mapping[str, Any]] = {"response_text": "", "http_status": 200, "reason": "other"}
"""What an answer's text leaves out, as most answers have it. Older versions wrote it."""

EXCHANGE_COLUMNS = (
    "id, transaction_id, kind, terminal, source_id, sent_at, answered_at, verdict, why, answer"
)

AS_READ: Final[Mapping[str, str]] = {
    "x.terminal": "iif(x.id = t.id AND x.terminal = '', t.terminal, x.terminal)",
    "x.source_id": "iif(x.id = t.id AND x.source_id = '', t.source_id, x.source_id)",
    "x.sent_at": "iif(x.id = t.id AND x.sent_at = '', t.created_at, x.sent_at)",
    "x.answer": "iif(x.id = t.id AND x.answer IS NULL, t.answer, x.answer)",
}
"""How columns of a request `x` of the transaction `t` are read.

A payment's request has its transaction's id. What both have in common is written once, in the transaction's
row: a row of `exchanges` with more than 102 bytes takes a page of 512 more, in each commit that writes it.
Older versions wrote it twice, which is read the same.
"""

EXCHANGES: Final = (
    "SELECT "
    + ", ".join(
        f"{AS_READ.get(f'x.{name}', f'x.{name}')} AS {name}"
        for name in EXCHANGE_COLUMNS.split(", ")
    )
    + " FROM exchanges x LEFT JOIN transactions t ON t.id = x.transaction_id"
    " WHERE x.transaction_id = ? ORDER BY x.id"
)
"""The requests of a transaction, in the order of sending, for `read_exchange`."""

EVENT_COLUMNS = "transaction_id, number, at, event, state_before, state_after, exchange_id, why"


class Named(Protocol):
    """A row whose values are found by their columns' names."""

    def __getitem__(self, name: str, /) -> Any: ...


def known(connection: sqlite3.Connection, columns: str) -> str:
    """Return the columns as they can be selected from a table that may not be migrated yet."""
    there = {row[1] for row in connection.execute("PRAGMA table_info(transactions)")}
    named = (name.strip() for name in columns.split(","))
    found = (name if name in there else _OLDER_FORMS[name] for name in named)
    return ", ".join(name for name in found if name)


def place_of_event(connection: sqlite3.Connection) -> str:
    """Return what selects an event's place in the order of commits: 0 where it has none."""
    there = {row[1] for row in connection.execute("PRAGMA table_info(events)")}
    return "coalesce(seq, 0) AS seq" if "seq" in there else "0 AS seq"


def reached(connection: sqlite3.Connection) -> Known:
    """Return which journal this is and how far it has come, in any format.

    Raises `sqlite3.Error`, or `ValueError` when it does not say.
    """
    there = {row[1] for row in connection.execute("PRAGMA table_info(register)")}
    identity = "identity" if "identity" in there else "''"
    receipt = "last_receipt" if "last_receipt" in there else "0"
    found = connection.execute(f"SELECT {identity}, last_id, {receipt} FROM register").fetchone()
    if found is None:
        raise ValueError("its register has no row")
    return Known(*found)


def follows(connection: sqlite3.Connection) -> str:
    """Return the identity of the journal in whose place this one was put; nothing for a first one."""
    there = {row[1] for row in connection.execute("PRAGMA table_info(register)")}
    if "follows" not in there:
        return ""
    (found,) = connection.execute("SELECT follows FROM register").fetchone()
    return str(found)


@lru_cache(maxsize=8)  # one commit writes the same moment several times
def write_time(at: datetime | None) -> str | None:
    """Write a moment as UTC text that sorts as it happened."""
    return None if at is None else f"{write_bound(at)}Z"


def write_bound(at: datetime) -> str:
    """Write a moment as the lowest text that a stored one can be, also one of an older version.

    Those end with `+00:00`, which sorts before `Z`: as a bound in SQL this one is right for both.
    """
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def read_time(text: str | None) -> datetime | None:
    """Read what `write_time` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def write_text(text: str) -> str:
    """Write text of people and peers. A lone surrogate, which UTF-8 cannot encode, becomes `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def write_json(content: Mapping[str, Any]) -> str:
    """Write JSON as short as it can be, in the order that is given."""
    return write_text(_ENCODE(content))


def write_answer(answer: Answer | None) -> str | None:
    """Write a masked answer as JSON."""
    if answer is None:
        return None
    told = {
        "response_code": answer.response_code,
        "response_text": answer.response_text,
        "http_status": answer.http_status,
        "reason": answer.reason,
        "fields": answer.fields,
    }
    return write_json({name: one for name, one in told.items() if one != _LEFT_OUT.get(name)})


def read_answer(text: str | None) -> Answer | None:
    """Read what `write_answer` wrote."""
    return None if text is None else Answer(**_LEFT_OUT | json.loads(text))


def _life(one: Transaction) -> tuple[Any, ...]:
    """Return the values of `LIFE`."""
    return (
        one.state,
        write_time(one.updated_at),
        one.attempts,
        write_time(one.next_attempt_at),
        write_answer(one.answer),
        write_text(one.why),
        write_text(one.note),
    )


def write_transaction(one: Transaction) -> tuple[Any, ...]:
    """Return the values of `TRANSACTION_COLUMNS`. The card reference of a MOTO order is left out."""
    order, original = one.order, one.order.original
    state, updated_at, attempts, next_attempt_at, answer, why, note = _life(one)
    return (
        int(one.id),
        order.operation,
        state,
        order.amount.currency.code,
        order.amount.currency.exponent,
        order.amount.minor,
        None if order.tip is None else order.tip.minor,
        one.amount_sent.minor,
        order.place.terminal,
        order.place.source_id,
        original and original.transaction_id,
        original and original.place.terminal,
        original and original.place.source_id,
        order.language,
        write_text(order.reason),
        write_text(order.receipt_number),
        write_text(order.personal_id),
        write_time(one.created_at),
        updated_at,
        attempts,
        next_attempt_at,
        answer,
        why,
        note,
        write_text(order.caller_reference),
        int(order.until_goods),
    )


def checksum(values: tuple[Any, ...]) -> int:
    """Return the CRC-32 of the values of `TRANSACTION_COLUMNS`."""
    *older, until_goods = values
    if (
        not until_goods
    ):  # before format 6 nothing was until goods, and in 2 no caller had a reference
        values = tuple(older if older[-1] else older[:-1])
    # a StrEnum counts as the text that the database returns
    return zlib.crc32("\x1f".join(map(str, values)).encode())


def store_transaction(one: Transaction) -> tuple[Any, ...]:
    """Return the values of `STORED_COLUMNS`."""
    values = write_transaction(one)
    *_, caller, _until_goods = values
    original = None if one.order.original is None else one.order.original.transaction_id
    return (*values, checksum(values), keys.of_caller(caller), keys.of_original(original))


def check(row: sqlite3.Row, path: Path) -> None:
    """Raise `JournalUnavailableError` when a row of `STORED_COLUMNS` is not as it was written."""
    check_values(row[: PLAIN + 1], path)
    found = row[PLAIN + 1 :]
    if found and not _found_by(row, *found):
        raise JournalUnavailableError(
            damaged(path, f"transaction {row[0]} is kept under a name that is not its own")
        )


def check_values(told: Sequence[Any], path: Path) -> None:
    """Raise `JournalUnavailableError` when the values of `TOLD_COLUMNS` are not as they were written."""
    *values, stored = told
    if stored is not None and checksum(tuple(values)) != stored:
        raise JournalUnavailableError(damaged(path, f"transaction {values[0]} has changed"))


def _found_by(row: sqlite3.Row, caller: str | None, original: str | None) -> bool:
    # the younger one of two spellings has no caller's key: see `keys.fill`
    return (
        caller is None or caller == keys.of_caller(row["caller_reference"])
    ) and original == keys.of_original(row["original_id"])


def lived(row: sqlite3.Row, after: Transaction) -> tuple[Any, ...]:
    """Return the values of `TRANSACTION_COLUMNS` after a change.

    All columns but `LIFE` keep the spelling that is stored.
    """
    changed = list(row[:PLAIN])
    for at, value in zip(_LIFE_AT, _life(after), strict=True):
        changed[at] = value
    return tuple(changed)


def write_life(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the values of `LIFE`, the checksum of the whole row, and its id."""
    return (*(values[at] for at in _LIFE_AT), checksum(values), values[0])


def read_transaction(row: Named) -> Transaction:
    """Build a transaction from a row of `TRANSACTION_COLUMNS`."""
    currency = Currency(row["currency"], row["exponent"])
    tip = row["tip_minor"]
    original = None
    original_id = keys.of_original(row["original_id"])
    if original_id is not None:
        place = Place(row["original_terminal"], row["original_source_id"])
        original = Original(TransactionId.stored(original_id), place)
    order = Order(
        operation=Operation(row["operation"]),
        amount=Money(row["amount_minor"], currency),
        place=Place(row["terminal"], row["source_id"]),
        tip=None if tip is None else Money(tip, currency),
        original=original,
        language=Language.stored(row["language"]),
        reason=row["reason"],
        receipt_number=row["receipt_number"],
        personal_id=row["personal_id"],
        caller_reference=CallerReference.stored(row["caller_reference"]),
        until_goods=bool(row["until_goods"]),
    )
    return Transaction(
        id=TransactionId.stored(str(row["id"])),
        order=order,
        state=State(row["state"]),
        amount_sent=Money(row["amount_sent_minor"], currency),
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        attempts=row["attempts"],
        next_attempt_at=read_time(row["next_attempt_at"]),
        answer=read_answer(row["answer"]),
        why=row["why"],
        note=row["note"],
    )


def write_exchange(one: Exchange, of: Transaction | None = None) -> tuple[Any, ...]:
    """Return the values of `EXCHANGE_COLUMNS`, without what the row `of` its transaction tells.

    None: the transaction's row is not written in the same commit, and nothing is left out.
    """
    told = of if of is not None and of.id == one.id else None
    at_place = told is not None and told.order.place == one.place
    return (
        int(one.id),
        int(one.transaction_id),
        one.kind,
        "" if at_place else one.place.terminal,
        "" if at_place else one.place.source_id,
        "" if told is not None and told.created_at == one.sent_at else write_time(one.sent_at),
        write_time(one.answered_at),
        one.verdict,
        write_text(one.why),
        None if told is not None and told.answer == one.answer else write_answer(one.answer),
    )


def write_reference(exchange: Exchange, of: Transaction) -> int:
    """Return an event's `exchange_id`; 0 for the payment's own, whose id is its transaction's."""
    return 0 if exchange.id == of.id else int(exchange.id)


def read_exchange(row: Named) -> Exchange:
    """Build an exchange from a row of `EXCHANGE_COLUMNS`."""
    return Exchange(
        id=TransactionId.stored(str(row["id"])),
        transaction_id=TransactionId.stored(str(row["transaction_id"])),
        kind=ExchangeKind(row["kind"]),
        place=Place(row["terminal"], row["source_id"]),
        sent_at=datetime.fromisoformat(row["sent_at"]),
        answered_at=read_time(row["answered_at"]),
        verdict=row["verdict"],
        why=row["why"],
        answer=read_answer(row["answer"]),
    )
