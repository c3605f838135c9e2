"""`kiosk-tui office user`: accounts, made where the database is; whoever may open that may do this."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
from collections.abc import Mapping
from typing import Any

import asyncpg

from kiosk_tui.cli import output, secret_input
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.office.opened import told
from kiosk_tui.office import database
from kiosk_tui.office.database import Connection
from kiosk_tui.office.people import accounts, passwords
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.settings import load


@told
def run(arguments: argparse.Namespace) -> int:
    """Do one thing with an account, or list all; return the exit code."""
    action = arguments.user_action
    password = _password(arguments) if action in ("add", "password") else ""
    url = load(arguments.office_config).database.url
    lines = asyncio.run(_done(url, action, arguments, password))
    for one in lines:
        output.say(json.dumps(one) if arguments.json else _sentence(action, one))
    return Exit.OK


async def _done(
    url: str, action: str, arguments: argparse.Namespace, password: str
) -> list[Mapping[str, Any]]:
    connection = await database.connect(url)
    try:
        if action == "list":
            return [_described(row) for row in await accounts.everyone(connection)]
        await _change(connection, action, arguments, password)
        return [{"name": arguments.name, "done": action}]
    finally:
        await connection.close()


async def _change(
    connection: Connection, action: str, arguments: argparse.Namespace, password: str
) -> None:
    by = f"{getpass.getuser()} (command line)"
    match action:
        case "add":
            await accounts.add(connection, arguments.name, Role(arguments.role), password, by)
        case "password":
            await accounts.set_password(connection, arguments.name, password, by)
        case _:
            await accounts.disable(connection, arguments.name, by)


def _password(arguments: argparse.Namespace) -> str:
    """Return the new password: a file's first line, or what is typed twice. Raises `CommandError`."""
    if arguments.password_file is not None:
        text = secret_input.given(f"@{arguments.password_file}", "--password-file")
        password = text.split("\n", 1)[0]
    else:
        password = secret_input.line(f"New password of {arguments.name}: ", "The password")
        passwords.refuse_weak(password, arguments.name)
        if secret_input.line("The same again: ", "The password") != password:
            raise CommandError(Exit.USAGE, "The two passwords are not the same.")
    passwords.refuse_weak(password, arguments.name)
    return password


def _described(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "name": row["name"],
        "role": row["role"],
        "disabled": row["disabled_at"] is not None,
        "added_at": row["added_at"].isoformat(),
        "added_by": row["added_by"],
        "last_seen_at": row["last_at"] and row["last_at"].isoformat(),
        "logged_in": row["open"],
    }


def _sentence(action: str, one: Mapping[str, Any]) -> str:
    if action == "list":
        state = "disabled" if one["disabled"] else one["role"]
        return f"{one['name']}  {state}  last seen {one['last_seen_at'] or 'never'}"
    done = {
        "add": "was added",
        "password": "has another password, and its log-ins have ended",
        "disable": "is disabled, and its log-ins have ended",
    }
    return f"The account {one['name']} {done[action]}."
