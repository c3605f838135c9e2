"""How head office's commands ask its database, and print what it answers: JSON, or a table."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from kiosk_tui.cli import output
from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.table import Column, table
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.office import database
from kiosk_tui.office.database import Connection
from kiosk_tui.office.queries.found import moment
from kiosk_tui.office.settings import OfficeSettings, load
from kiosk_tui.office.wording import lasting
from kiosk_tui.records import dataclass
from kiosk_tui.text.times import local


@dataclass(frozen=True, slots=True)
class OfficeQuestion:
    """What a question is given: `now` is by the database's clock."""

    connection: Connection
    settings: OfficeSettings
    now: datetime
    arguments: argparse.Namespace

    @property
    def silent(self) -> timedelta:
        """How long a kiosk may be quiet."""
        return timedelta(seconds=self.settings.watch.silent_s)

    def when(self, at: datetime | None) -> str:
        """Write a moment in head office's zone."""
        return "" if at is None else f"{local(at, self.settings.zone):%Y-%m-%d %H:%M}"

    def ago(self, at: datetime | None) -> str:
        """Write how long ago a moment was."""
        return "never" if at is None else lasting(self.now - at)


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """A table: a title, heads (one that begins with `>` is aligned right, with `~` it wraps), rows."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class LookAnswer:
    """What a command prints: `objects` as JSON, else the tables and below them the `notes`.

    `nothing` is said where all tables are empty.
    """

    objects: Sequence[dict[str, Any]]
    tables: Sequence[TableAnswer] = ()
    nothing: str = ""
    code: Exit = Exit.OK
    notes: Sequence[str] = ()


Question = Callable[[OfficeQuestion], Awaitable[LookAnswer]]


def answer(question: Question, arguments: argparse.Namespace) -> int:
    """Ask, print, and return the exit code."""
    found = asyncio.run(_ask(question, arguments, load(arguments.office_config)))
    if arguments.json:
        for line in found.objects:
            say_json(line)
        return found.code
    shown = [one for one in found.tables if one.rows]
    for number, one in enumerate(shown):
        if one.title:
            output.draw(f"{chr(10) if number else ''}{one_line(one.title)}")
        columns = [
            Column(head.lstrip(">~"), right=head.startswith(">"), wraps=head.startswith("~"))
            for head in one.heads
        ]
        for drawn in table(columns, [[one_line(cell) for cell in row] for row in one.rows]):
            output.draw(drawn)
    for sentence in found.notes if shown else filter(None, [found.nothing]):
        output.say(sentence)
    return found.code


async def _ask(
    question: Question, arguments: argparse.Namespace, settings: OfficeSettings
) -> LookAnswer:
    connection = await database.connect(settings.database.url)
    try:
        return await question(
            OfficeQuestion(connection, settings, await moment(connection), arguments)
        )
    finally:
        await connection.close()
