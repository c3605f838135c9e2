"""`kiosk-tui receipt ID`: the slip as text, into a file, or on the printer.

Whoever asks for it by its id has it as a duplicate, unless he says that it is the first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk_tui.cli import output, printing
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.journal import find
from kiosk_tui.domain.fiscal import SlipSignature
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.slip import PrintOutcome
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import signatures
from kiosk_tui.journal.reader import Reader
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.receipts import Receipts
from kiosk_tui.receipt.slip import Copy, slip
from kiosk_tui.session.launch import Launch
from kiosk_tui.text.glyphs import draw_with, writable


def run(arguments: argparse.Namespace) -> int:
    """Print the slip; return the exit code."""
    launch = choose(arguments, demo_without_config=True)
    one = find(launch, arguments.id)
    if arguments.print:
        # nobody knows whether it was printed before, so it says that it is a duplicate
        printing.on_printer(launch, lambda found: _print(found, launch, one, arguments))
        return Exit.OK
    if arguments.output is None:
        draw_with(writable(sys.stdout.encoding))  # before it is laid out: a code for a sign
    copy = Copy(arguments.copy)
    columns = arguments.columns or launch.config.receipt.columns
    locale = launch.config.kiosk.languages[0] if copy is Copy.MERCHANT else ""
    lines = slip(
        one,
        Paper(columns),
        copy=copy,
        locale=locale,
        duplicate=not arguments.first,
        demo=launch.demo,
        fiscal=signature_of(launch, one),
    )
    if arguments.output is not None:
        _write(arguments.output, lines)
    else:
        for line in lines:
            output.say(line)
    return Exit.OK


async def _print(
    printer: Receipts, launch: Launch, one: Transaction, arguments: argparse.Namespace
) -> PrintOutcome:
    fiscal = signature_of(launch, one)

    async def known(_one: Transaction) -> SlipSignature | None:
        return fiscal

    printer.signature_of = known
    return await printer.print(one, again=not arguments.first)


def signature_of(launch: Launch, one: Transaction) -> SlipSignature | None:
    """Return what a slip says of a signature, as the journal has it. Raises `CommandError`.

    One that is owed for longer than a signer may take has the signer's failure in its place.
    """
    try:
        with closing(Reader(launch.journal)) as reader:
            found = signatures.read(reader, launch.journal, one)
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    if not found:
        return None
    terms, given = launch.config.fiscal, found[-1].signature
    owed = datetime.now(UTC) - one.updated_at
    late = given is None and owed > timedelta(seconds=terms.finish_s)
    return SlipSignature(given, out_of_order=late, mark=terms.mark)


def _write(path: Path, lines: Sequence[str]) -> None:
    try:
        path.write_text("\n".join(lines) + "\n", "utf-8", "replace")
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE, f"{path} cannot be written: {error.strerror}."
        ) from error
