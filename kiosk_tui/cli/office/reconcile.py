"""`kiosk-tui office reconcile`, `import` and `ask`: journals against TECS, TECS's files, TECS's opinion."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from kiosk_tui.cli import output
from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.office.opened import told
from kiosk_tui.cli.table import Column, table
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.office import database
from kiosk_tui.office.reconciliation.compare import disagreements
from kiosk_tui.office.reconciliation.disagreement import Disagreement
from kiosk_tui.office.settings import OfficeSettings, load
from kiosk_tui.office.tecs.asking import ask, explained
from kiosk_tui.office.tecs.history import import_file
from kiosk_tui.office.tecs.values import AmountUnit
from kiosk_tui.office.wording import lasting
from kiosk_tui.text.amounts import format_number


@told
def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code: 65 where something disagrees or cannot be read."""
    commands = {"reconcile": _reconcile, "import": _import, "ask": _ask}
    return asyncio.run(commands[arguments.action](arguments, load(arguments.office_config)))


async def _reconcile(arguments: argparse.Namespace, settings: OfficeSettings) -> int:
    connection = await database.connect(settings.database.url)
    try:
        found = await disagreements(connection, settings, arguments.days)
    finally:
        await connection.close()
    if arguments.json:
        for one in found:
            say_json(described(one))
    elif not found:
        output.say(f"Journals and TECS agree on the last {arguments.days} days.")
    else:
        columns = (
            Column("What", wraps=True), Column("Kiosk"), Column("Terminal"), Column("Reference"),
            Column("Age", right=True), Column("Money", right=True), Column("Who says so"),
        )  # fmt: skip
        output.draw("\n".join(table(columns, [_cells(one) for one in found])))
        output.say("")
        for sentence in dict.fromkeys(f"{one.kind.replace('_', ' ')}: {one.todo}" for one in found):
            output.say(sentence)
    return Exit.BAD_DATA if any(one.confirmed for one in found) else Exit.OK


def described(one: Disagreement) -> dict[str, Any]:
    """Return a disagreement for a program. Names are added, never changed."""
    return {
        "kind": str(one.kind),
        "confirmed": one.confirmed,
        "kiosk": one.kiosk_id,
        "terminal": one.terminal,
        "id": one.transaction_id,
        "reference": one.reference,
        "at": one.at.isoformat(),
        "age_s": int(one.age.total_seconds()),
        "minor": one.minor,
        "currency": one.currency,
        "said_by": list(one.said_by),
        "here": one.here,
        "there": one.there,
        "other_id": one.other_id,
        "do": one.todo,
    }


def _cells(one: Disagreement) -> list[str]:
    total = Total(one.minor, Currency(one.currency or "XXX", one.exponent))
    return [
        one.what if one.confirmed else f"? {one.what}",
        one.kiosk_id or "-",
        one.terminal,
        one.reference,
        lasting(one.age),
        f"{format_number(total, 'en')} {one.currency}",
        ", ".join(one.said_by),
    ]


async def _import(arguments: argparse.Namespace, settings: OfficeSettings) -> int:
    connection = await database.connect(settings.database.url)
    amounts = None if arguments.amounts is None else AmountUnit(arguments.amounts)
    try:
        done = await import_file(connection, settings, arguments.file, arguments.told_by, amounts)
    finally:
        await connection.close()
    if arguments.json:
        lines = [{"line": number, "why": why} for number, why in done.unreadable]
        say_json({"taken": done.taken, "refused": done.refused, "unreadable": lines})
    else:
        for number, why in done.unreadable:
            output.say(f"Line {number}: {why}")
        if done.refused > len(done.unreadable):
            output.say(f"... and {done.refused - len(done.unreadable)} more lines.")
        output.say(
            f"{done.taken} transactions of {len(done.spans)} terminals were taken as {arguments.told_by};"
            f" {done.refused} lines could not be read."
        )
    return Exit.BAD_DATA if done.refused else Exit.OK


async def _ask(arguments: argparse.Namespace, settings: OfficeSettings) -> int:
    connection = await database.connect(settings.database.url)
    try:
        opinion = await ask(connection, settings, arguments.terminal, arguments.id)
    finally:
        await connection.close()
    said = explained(opinion)
    if arguments.json:
        say_json({"known": opinion.known, "fields": dict(opinion.fields), "text": said})
    else:
        output.say(said)
        output.say("It settles nothing: cancellations go on until TECS has answered them.")
    return Exit.UNAVAILABLE if opinion.known is None else Exit.OK
