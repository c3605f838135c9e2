"""The arguments of every command."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from kiosk_tui import __version__
from kiosk_tui.cli import day_arguments, lab_arguments
from kiosk_tui.cli.arguments import CommandParser
from kiosk_tui.cli.day_arguments import decimal_comma, demo
from kiosk_tui.cli.fleet_arguments import fleet, ship
from kiosk_tui.cli.handbook import PROGRAM
from kiosk_tui.cli.office.arguments import office
from kiosk_tui.domain.operations import OPERATIONS, CardUse, TipUse
from kiosk_tui.text.encodings import typed

Commands: TypeAlias = "argparse._SubParsersAction[CommandParser]"  # noqa: SLF001


def parser(arguments: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Return the whole command line, or as much of it as can matter to these arguments.

    Building it all is a tenth of what a `sale` costs. No other command than one whose name stands among
    the arguments can be meant; of the others the names are known.
    """
    top = CommandParser(
        prog=PROGRAM,
        description="Takes card payments through a TECS terminal, full screen or for scripts.",
    )
    top.add_argument(
        "--version", action="version", version=f"{PROGRAM} {__version__}", help="the version"
    )
    _common(top)
    _screen(top)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=CommandParser)
    whole = arguments is None or any(one.startswith(("-h", "--h")) for one in arguments)
    for name, add in _commands().items():
        if whole or name in (arguments or ()):
            add(commands)
        else:
            commands.choices[name] = top  # never asked: it is not among the arguments
    return top


def _commands() -> Mapping[str, Callable[[Commands], object]]:
    """Return every command's name, and what adds it."""
    return {
        "run": _run,
        **{one.rules.command: partial(_payment, one.rules.command) for one in OPERATIONS},
        "recover": _recover,
        "journal": _journal,
        "receipt": _receipt,
        "totals": partial(day_arguments.totals, command=_command),
        "day": partial(day_arguments.business_day, command=_command),
        "config": _config,
        "console": _console,
        "simulator": partial(lab_arguments.simulator, command=_command),
        "drill": partial(lab_arguments.drill, command=_command),
        "scenario": partial(lab_arguments.scenario, command=_command),
        "alert": partial(_command, name="alert", summary="run the alert command once, as a test"),
        "doctor": _doctor,
        "serve": _serve,
        "lanes": _lanes,
        "watch": _watch,
        "ship": _ship,
        "fleet": _fleet,
        "office": _office,
        "completion": _completion,
        "help": _help,
        "version": partial(_command, name="version", summary="the version, like --version"),
    }


def _common(one: argparse.ArgumentParser, *, default: object = None) -> None:
    one.add_argument(
        "--config", type=Path, metavar="FILE", default=default, help="configuration file (TOML)"
    )


def _command(
    commands: Commands, name: str, summary: str, sentence: str = ""
) -> argparse.ArgumentParser:
    """Add a command: `summary` is its line in lists, `sentence` stands above its own page."""
    one = commands.add_parser(name, help=summary, description=sentence or summary)
    # SUPPRESS: given before the command, it must not be overwritten by the command's own default
    _common(one, default=argparse.SUPPRESS)
    return one


def _screen(one: argparse.ArgumentParser, *, default: object = None) -> None:
    one.add_argument(
        "--mode",
        choices=("kiosk", "lane", "technician"),
        default=default,
        help="who sits in front of it (default: the configuration's)",
    )
    one.add_argument(
        "--demo",
        action="store_true",
        default=argparse.SUPPRESS if default else False,
        help="run on the built-in simulator: no money moves",
    )
    one.add_argument(
        "--plain",
        action="store_true",
        default=argparse.SUPPRESS if default else False,
        help="lines instead of a full screen: for screen readers and dumb terminals",
    )


def _run(commands: Commands) -> None:
    one = _command(
        commands,
        "run",
        "the full-screen register (also without a command)",
        "the full-screen app, or lines with --plain (also without any command)",
    )
    _screen(one, default=argparse.SUPPRESS)


def _payment(name: str, commands: Commands) -> None:
    """Add a command that is one of several operations; which one, its arguments tell."""
    kinds = [one for one in OPERATIONS if one.rules.command == name]
    rules = kinds[0].rules
    sentence = f"{rules.summary}, without a screen"
    one = _command(commands, rules.command, rules.summary, sentence)
    cancels = kinds[0].takes_back
    if cancels:
        one.add_argument("--amount", metavar="12.55", help="needed for another terminal's")
    elif kinds[0].has_amount:
        one.add_argument("--amount", required=True, metavar="12.55", help="without a tip")
    if any(kind.rules.tip is TipUse.CARRIED for kind in kinds):
        one.add_argument("--tip", metavar="1.25", help="above the amount")
    if rules.card is CardUse.REFERENCE:
        one.add_argument(
            "--card-reference",
            required=True,
            metavar="REF|-|@FILE",
            help="as TECS gave it; - takes a line of standard input and @FILE a file's: every user"
            " of a machine can see a command line",
        )
    if any(kind.sells for kind in kinds):
        one.add_argument(
            "--until-goods",
            action="store_true",
            help="charge it for good only when the command of [goods] has handed the goods over",
        )
    if any(kind.follows_up for kind in kinds):
        always = all(kind.follows_up for kind in kinds)
        one.add_argument(
            "--reference", required=always, metavar="ID", help="the earlier transaction"
        )
        one.add_argument("--terminal", metavar="NUMBER", help="the original's, when it is another")
        one.add_argument("--source-id", metavar="ID", help="the original's, when it is another")
    if not cancels:
        _once(one)
    if not cancels and kinds[0].has_amount:
        _override(one)
    one.add_argument("--currency", metavar="EUR", help="default: the configuration's")
    one.add_argument("--language", metavar="en", help="what the PIN pad shows")
    one.add_argument("--reason", default="", metavar="TEXT", help="payment reason, up to 39 bytes")
    one.add_argument("--receipt-number", default="", metavar="TEXT", help="default: the next")
    one.add_argument("--personal-id", default="", metavar="TEXT", help="the cashier's")
    demo(one, "on the built-in simulator")
    one.add_argument("--json", action="store_true", help="one line of JSON on stdout")


def _once(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--caller-reference",
        type=_caller_reference,
        metavar="REF",
        help="your own name for this order: asked again with it, nothing is charged twice",
    )


def _override(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--override-limits",
        action="store_true",
        help="go beyond the amount and tip limits, as staff at a lane; kept in the event log",
    )
    one.add_argument("--second-person", metavar="ID", help="who agrees to that")


def _recover(commands: Commands) -> None:
    one = _command(commands, "recover", "replay due cancellations; 0 = none left, 75 = still due")
    demo(one, "the demo's")
    one.add_argument("--json", action="store_true", help="JSON, an object a line")


def _journal(commands: Commands) -> None:
    top = _command(commands, "journal", "read the journal; settle what needs staff")
    actions = top.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=CommandParser
    )
    listing = _command(actions, "list", "transactions, newest first")
    listing.add_argument(
        "--state",
        action="append",
        metavar="STATE",
        help="such as approved or task; may be repeated",
    )
    listing.add_argument("--limit", type=_count, metavar="N", default=50, help="default: 50")
    show = _command(actions, "show", "one transaction with its events and exchanges")
    show.add_argument("id", metavar="ID", help="in any spelling")
    verify = _command(actions, "verify", "prove that the journal is whole and nothing was changed")
    verify.add_argument(
        "--checkpoint",
        metavar="FILE|TEXT",
        help="one that was kept elsewhere (a Z report, head office): proves that nothing was cut off",
    )
    key = _command(actions, "key", "the public key that signs the journal's checkpoints")
    mark = _command(actions, "checkpoint", "the newest signed checkpoint, to be kept elsewhere")
    mark.add_argument("--sign", action="store_true", help="first sign what came since the last one")
    export = _command(actions, "export", "every transaction, oldest first")
    export.add_argument(
        "--format", choices=("jsonl", "csv"), default="jsonl", help="default: jsonl"
    )
    decimal_comma(export)
    settle = _command(actions, "settle", "close what needs staff, with what was done about it")
    settle.add_argument("id", metavar="ID", help="in any spelling")
    settle.add_argument("--note", required=True, metavar="TEXT", help="what was done, and by whom")
    new = _command(actions, "new", "move a damaged or lost journal aside and start an empty one")
    new.add_argument("--note", required=True, metavar="TEXT", help="why, and who says so")
    for one in (listing, show, verify, key, mark, settle, new, *_housekeeping(actions)):
        one.add_argument("--json", action="store_true", help="JSON, an object a line")
    for one in actions.choices.values():
        demo(one, "the demo's journal")


def _housekeeping(actions: Commands) -> tuple[argparse.ArgumentParser, ...]:
    backup = _command(actions, "backup", "copy the journal into a new file, while it is in use")
    check = _command(actions, "check-backup", "say whether a backup is whole, and what it holds")
    restore = _command(
        actions, "restore", "put a backup in the place of a lost journal; what came after it is"
        " carried over as far as the old one can be read"
    )  # fmt: skip
    for one in (backup, check, restore):
        one.add_argument("file", type=Path, metavar="FILE", help="the backup")
    restore.add_argument("--note", required=True, metavar="TEXT", help="why, and who says so")
    prune = _command(actions, "prune", "remove what ended long ago, while the journal is in use")
    prune.add_argument(
        "--days", type=_count, metavar="N", help="keep so many; default: the configuration's"
    )
    tidy = _command(actions, "tidy", "nightly: back up where configured, prune, give room back")
    return backup, check, restore, prune, tidy


def _receipt(commands: Commands) -> None:
    one = _command(commands, "receipt", "the slip of a transaction, as text or printed again")
    demo(one, "of the demo")
    one.add_argument("id", metavar="ID", help="in any spelling")
    one.add_argument("--copy", choices=("customer", "merchant"), default="customer", help="whose")
    one.add_argument("--columns", type=int, choices=(32, 42, 48), help="the configuration's")
    one.add_argument(
        "--first", action="store_true", help="it was not printed before: no mark of a duplicate"
    )
    where = one.add_mutually_exclusive_group()
    where.add_argument("--output", type=Path, metavar="FILE", help="into a file")
    where.add_argument("--print", action="store_true", help="on the printer")


def _config(commands: Commands) -> None:
    top = _command(commands, "config", "show, check or write the configuration")
    actions = top.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=CommandParser
    )
    show = _command(actions, "show", "every setting with where it came from; no secrets")
    show.add_argument("--json", action="store_true", help="JSON, an object a line")
    _command(actions, "check", "say whether the configuration can be used")
    _command(actions, "schema", "print what may stand in a configuration file, as a JSON schema")
    init = _command(actions, "init", "write a new configuration; asks for what is not given")
    init.add_argument("--output", type=Path, metavar="FILE", help="default: the user's own")
    init.add_argument("--url", metavar="URL")
    init.add_argument("--terminal", metavar="NUMBER")
    init.add_argument("--place", metavar="TOWN", help='postcode and town, such as "1010 Vienna"')
    init.add_argument("--currency", metavar="EUR")
    init.add_argument("--key-file", metavar="FILE")
    _command(actions, "pin", "ask for a service PIN and print the line for service_pin_hash")


def _console(commands: Commands) -> None:
    one = _command(commands, "console", "what this console can draw, and which theme fits")
    one.add_argument("--json", action="store_true", help="one line of JSON, and no sample")


def _doctor(commands: Commands) -> None:
    one = _command(
        commands,
        "doctor",
        "check each link from the configuration to the printer",
        "look at each link from the configuration to the printer; name the culprit",
    )
    demo(one, "on the built-in simulator")
    one.add_argument("--test-sale", action="store_true", help="also sell 0.01, and cancel it")
    one.add_argument(
        "--ask",
        metavar="ID",
        help="only ask TECS's second opinion of a transaction; it settles nothing",
    )
    one.add_argument(
        "--bundle", type=Path, metavar="FILE", help="pack it all for support: .zip or .tar.gz"
    )
    one.add_argument("--json", action="store_true", help="one line of JSON on stdout")


def _serve(commands: Commands) -> None:
    one = _command(commands, "serve", "let other software drive the register over HTTP")
    one.add_argument("--socket", type=Path, metavar="PATH", help="default: beside the journal")
    one.add_argument("--tcp", metavar="ADDRESS:PORT", help="also there; needs a token")
    one.add_argument("--token-file", metavar="FILE", help="a token that may do everything")
    demo(one, "on the built-in simulator")


def _lanes(commands: Commands) -> None:
    one = _command(
        commands,
        "lanes",
        "be the parent that lanes over SSH are forked from",
        "the parent that lanes over SSH are forked from, so that each opens at once; systemd starts it"
        " (kiosk-tui-lanes.service)",
    )
    one.add_argument("--socket", type=Path, metavar="PATH", help="where it is not systemd's")


def _watch(commands: Commands) -> None:
    one = _command(commands, "watch", "see what a running register does; it is not disturbed")
    demo(one, "the one on the built-in simulator")
    one.add_argument("--once", action="store_true", help="print once; 69 = nothing runs")
    one.add_argument("--json", action="store_true", help="one line of JSON for each change")


def _ship(commands: Commands) -> None:
    ship(_command(commands, "ship", "send the journal's events to head office, for ever"))


def _fleet(commands: Commands) -> None:
    fleet(_command(commands, "fleet", "belong to a head office: enroll, status, leave"))


def _office(commands: Commands) -> None:
    summary = "head office: every kiosk in one PostgreSQL"
    office(commands.add_parser("office", help=summary, description=summary))


def _completion(commands: Commands) -> None:
    one = _command(
        commands,
        "completion",
        "what makes Tab complete commands and options in a shell",
        "print what makes Tab complete commands and options in a shell; packages install it",
    )
    one.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell that reads it")


def _help(commands: Commands) -> None:
    one = _command(commands, "help", "what there is to type, or what a command does, like --help")
    one.add_argument("topic", nargs="*", metavar="COMMAND", help="such as sale, or journal list")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a count: give a number such as 50")
    return int(text)


def _caller_reference(text: str) -> str:
    from kiosk_tui.domain.identity import (  # noqa: PLC0415 - not for the screen
        CallerReference,
        IdentityError,
    )

    try:
        return CallerReference(typed(text))
    except IdentityError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
