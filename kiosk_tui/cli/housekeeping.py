"""`kiosk-tui journal backup|check-backup|restore|prune|tidy`: keeping the book for years.

All but `restore` and the last step of `tidy` run beside the register that writes.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from kiosk_tui.cli import output
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.card_number import REFUSED, holds_card_number
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.fleet import cursor
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.journal import rows
from kiosk_tui.journal.lock import JournalBusyError, WriterLock
from kiosk_tui.journal.maintenance.backup import (
    PART,
    BackupError,
    UnderWayError,
    back_up,
    check_backup,
)
from kiosk_tui.journal.maintenance.new_journal import JournalWholeError, last_id
from kiosk_tui.journal.maintenance.prune import LEAST_DAYS, Pruned, open_to_prune, prune
from kiosk_tui.journal.maintenance.restore import Restored, restore
from kiosk_tui.journal.maintenance.vacuum import vacuum
from kiosk_tui.journal.reader import Contents
from kiosk_tui.journal.store import Store
from kiosk_tui.payment.clock import SystemClock
from kiosk_tui.session.launch import Launch
from kiosk_tui.text.times import day, stamp

WAIT_S: Final = 300.0
"""So long a backup waits for a payment that is under way."""

_NAME: Final = re.compile(rf"journal-([0-9]+)-([0-9]+)\.db(?:\.([0-9]+){re.escape(PART)})?")


def run(launch: Launch, arguments: argparse.Namespace) -> int:
    """Do what was asked; return the exit code."""
    os.nice(10)  # whoever pays at this moment goes first
    try:
        with ProgressLine(_DOING[arguments.action]):
            return ACTIONS[arguments.action](launch, arguments)
    except UnderWayError as error:
        raise CommandError(Exit.TRY_AGAIN, str(error)) from error
    except BackupError as error:
        bad = arguments.action == "check-backup"
        raise CommandError(Exit.BAD_DATA if bad else Exit.UNAVAILABLE, str(error)) from error
    except JournalWholeError as error:
        raise CommandError(Exit.USAGE, str(error)) from error
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error


def note_of(arguments: argparse.Namespace) -> str:
    """Return the note that was given. Raises `CommandError` for an empty one."""
    note = str(arguments.note).strip()
    if not note or not note.isprintable():
        raise CommandError(Exit.USAGE, "The note is empty: write what was done, and by whom.")
    if holds_card_number(note):
        raise CommandError(Exit.USAGE, f"The note {REFUSED}.")
    return note


# -- backups --------------------------------------------------------------------------------------


def _backup(launch: Launch, arguments: argparse.Namespace) -> int:
    contents = _backed_up(launch.journal, arguments.file)
    _tell(arguments, _held(contents) | {"backup": str(arguments.file)}, _sentence(contents))
    return Exit.OK


def _backed_up(journal: Path, to: Path) -> Contents:
    """Back up as soon as no payment is under way."""
    end = time.monotonic() + WAIT_S
    while True:
        try:
            return back_up(journal, to)
        except UnderWayError:
            if time.monotonic() >= end:
                raise
            time.sleep(1.0)


def _check(_launch: Launch, arguments: argparse.Namespace) -> int:
    contents = check_backup(arguments.file)
    _tell(
        arguments, _held(contents) | {"whole": True}, f"The backup is whole. {_sentence(contents)}"
    )
    return Exit.OK


def _restore(launch: Launch, arguments: argparse.Namespace) -> int:
    note, path = note_of(arguments), launch.journal
    Store(path).close()  # makes the folder, on a fresh machine
    lock = WriterLock(path, launch.command)
    try:
        done = restore(path, arguments.file, note, SystemClock().now(), launch.anchor)
    finally:
        lock.release()
    value = _held(done.contents) | {
        "journal": str(path),
        "went_on": done.went_on,
        "carried_over": done.carried,
        "unread": done.unread,
        "under_way": list(done.under_way),
        "moved": [str(one) for one in done.moved],
    }
    _tell(arguments, value, *_restored(path, done))
    return Exit.OK


def _restored(path: Path, done: Restored) -> Iterator[str]:
    if done.went_on:
        yield "A restore that was broken off earlier was finished; the file was not read again."
    for one in done.moved:
        yield f"Moved aside: {one}"
    yield f"The journal {path} is restored. {_sentence(done.contents)}"
    if done.carried:
        yield f"Carried over from the old journal, newer than the backup: {done.carried}."
    if done.unread:
        yield f"In the old journal {done.unread} transactions could not be read: look at TECS."
    if done.under_way:
        numbers = ", ".join(done.under_way)
        yield f"Under way when it was copied, so the next start cancels them: {numbers}."
    yield (
        "What happened after the backup and is not carried over is unknown here: look at TECS for"
        " charges without a receipt, before somebody pays again."
    )


# -- what is old ----------------------------------------------------------------------------------


def _prune(launch: Launch, arguments: argparse.Namespace) -> int:
    days = launch.config.journal.keep_days if arguments.days is None else arguments.days
    if days < LEAST_DAYS:
        raise CommandError(
            Exit.USAGE, f"{days} days are too few: at least {LEAST_DAYS} are kept for refunds."
        )
    pruned = _pruned(launch.journal, days)
    _tell(arguments, _counts(pruned), _went(pruned))
    return Exit.OK


def _pruned(journal: Path, days: int) -> Pruned:
    connection = open_to_prune(journal)
    try:
        stored = _stored(journal, rows.reached(connection).identity)
        return prune(connection, journal, days, SystemClock().now(), stored=stored)
    finally:
        connection.close()


def _stored(journal: Path, epoch: str) -> int | None:
    """Return how far head office has the outbox: 0 where that is not known, None without a fleet."""
    folder = FleetFolder.beside(journal)
    if not folder.enrolled:
        return None
    known = cursor.read(folder.cursor, epoch)
    return 0 if known is None else known.stored


def _counts(pruned: Pruned) -> dict[str, Any]:
    return {"removed": pruned.removed, "left": pruned.left, "unshipped": pruned.unshipped}


def _went(pruned: Pruned) -> str:
    if pruned.before is None:
        return "The journal is empty: nothing was removed."
    more = f" {pruned.left} are left: payments left no time for them." if pruned.left else ""
    if pruned.unshipped:
        more += f" {pruned.unshipped} stay: head office does not have them yet (`kiosk-tui ship`)."
    return f"Removed, because they ended before {day(pruned.before)}: {pruned.removed}.{more}"


# -- all of it, each night ------------------------------------------------------------------------


def _tidy(launch: Launch, arguments: argparse.Namespace) -> int:
    """Back up first: a backup that fails keeps everything where it is."""
    settings = launch.config.journal
    value: dict[str, Any] = {}
    lines = []
    if settings.backup_folder:
        to, contents = _kept(launch.journal, Path(settings.backup_folder), settings.backup_keep)
        value["backup"] = str(to)
        lines.append(f"Backed up to {to}. {_sentence(contents)}")
    pruned = _pruned(launch.journal, settings.keep_days)
    value |= _counts(pruned) | {"given_back_bytes": 0}
    lines.append(_went(pruned))
    try:
        lock = WriterLock(launch.journal, launch.command)
    except JournalBusyError:
        lines.append("A register runs: the room of what was removed is used again by it.")
    else:
        try:
            value["given_back_bytes"] = given = vacuum(launch.journal)
        finally:
            lock.release()
        lines.append(f"Given back to the disk: {given // 1024} kB.")
    _tell(arguments, value, *lines)
    return Exit.OK


def _kept(journal: Path, folder: Path, keep: int) -> tuple[Path, Contents]:
    """Make one more backup in the folder, then remove what is more than `keep`."""
    if not folder.is_dir():
        # made by us, it would lie on the very disk that may die: below a mount that is missing
        raise BackupError(f"{folder} is no folder: mount or make it ([journal] backup_folder).")
    to = _named(journal, folder)
    contents = _backed_up(journal, to)
    found = [(match, one) for one in folder.iterdir() if (match := _NAME.fullmatch(one.name))]
    # by the last id, which only grows: the clock may be wrong
    whole = sorted((int(m[1]), int(m[2]), one) for m, one in found if m[3] is None)
    for *_, one in whole[:-keep]:
        one.unlink(missing_ok=True)
    for match, one in found:
        if match[3] is not None and not Path("/proc", match[3]).exists():
            one.unlink(missing_ok=True)  # whoever made it was killed
    return to, contents


def _named(journal: Path, folder: Path) -> Path:
    stamp = int(SystemClock().now().timestamp())
    return folder / f"journal-{last_id(journal)}-{stamp}.db"


# -- words ----------------------------------------------------------------------------------------


def _tell(arguments: argparse.Namespace, value: Mapping[str, Any], *lines: str) -> None:
    if arguments.json:
        say_json(value)
        return
    for line in lines:
        output.say(line)


def _held(contents: Contents) -> dict[str, Any]:
    newest = contents.newest_at
    return {
        "transactions": contents.transactions,
        "last_id": str(contents.last_id),
        "newest_at": None if newest is None else newest.isoformat(timespec="milliseconds"),
        "due": list(contents.ids(DUE)),
        "needs_staff": list(contents.ids({State.NEEDS_STAFF})),
    }


def _sentence(contents: Contents) -> str:
    newest = contents.newest_at
    until = f", the newest of {stamp(newest)}" if newest else ""
    due, staff = len(contents.ids(DUE)), len(contents.ids({State.NEEDS_STAFF}))
    open_ = f" To be cancelled: {due}; for staff: {staff}." if due or staff else ""
    return f"It holds {contents.transactions} transactions{until}.{open_}"


ACTIONS: Final[Mapping[str, Callable[[Launch, argparse.Namespace], int]]] = {
    "backup": _backup,
    "check-backup": _check,
    "restore": _restore,
    "prune": _prune,
    "tidy": _tidy,
}

_DOING: Final[Mapping[str, str]] = {
    "backup": "Backing up",
    "check-backup": "Checking the backup",
    "restore": "Restoring",
    "prune": "Removing what is old",
    "tidy": "Tidying up",
}
