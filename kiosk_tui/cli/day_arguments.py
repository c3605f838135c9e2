"""The arguments of what adds days up, and two that others have, too."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from kiosk_tui.cli.arguments import CommandParser

Command = Callable[..., argparse.ArgumentParser]
"""Adds a command with the options that all have."""


def totals(commands: Any, command: Command) -> None:
    """Add `totals`: a calendar day."""
    one = command(commands, "totals", "what a day came to; reads while the kiosk runs")
    demo(one, "of the demo")
    one.add_argument("--date", type=_day, metavar="2026-11-27", help="default: today")
    how = one.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="one line of JSON")
    how.add_argument("--csv", action="store_true", help="a line for each sum")
    how.add_argument("--print", action="store_true", help="on the receipt printer")
    decimal_comma(one)


def business_day(commands: Any, command: Command) -> None:
    """Add `day`: business days."""
    top = command(commands, "day", "business days: so far (X), closed (Z), beside TECS's turnover")
    actions = top.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=CommandParser
    )
    report = command(actions, "report", "what the day comes to so far (X); changes nothing")
    close = command(actions, "close", "close the day: its report (Z) is numbered and stays")
    show = command(actions, "show", "the report of a closed day")
    listing = command(actions, "list", "every closed day, oldest first")
    compare = command(
        actions, "compare", "a closed day beside TECS's turnover; 65: they differ, each difference named"
    )  # fmt: skip
    for one in (show, compare):
        one.add_argument("number", type=int, nargs="?", metavar="NUMBER", help="default: the last")
    for one in (report, close, show):
        how = one.add_mutually_exclusive_group()
        how.add_argument("--json", action="store_true", help="one line of JSON")
        how.add_argument("--csv", action="store_true", help="a line for each sum")
        how.add_argument("--print", action="store_true", help="on the receipt printer")
        decimal_comma(one)
    for one in (listing, compare):
        one.add_argument("--json", action="store_true", help="JSON, an object a line")
    told = compare.add_mutually_exclusive_group(required=True)
    told.add_argument(
        "--total",
        action="append",
        metavar="TOTAL",
        help="what TECS tells: 12.55, 'EUR 12.55' or VISA=12.55, with /3 behind it for how many",
    )
    told.add_argument(
        "--file", type=Path, metavar="FILE", help="CSV: amount, currency, count, brand"
    )
    for one in actions.choices.values():
        demo(one, "of the demo")


def decimal_comma(one: argparse.ArgumentParser) -> None:
    """Add the choice of how CSV is written."""
    one.add_argument(
        "--decimal-comma",
        action="store_true",
        help="CSV as spreadsheets of most of Europe read it: 12,55, and ; between columns",
    )


def demo(one: argparse.ArgumentParser, text: str) -> None:
    """Let it work on the built-in simulator."""
    # SUPPRESS: given before the command, it must not be overwritten: real money would move
    one.add_argument("--demo", action="store_true", default=argparse.SUPPRESS, help=text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        told = f"'{text}' is not a day: write it like 2026-11-27"
        raise argparse.ArgumentTypeError(told) from None
