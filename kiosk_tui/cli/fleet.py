"""`kiosk-tui fleet`: into a fleet, how things stand in it, and out of it."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from kiosk_tui.cli import output, secret_input
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.fleet import code as codes
from kiosk_tui.fleet import cursor as cursors
from kiosk_tui.fleet import enrolment, keys
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import FleetError, NotEnrolledError, head_office
from kiosk_tui.journal import outbox
from kiosk_tui.journal.outbox_reader import OutboxReader
from kiosk_tui.records import dataclass
from kiosk_tui.text.times import local


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """What `fleet status` tells. None: not known, or not yet."""

    enrolled: bool
    office: str = ""
    kiosk: str = ""
    certificate_days: int | None = None
    """Whole days that are left; negative when it has expired."""
    stored: int | None = None
    """The place in the outbox up to which head office has stored everything."""
    waiting: int | None = None
    """Events that it has not stored."""
    last_contact: datetime | None = None


def run(arguments: argparse.Namespace) -> int:
    """Enrol, tell or leave; return the exit code."""
    journal = need(choose(arguments)).journal
    act = {"enroll": _enroll, "status": _tell, "leave": _leave}[arguments.action]
    try:
        act(arguments, journal)
    except codes.CodeError as error:
        raise CommandError(Exit.BAD_DATA, str(error)) from error
    except (FleetError, JournalUnavailableError) as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    return Exit.OK


def _enroll(arguments: argparse.Namespace, journal: Path) -> None:
    typed = arguments.code
    text = secret_input.given(typed, "code") if typed else secret_input.line("Code: ", "code")
    office = asyncio.run(
        enrolment.enroll(
            FleetFolder.beside(journal),
            codes.read(text),
            url=arguments.url or "",
            authority=arguments.ca,
            journal=journal,
        )
    )
    # also beside a register that runs; where there is no journal yet, it does so when it makes one
    outbox.keep_beside(journal, ships=True, anew=True)
    told = {"enrolled": True, "office": office.url, "kiosk": office.kiosk_id}
    if arguments.json:
        say_json(told)
        return
    output.say(
        f"This kiosk is {office.kiosk_id} at {office.url}. Start the shipper:"
        " `systemctl enable --now kiosk-tui-ship`."
    )


def _leave(arguments: argparse.Namespace, journal: Path) -> None:
    enrolment.leave(FleetFolder.beside(journal))
    outbox.keep_beside(journal, ships=False)
    if arguments.json:
        say_json({"enrolled": False})
        return
    output.say("This kiosk belongs to no head office any more; its journal is as it was.")


def _tell(arguments: argparse.Namespace, journal: Path) -> None:
    try:
        status = _status(journal)
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


def _status(journal: Path) -> FleetStatus:
    """Look at folder and outbox. Raises `NotEnrolledError`."""
    folder = FleetFolder.beside(journal)
    office = head_office(folder)
    try:
        left = (keys.valid_until(folder.identity) - datetime.now(UTC)).days
    except (OSError, ValueError):
        left = None
    try:
        contact = datetime.fromtimestamp(folder.contact.stat().st_mtime, UTC)
    except OSError:
        contact = None
    stored, waiting = _shipped(journal, folder)
    return FleetStatus(True, office.url, office.kiosk_id, left, stored, waiting, contact)


def _shipped(journal: Path, folder: FleetFolder) -> tuple[int | None, int | None]:
    """Return how far the outbox is stored, and how much of it waits; None where nobody knows."""
    try:
        reader = OutboxReader(journal)
    except JournalUnavailableError:
        return None, None
    try:
        found = cursors.read(folder.cursor, reader.standing().identity)
        stored = 0 if found is None else found.stored
        return stored, reader.waiting(stored)
    except JournalUnavailableError:
        return None, None
    finally:
        reader.close()


def _lines(status: FleetStatus) -> list[str]:
    left, contact = status.certificate_days, status.last_contact
    return [
        f"Head office:    {status.office}",
        f"Kiosk:          {status.kiosk}",
        "Certificate:    "
        + ("cannot be read: enrol again" if left is None else f"{left} days left")
        + (" - it has expired: enrol again" if left is not None and left < 0 else ""),
        f"Stored up to:   {_number(status.stored)}",
        f"Waiting:        {_number(status.waiting)}",
        f"Last contact:   {f'{local(contact):%Y-%m-%d %H:%M}' if contact else 'none yet'}",
    ]


def _number(count: int | None) -> str:
    return "unknown: the journal cannot be read" if count is None else str(count)
