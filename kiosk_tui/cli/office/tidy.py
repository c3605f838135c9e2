"""`kiosk-tui office tidy`: removes what is older than it is kept."""

from __future__ import annotations

import argparse
import asyncio
import json

from kiosk_tui.cli import output
from kiosk_tui.cli.office.opened import told
from kiosk_tui.office import database
from kiosk_tui.office.settings import OfficeSettings, load
from kiosk_tui.office.tidy import tidy


@told
def run(arguments: argparse.Namespace) -> int:
    """Tidy; return the exit code."""
    removed = asyncio.run(_tidy(load(arguments.office_config)))
    if arguments.json:
        output.say(json.dumps({"removed": removed}))
    else:
        for name, rows in removed.items():
            output.say(f"{name.replace('_', ' ')}: {rows} removed")
    return 0


async def _tidy(settings: OfficeSettings) -> dict[str, int]:
    connection = await database.connect(settings.database.url)
    try:
        return await tidy(connection, settings.keep)
    finally:
        await connection.close()
