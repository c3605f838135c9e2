"""`kiosk-tui fleet`: into a fleet, how things stand in it, and out of it."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from kiosk_tui.cli import output, secret_input
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.fleet import code as codes
from kiosk_tui.fleet import enrolment, keys
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import FleetError, NotEnrolledError, head_office
from kiosk_tui.text.times import local


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """What `fleet status` tells. None: not known, or not yet."""

    enrolled: bool
    office: str = ""
    kiosk: str = ""
    certificate_days: int | None = None
    """Whole days that are left; negative when it has expired."""
    last_contact: datetime | None = None


def run(arguments: argparse.Namespace) -> int:
    """Enrol, tell or leave; return the exit code."""
    journal = need(choose(arguments)).journal
    act = {"enroll": _enroll, "status": _tell, "leave": _leave}[arguments.action]
    try:
        act(arguments, FleetFolder.beside(journal))
    except codes.CodeError as error:
        raise CommandError(Exit.BAD_DATA, str(error)) from error
    except FleetError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    return Exit.OK


def _enroll(arguments: argparse.Namespace, folder: FleetFolder) -> None:
    typed = arguments.code
    text = secret_input.given(typed, "code") if typed else secret_input.line("Code: ", "code")
    office = asyncio.run(
        enrolment.enroll(folder, codes.read(text), url=arguments.url or "", authority=arguments.ca)
    )
    told = {"enrolled": True, "office": office.url, "kiosk": office.kiosk_id}
    if arguments.json:
        say_json(told)
        return
    output.say(
        f"This kiosk is {office.kiosk_id} at {office.url}. Start the shipper:"
        " `systemctl enable --now kiosk-tui-ship`."
    )


def _leave(arguments: argparse.Namespace, folder: FleetFolder) -> None:
    enrolment.leave(folder)
    if arguments.json:
        say_json({"enrolled": False})
        return
    output.say("This kiosk belongs to no head office any more; its journal is as it was.")


def _tell(arguments: argparse.Namespace, folder: FleetFolder) -> None:
    try:
        status = _status(folder)
    except NotEnrolledError:
        if arguments.json:
            say_json({"enrolled": False})
        raise
    if arguments.json:
        at = status.last_contact
        say_json(asdict(status) | {"last_contact": at.isoformat() if at else None})
        return
    for line in _lines(status):
        output.say(line)


def _status(folder: FleetFolder) -> FleetStatus:
    """Look at the folder. Raises `NotEnrolledError`."""
    office = head_office(folder)
    try:
        left = (keys.life(folder.identity).until - datetime.now(UTC)).days
    except (OSError, ValueError):
        left = None
    try:
        contact = datetime.fromtimestamp(folder.contact.stat().st_mtime, UTC)
    except OSError:
        contact = None
    return FleetStatus(True, office.url, office.kiosk_id, left, contact)


def _lines(status: FleetStatus) -> list[str]:
    left, contact = status.certificate_days, status.last_contact
    return [
        f"Head office:    {status.office}",
        f"Kiosk:          {status.kiosk}",
        "Certificate:    "
        + ("cannot be read: enrol again" if left is None else f"{left} days left")
        + (" - it has expired: enrol again" if left is not None and left < 0 else ""),
        f"Last contact:   {f'{local(contact):%Y-%m-%d %H:%M}' if contact else 'none yet'}",
    ]
