"""`kiosk-tui office migrate`: makes the tables, or brings them to this version."""

from __future__ import annotations

import argparse
import asyncio
import json

from kiosk_tui.cli import output
from kiosk_tui.cli.office.opened import told
from kiosk_tui.office import database
from kiosk_tui.office.settings import load


@told
def run(arguments: argparse.Namespace) -> int:
    """Migrate; return the exit code."""
    done = asyncio.run(_migrate(load(arguments.office_config).database.url))
    output.say(
        json.dumps({"migrations": done}) if arguments.json else f"{done} migrations were run."
    )
    return 0


async def _migrate(url: str) -> int:
    connection = await database.connect(url)
    try:
        return await database.migrate(connection)
    finally:
        await connection.close()
