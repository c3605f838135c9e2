"""The arguments of `office` and its commands. No module of head office is loaded for them."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TypeAlias

from kiosk_tui.cli.arguments import CommandParser

Actions: TypeAlias = "argparse._SubParsersAction[CommandParser]"  # noqa: SLF001

PARTS = ("ingest", "push", "web", "signer", "enroller")
ROLES = ("look", "operate", "command")


def office(top: argparse.ArgumentParser) -> None:
    """Add what `office` takes."""
    actions: Actions = top.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=CommandParser
    )
    _serving(actions)
    _people(actions)
    _machines(actions)
    _looking(actions)
    _reconciling(actions)
    _commands(actions)


def _action(actions: Actions, name: str, summary: str, *, json: bool = True) -> CommandParser:
    one: CommandParser = actions.add_parser(name, help=summary, description=summary)
    one.add_argument(
        "--office-config", type=Path, metavar="FILE", help="default: /etc/kiosk-tui/office.toml"
    )
    if json:
        one.add_argument("--json", action="store_true", help="JSON, an object a line")
    return one


def _serving(actions: Actions) -> None:
    serve = _action(actions, "serve", "run one part of head office", json=False)
    serve.add_argument("--part", choices=PARTS, required=True, help="each is a unit of its own")
    serve.add_argument(
        "--socket", type=Path, metavar="FILE", help="where it listens; default: in office.toml"
    )
    demo = _action(
        actions, "demo", "a PostgreSQL, all parts, and twenty kiosks on the simulator", json=False
    )
    demo.add_argument("--folder", type=Path, metavar="FOLDER", help="default: in the user's state")
    demo.add_argument(
        "--address", default="127.0.0.1:8090", metavar="HOST:PORT", help="default: 127.0.0.1:8090"
    )
    demo.add_argument("--kiosks", type=int, default=20, metavar="N", help="default: 20")
    _action(actions, "migrate", "make the tables, or bring them to this version")
    _action(actions, "tidy", "remove what is older than it is kept")


def _people(actions: Actions) -> None:
    user = actions.add_parser("user", help="accounts", description="accounts of head office")
    below: Actions = user.add_subparsers(
        dest="user_action", metavar="ACTION", required=True, parser_class=CommandParser
    )
    add = _action(below, "add", "a new account; its password is asked for")
    add.add_argument("name", metavar="NAME", help="lower case")
    add.add_argument("--role", choices=ROLES, required=True, help="what it may do")
    password = _action(below, "password", "another password, which is asked for")
    password.add_argument("name", metavar="NAME", help="whose")
    for one in (add, password):
        one.add_argument(
            "--password-file", type=Path, metavar="FILE", help="its first line, instead of asking"
        )
    disable = _action(below, "disable", "end an account and its log-ins")
    disable.add_argument("name", metavar="NAME", help="whose")
    _action(below, "list", "every account")


def _machines(actions: Actions) -> None:
    enroll = _action(actions, "enroll", "a one-time code for a kiosk, also as a QR code")
    enroll.add_argument("kiosk", metavar="KIOSK", help="its name: a-z, 0-9 and -")
    enroll.add_argument("--site", default="", metavar="TEXT", help="where it stands")
    enroll.add_argument("--hours", type=int, default=24, metavar="N", help="default: 24")
    revoke = _action(actions, "revoke", "take no more from a kiosk's certificates")
    revoke.add_argument("kiosk", metavar="KIOSK", help="its name")


def _looking(actions: Actions) -> None:
    _action(actions, "list", "every kiosk")
    show = _action(actions, "show", "one kiosk's story, or one of its transactions")
    show.add_argument("kiosk", metavar="KIOSK", help="its name")
    show.add_argument("id", nargs="?", metavar="ID", help="a transaction, also by its reference")
    _action(actions, "due", "cancellations that are not done, the oldest first")
    _action(actions, "silent", "kiosks that have not spoken")
    _action(actions, "reasons", "what is out of service, and why")
    _action(actions, "terminals", "every terminal and what it did last")
    _action(actions, "versions", "which version runs where")
    alarms = _action(actions, "alarms", "what somebody must look at")
    alarms.add_argument("--seen", type=int, metavar="N", help="say that you have looked at it")
    totals = _action(actions, "totals", "sums per day, kiosk and currency")
    totals.add_argument(
        "--date", type=date.fromisoformat, metavar="2026-11-27", help="default: today"
    )
    totals.add_argument(
        "--days", type=int, default=1, metavar="N", help="that day and those before; default: 1"
    )
    totals.add_argument(
        "--by", choices=("kiosk", "site", "fleet", "batch"), default="kiosk", help="default: kiosk"
    )


def _reconciling(actions: Actions) -> None:
    days = _action(actions, "days", "closed days against TECS, each difference named")
    days.add_argument("--kiosk", default="", metavar="KIOSK", help="default: all")
    days.add_argument("--number", type=int, default=0, metavar="N", help="only this day")
    reconcile = _action(actions, "reconcile", "journals against TECS against clearing")
    reconcile.add_argument(
        "--days", type=int, default=35, metavar="N", help="how far back; default: 35"
    )
    bring = _action(actions, "import", "take TECS's history or clearing from a file")
    bring.add_argument("file", type=Path, metavar="FILE", help="CSV or JSON")
    bring.add_argument(
        "--as", dest="told_by", choices=("history", "clearing"), default="history",
        help="default: history",
    )  # fmt: skip
    bring.add_argument(
        "--amounts", choices=("minor", "major"),
        help="what whole amounts count, where the file leaves it open",
    )  # fmt: skip
    ask = _action(actions, "ask", "TECS's second opinion of a transaction; it settles nothing")
    ask.add_argument("terminal", metavar="TERMINAL", help="its number")
    ask.add_argument("id", metavar="ID", help="the transaction's")


def _commands(actions: Actions) -> None:
    top = actions.add_parser("commands", help="orders to kiosks", description="orders to kiosks")
    below: Actions = top.add_subparsers(
        dest="command_action", metavar="ACTION", required=True, parser_class=CommandParser
    )
    _action(below, "list", "what was asked for, and what came of it")
    ask = _action(below, "ask", "ask for an order; somebody else has to approve it")
    ask.add_argument("verb", metavar="VERB", help="close, open, configuration, restart, …")
    ask.add_argument("kiosks", nargs="+", metavar="KIOSK", help="one or more, or `all`")
    ask.add_argument("--body", default="{}", metavar="JSON", help="what the verb needs")
    ask.add_argument(
        "--hours", type=float, default=8, metavar="N", help="until it expires; at most 24"
    )
    ask.add_argument("--reason", default="", metavar="TEXT", help="why")
    for name, summary in (("approve", "agree to an order"), ("stop", "take an order back")):
        one = _action(below, name, summary)
        one.add_argument("request", type=int, metavar="N", help="the order's number")
    for one in (ask, below.choices["approve"], below.choices["stop"]):
        one.add_argument("--as-user", metavar="NAME", help="who says so; the password is asked for")
