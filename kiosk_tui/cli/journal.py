"""`kiosk-tui journal`: read the book while the kiosk writes it; settle what needs staff; begin anew."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk_tui.cli import chain, described, housekeeping, output
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit, session_exits
from kiosk_tui.cli.json_output import json_line, say_json
from kiosk_tui.cli.orders import candidates, wanted
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.cli.story import story
from kiosk_tui.cli.transactions import line, listing, named_states
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.references import AmbiguousError, chosen
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import signatures
from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.journal.maintenance.new_journal import JournalWholeError, start_anew
from kiosk_tui.journal.reader import LoggedEvent, Reader
from kiosk_tui.journal.store import Store
from kiosk_tui.payment.clock import SystemClock
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.register import Register
from kiosk_tui.receipt.table import TableFormat, csv_lines
from kiosk_tui.session.command import use
from kiosk_tui.session.launch import Launch
from kiosk_tui.text.wording.states import standing

_AMOUNTS: Final = frozenset({"amount", "tip", "total"})


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; return the exit code."""
    launch = choose(arguments, demo_without_config=True)
    if arguments.action in housekeeping.ACTIONS:
        return housekeeping.run(launch, arguments)
    if arguments.action == "settle":
        return _settle(launch, arguments)
    if arguments.action == "new":
        return _new(launch, arguments)
    try:
        reader = Reader(launch.journal, anchor=launch.anchor)
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    try:
        with ProgressLine(_DOING[arguments.action]):
            return _ACTIONS[arguments.action](reader, launch, arguments)
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    finally:
        reader.close()


def _list(reader: Reader, _launch: Launch, arguments: argparse.Namespace) -> int:
    states = [state for text in arguments.state or () for state in _states(text)]
    found = reader.transactions(states=states, limit=arguments.limit)
    if arguments.json:
        for one in found:
            say_json(described.describe(one))
    else:
        output.draw("\n".join(listing(found)))
    return Exit.OK


def _show(reader: Reader, launch: Launch, arguments: argparse.Namespace) -> int:
    one = _find(reader, launch, arguments.id)
    events = list(reader.events(one.id))
    exchanges = list(reader.exchanges(one.id))
    signed = signatures.read(reader, launch.journal, one)
    if arguments.json:
        say_json(
            described.describe(one)
            | {"events": [_event(event) for event in events]}
            | {"exchanges": [described.describe_exchange(sent) for sent in exchanges]}
            | {"signatures": [described.describe_signature(each) for each in signed]}
        )
        return Exit.OK
    output.draw("\n".join(story(one, events, exchanges, signed)))
    return Exit.OK


def _export(reader: Reader, _launch: Launch, arguments: argparse.Namespace) -> int:
    found = [described.describe(one) for one in reversed(reader.transactions())]
    if arguments.format == "jsonl":
        output.export(f"{json_line(one)}\n" for one in found)
    elif found:
        form, columns = TableFormat(arguments.decimal_comma), list(found[0])
        rows = (list(output.cells(one).values()) for one in found)
        output.export(csv_lines(columns, rows, _AMOUNTS, form))
    return Exit.OK


def _new(launch: Launch, arguments: argparse.Namespace) -> int:
    note, path = housekeeping.note_of(arguments), launch.journal
    try:
        Store(path).close()  # makes the folder, where a file system came back without it
        lock = WriterLock(path, launch.command)
        try:
            moved = start_anew(path, note, SystemClock().now(), launch.anchor)
        finally:
            lock.release()
    except JournalWholeError as error:
        raise CommandError(Exit.USAGE, str(error)) from error
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    if arguments.json:
        say_json({"journal": str(path), "moved": [str(one) for one in moved]})
        return Exit.OK
    for one in moved:
        output.say(f"Moved aside: {one}")
    output.say(
        f"The new journal {path} is empty. What was due in the old one is not cancelled by it: look"
        " at TECS for charges without a receipt."
    )
    return Exit.OK


def _settle(launch: Launch, arguments: argparse.Namespace) -> int:
    note = housekeeping.note_of(arguments)
    asked = wanted(arguments.id, launch)

    async def settle(register: Register) -> Transaction | NotStarted:
        try:
            one = await register.named(asked)
        except AmbiguousError as error:
            raise CommandError(Exit.USAGE, str(error)) from error
        if one is None:
            raise CommandError(Exit.USAGE, _unknown(arguments.id))
        return await register.settle(one.id, note)

    with session_exits(Exit.UNAVAILABLE):
        ended = use(launch, settle)
    if isinstance(ended, NotStarted):
        usage = ended.refusal is Refusal.INVALID
        raise CommandError(Exit.USAGE if usage else Exit.UNAVAILABLE, ended.why)
    if arguments.json:
        say_json(described.describe(ended))
    else:
        output.draw(line(ended))
    return Exit.OK


_ACTIONS: Final[Mapping[str, Callable[[Reader, Launch, argparse.Namespace], int]]] = {
    "list": _list,
    "show": _show,
    "verify": chain.verify,
    "key": chain.key,
    "checkpoint": chain.newest,
    "export": _export,
}


_DOING: Final[Mapping[str, str]] = {
    "list": "Reading the journal",
    "show": "Reading the journal",
    "verify": "Checking the journal",
    "key": "Reading the key",
    "checkpoint": "Reading the journal",
    "export": "Reading the journal",
}


def find(launch: Launch, text: str) -> Transaction:
    """Return the transaction that an id names. Raises `CommandError`."""
    try:
        reader = Reader(launch.journal)
        try:
            return _find(reader, launch, text)
        finally:
            reader.close()
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error


def _find(reader: Reader, launch: Launch, text: str) -> Transaction:
    asked = wanted(text, launch)
    try:
        one = chosen(asked, candidates(reader, asked))
    except AmbiguousError as error:
        raise CommandError(Exit.USAGE, str(error)) from error
    if one is None:
        raise CommandError(Exit.USAGE, _unknown(text))
    return one


def _unknown(text: str) -> str:
    return f"Transaction {text.strip()} is not in this journal."


def _states(text: str) -> list[State]:
    if found := named_states(text):
        return found
    known = ", ".join(dict.fromkeys(standing(one).word for one in State))
    raise CommandError(Exit.USAGE, f"'{text}' is not a state: there are {known}.")


def _event(event: LoggedEvent) -> dict[str, Any]:
    return dataclasses.asdict(event) | {"at": event.at.isoformat(timespec="milliseconds")}
