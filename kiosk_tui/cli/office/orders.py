"""`kiosk-tui office commands`: orders to kiosks, asked for by one person and approved by another."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

from kiosk_tui.cli import output, secret_input
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.office.opened import told
from kiosk_tui.office import database
from kiosk_tui.office.database import Connection
from kiosk_tui.office.orders import asking, listing
from kiosk_tui.office.orders.listing import ListedOrder
from kiosk_tui.office.people.login import checked
from kiosk_tui.office.settings import load


@told
def run(arguments: argparse.Namespace) -> int:
    """List, ask for, approve or stop orders; return the exit code."""
    url = load(arguments.office_config).database.url
    if arguments.command_action == "list":
        found = asyncio.run(_listed(url))
        for one in found:
            _say(arguments, _described(one), _line(one))
        return Exit.OK
    if not arguments.as_user:
        raise CommandError(Exit.USAGE, "Say who does it: --as-user NAME.")
    body = _body(arguments.body) if arguments.command_action == "ask" else {}
    password = secret_input.line(f"Password of {arguments.as_user}: ", "The password")
    number = asyncio.run(_done(url, arguments, body, password))
    _say(
        arguments,
        {"request": number, "done": arguments.command_action},
        _sentence(arguments, number),
    )
    return Exit.OK


async def _listed(url: str) -> list[ListedOrder]:
    connection = await database.connect(url)
    try:
        return await listing.orders(connection)
    finally:
        await connection.close()


async def _done(
    url: str, arguments: argparse.Namespace, body: Mapping[str, Any], password: str
) -> int:
    connection = await database.connect(url)
    try:
        return await _do(connection, arguments, body, password)
    finally:
        await connection.close()


async def _do(
    connection: Connection, arguments: argparse.Namespace, body: Mapping[str, Any], password: str
) -> int:
    account = await checked(connection, arguments.as_user, password)
    if arguments.command_action == "ask":
        return await asking.ask(
            connection,
            account,
            arguments.verb,
            body,
            arguments.kiosks,
            hours=arguments.hours,
            reason=arguments.reason,
        )
    number: int = arguments.request
    act = asking.approve if arguments.command_action == "approve" else asking.stop
    await act(connection, account, number)
    return number


def _body(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise CommandError(Exit.USAGE, f"--body is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise CommandError(Exit.USAGE, "--body is no JSON object.")
    return found


def _say(arguments: argparse.Namespace, value: Mapping[str, Any], line: str) -> None:
    if arguments.json:
        say_json(value)
    else:
        output.say(line)


def _sentence(arguments: argparse.Namespace, number: int) -> str:
    return {
        "ask": f"Order {number} waits until somebody else approves it.",
        "approve": f"Order {number} is approved: the signer sends it.",
        "stop": f"Order {number} is taken back. Who has done it already, has.",
    }[arguments.command_action]


def _described(one: ListedOrder) -> dict[str, Any]:
    request = one.request
    return {
        "request": request.request_id,
        "verb": request.verb,
        "body": request.body,
        "kiosks": list(request.kiosks),
        "asked_by": request.asked_by,
        "asked_at": request.asked_at.isoformat(),
        "approved_by": list(one.approvers),
        "expires_at": request.expires_at.isoformat(),
        "reason": request.reason,
        "stage": request.stage,
        "why": request.stopped_why,
        "signed": one.signed,
        "delivered": one.delivered,
        "done": one.done,
        "failed": one.failed,
    }


def _line(one: ListedOrder) -> str:
    return "  ".join(_parts(one))


def _parts(one: ListedOrder) -> Iterator[str]:
    request = one.request
    yield f"{request.request_id}  {request.verb}  {request.stage}"
    yield f"{one.done} of {len(request.kiosks)} done" + (f", {one.failed} not" * bool(one.failed))
    yield f"asked by {request.asked_by}"
    if one.approvers:
        yield f"approved by {', '.join(one.approvers)}"
    if request.stopped_why:
        yield request.stopped_why
