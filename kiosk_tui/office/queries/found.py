"""How rows become values: by their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from kiosk_tui.office.database import Connection

T = TypeVar("T")

PAGE = 100
"""Rows of a long list on one page."""


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """A part of a list: `first` rows were passed over, `total` is how long the whole list is."""

    rows: tuple[T, ...]
    total: int
    first: int = 0
    most: int = PAGE


@dataclass(frozen=True, slots=True)
class ListPart:
    """Which part of a list is wanted."""

    first: int = 0
    most: int = PAGE


WHOLE = ListPart(0, 1_000_000)
"""For a command and a file: no person turns their pages."""


async def moment(connection: Connection) -> datetime:
    """Return what time it is at the database."""
    now: datetime = await connection.fetchval("SELECT now()")
    return now


async def many(connection: Connection, kind: type[T], text: str, *arguments: Any) -> tuple[T, ...]:
    """Return each row as a `kind`, whose fields have the columns' names."""
    return tuple(kind(**row) for row in await connection.fetch(text, *arguments))


async def paged(
    connection: Connection, kind: type[T], text: str, part: ListPart, *arguments: Any
) -> Paged[T]:
    """Return a part of the rows that `text` selects."""
    total: int = await connection.fetchval(f"SELECT count(*) FROM ({text}) AS whole", *arguments)
    rows = await many(
        connection, kind, f"{text} OFFSET {int(part.first)} LIMIT {int(part.most)}", *arguments
    )
    return Paged(rows, total, part.first, part.most)


def listed(words: Iterable[str]) -> str:
    """Write words of ours as an SQL list. Written out, they let an index on just these be used."""
    return ", ".join(f"'{word}'" for word in sorted(words))
