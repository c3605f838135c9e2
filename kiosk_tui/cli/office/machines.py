"""`kiosk-tui office enroll` and `revoke`: codes for machines, and the end of a machine's certificates."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from kiosk_tui.cli import output
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.office.opened import told
from kiosk_tui.office import database
from kiosk_tui.office.enrolment import codes, qr
from kiosk_tui.office.settings import OfficeSettings, load
from kiosk_tui.text.times import local


@told
def run(arguments: argparse.Namespace) -> int:
    """Make a code, or revoke; return the exit code."""
    settings = load(arguments.office_config)
    act = {"enroll": _enroll, "revoke": _revoke}[arguments.action]
    asyncio.run(_connected(settings, arguments, act))
    return 0


async def _connected(
    settings: OfficeSettings,
    arguments: argparse.Namespace,
    act: Callable[[database.Connection, OfficeSettings, argparse.Namespace], Awaitable[None]],
) -> None:
    connection = await database.connect(settings.database.url)
    try:
        await act(connection, settings, arguments)
    finally:
        await connection.close()


async def _enroll(
    connection: database.Connection, settings: OfficeSettings, arguments: argparse.Namespace
) -> None:
    made = await codes.invite(
        connection,
        settings,
        arguments.kiosk,
        by=_who(),
        site=arguments.site,
        hours=arguments.hours,
    )
    until = local(made.expires_at, settings.zone)
    if arguments.json:
        say_json({"kiosk": made.kiosk_id, "code": made.line, "expires_at": until.isoformat()})
        return
    if sys.stdout.isatty():
        output.write(qr.terminal(made.line))
    output.say(made.line)
    output.say(
        f"{made.kiosk_id}: scan or type it at `kiosk-tui fleet enroll`, once, until"
        f" {until:%Y-%m-%d %H:%M}."
    )


async def _revoke(
    connection: database.Connection, _: OfficeSettings, arguments: argparse.Namespace
) -> None:
    revoked = await codes.revoke(connection, arguments.kiosk, by=_who())
    told: dict[str, Any] = {"kiosk": arguments.kiosk, "revoked": revoked}
    if arguments.json:
        say_json(told)
        return
    output.say(
        f"{arguments.kiosk}: certificates revoked: {revoked}. Nothing is taken from it any more; what"
        " it sent stays."
    )


def _who() -> str:
    """Who says so: the user of this machine, who may write into the database."""
    return f"{getpass.getuser()} (command line)"
