"""`kiosk-tui totals`: what a day came to, as text, JSON or CSV, or on the receipt printer."""

from __future__ import annotations

import argparse
from functools import partial

from kiosk_tui.cli import output, printing
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.receipt import export
from kiosk_tui.receipt.table import TableFormat
from kiosk_tui.session.day import day_heading, day_lines, day_totals, today


def run(arguments: argparse.Namespace) -> int:
    """Add the day up and show it; 65 when the journal disagrees with itself."""
    launch = choose(arguments, demo_without_config=True)
    try:
        with ProgressLine("Adding the day up"):
            day = day_totals(launch, arguments.date or today(launch))
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    if arguments.json:
        say_json(export.describe(day))
    elif arguments.csv:
        output.export([export.csv_text(day, TableFormat(arguments.decimal_comma))])
    elif arguments.print:
        printing.print_lines(launch, export.name(day), partial(day_lines, launch, day))
    else:
        from kiosk_tui.cli.day_table import day_table  # noqa: PLC0415 - rich, for people

        locale = launch.config.kiosk.languages[0]
        output.draw("\n".join(day_table(day, locale, day_heading(launch))))
    return Exit.BAD_DATA if day.disagreements else Exit.OK
