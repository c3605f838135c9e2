"""`kiosk-tui day`: business days: what one comes to so far (X), closing one (Z), and what TECS says of it.

All of it works while a register runs, also one of another process.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from kiosk_tui.cli import chain, output, printing
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.days import DayReport, NothingToCloseError
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.money import MoneyError, Total, plain
from kiosk_tui.domain.turnover import Turnover, TurnoverDifference, differences, parse_total
from kiosk_tui.fleet import signatures
from kiosk_tui.journal.day_reports import closed_days
from kiosk_tui.receipt import day_report
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.table import TableFormat
from kiosk_tui.session.day import close_business_day, report_lines, report_so_far
from kiosk_tui.session.launch import Launch
from kiosk_tui.text.currencies import currency


def run(arguments: argparse.Namespace) -> int:
    """Do what the action says; return the exit code."""
    launch = choose(arguments, demo_without_config=True)
    try:
        return _ACTIONS[arguments.action](launch, arguments)
    except NothingToCloseError as error:
        raise CommandError(Exit.DECLINED, str(error)) from error
    except JournalUnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error


def _report(launch: Launch, arguments: argparse.Namespace) -> int:
    with ProgressLine("Adding the day up"):
        day = report_so_far(launch)
    return _show(launch, day, arguments)


def _close(launch: Launch, arguments: argparse.Namespace) -> int:
    with ProgressLine("Closing the day"):
        day = close_business_day(launch)
        if signatures.available() and not launch.demo:
            with contextlib.suppress(CommandError, JournalUnavailableError):
                chain.sign(launch)  # otherwise the register does it, within the hour
    return _show(launch, day, arguments)


def _show_one(launch: Launch, arguments: argparse.Namespace) -> int:
    return _show(launch, _closed(launch, arguments.number), arguments)


def _show(launch: Launch, day: DayReport, arguments: argparse.Namespace) -> int:
    if arguments.json:
        say_json(day_report.describe(day))
    elif arguments.csv:
        output.export([day_report.csv_text(day, TableFormat(arguments.decimal_comma))])
    elif arguments.print:
        printing.print_lines(launch, day_report.name(day), partial(report_lines, launch, day))
    else:
        for line in report_lines(launch, day, Paper(launch.config.receipt.columns)):
            output.say(line)
    return Exit.BAD_DATA if day.disagreements else Exit.OK


def _list(launch: Launch, arguments: argparse.Namespace) -> int:
    for day in closed_days(launch.journal):
        if arguments.json:
            say_json(day_report.describe(day))
            continue
        sums = ", ".join(str(Total(one.net.minor, one.currency)) for one in day.currencies)
        output.say(f"Z {day.number}  {day.day}  {sums}")
    return Exit.OK


def _closed(launch: Launch, number: int | None) -> DayReport:
    days = closed_days(launch.journal)
    if number is None and days:
        return days[-1]
    for day in days:
        if day.number == number:
            return day
    raise CommandError(
        Exit.USAGE,
        f"There is no closed day {number}: `kiosk-tui day list` tells them."
        if days
        else "No day has been closed yet: `kiosk-tui day close` closes one.",
    )


# -- beside TECS ---------------------------------------------------------------------------------


def _compare(launch: Launch, arguments: argparse.Namespace) -> int:
    day = _closed(launch, arguments.number)
    told = list(_typed(arguments, day)) if arguments.file is None else _file(arguments.file)
    found = differences(day, told)
    for one in found:
        if arguments.json:
            say_json(_described(one))
        else:
            output.say(_sentence(one))
    if not found and not arguments.json:
        output.say(f"Z {day.number} of {day.day} and TECS agree to the cent.")
    return Exit.BAD_DATA if found else Exit.OK


def _typed(arguments: argparse.Namespace, day: DayReport) -> Iterator[Turnover]:
    """Yield what was typed: `12.55`, `EUR 12.55`, or `VISA=12.55`, each with `/3` for how many."""
    usual = day.currencies[0].currency.code if len(day.currencies) == 1 else ""
    for text in arguments.total:
        brand, _, amount = text.rpartition("=")
        amount, _, count = amount.partition("/")
        code, _, number = amount.strip().rpartition(" ")
        yield _turnover(number, code.strip() or usual, count.strip(), brand.strip(), text)


def _file(path: Path) -> list[Turnover]:
    """Read CSV with the columns amount, currency, and where there are: count, brand."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.readline()
            file.seek(0)
            rows = csv.DictReader(file, delimiter=";" if ";" in sample else ",")
            return [_row(row, f"{path}, line {rows.line_num}") for row in rows]
    except (OSError, UnicodeError, csv.Error) as error:
        raise CommandError(Exit.USAGE, f"{path} cannot be read: {error}.") from error


def _row(row: Mapping[str, str | None], where: str) -> Turnover:
    told = {
        (name or "").strip().lower(): (value or "").strip()
        for name, value in row.items()
        if isinstance(value, str)
    }
    return _turnover(
        told.get("amount", ""), told.get("currency", ""), told.get("count", ""), told.get("brand", ""), where
    )  # fmt: skip


def _turnover(amount: str, code: str, count: str, brand: str, where: str) -> Turnover:
    try:
        total = parse_total(amount, currency(code.upper()))
        return Turnover(total, int(count) if count else None, brand)
    except (MoneyError, ValueError) as error:
        raise CommandError(
            Exit.USAGE, f"{where}: write an amount and its currency, such as 'EUR 12.55' ({error})."
        ) from error


def _sentence(one: TurnoverDifference) -> str:
    which = f"{one.currency.code}, {one.brand}" if one.brand else f"{one.currency.code}, all cards"
    ours = "nothing" if one.ours is None else _counted(one.ours.minor, one.ours.count, one)
    theirs = (
        "nothing" if one.theirs is None else _counted(one.theirs.total.minor, one.theirs.count, one)
    )
    return f"{which}: the register has {ours}, TECS {theirs}: {plain(Total(one.minor, one.currency))} apart."


def _counted(minor: int, count: int | None, one: TurnoverDifference) -> str:
    told = plain(Total(minor, one.currency))
    return told if count is None else f"{told} in {count}"


def _described(one: TurnoverDifference) -> Mapping[str, object]:
    return {
        "currency": one.currency.code,
        "brand": one.brand or None,
        "register_minor": None if one.ours is None else one.ours.minor,
        "register_count": None if one.ours is None else one.ours.count,
        "tecs_minor": None if one.theirs is None else one.theirs.total.minor,
        "tecs_count": None if one.theirs is None else one.theirs.count,
        "difference_minor": one.minor,
    }


_ACTIONS: Final[Mapping[str, Callable[[Launch, argparse.Namespace], int]]] = {
    "report": _report,
    "close": _close,
    "list": _list,
    "show": _show_one,
    "compare": _compare,
}
