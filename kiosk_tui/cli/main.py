"""Finds the command that was typed and turns what went wrong into a sentence and an exit code."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from kiosk_tui.cli import output, streams
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.full_screen import full_screen
from kiosk_tui.cli.signals import pass_over_strays
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.session.status import last_word
from kiosk_tui.start.early import give_back
from kiosk_tui.text.encodings import typed

if TYPE_CHECKING:
    import argparse

log = logging.getLogger(__name__)

_MODULES: Final[Mapping[str, str]] = {
    "run": "kiosk_tui.cli.front",
    "recover": "kiosk_tui.cli.recover",
    "journal": "kiosk_tui.cli.journal",
    "receipt": "kiosk_tui.cli.receipt",
    "totals": "kiosk_tui.cli.totals",
    "day": "kiosk_tui.cli.day",
    "config": "kiosk_tui.cli.config",
    "console": "kiosk_tui.cli.console",
    "simulator": "kiosk_tui.cli.simulator",
    "drill": "kiosk_tui.cli.drill",
    "scenario": "kiosk_tui.cli.scenario",
    "alert": "kiosk_tui.cli.alert",
    "doctor": "kiosk_tui.cli.doctor",
    "serve": "kiosk_tui.cli.serve",
    "lanes": "kiosk_tui.cli.lanes",
    "watch": "kiosk_tui.cli.watch",
    "ship": "kiosk_tui.cli.ship",
    "fleet": "kiosk_tui.cli.fleet",
    "office": "kiosk_tui.cli.office",
    "completion": "kiosk_tui.cli.completion",
    "help": "kiosk_tui.cli.about",
    "version": "kiosk_tui.cli.about",
}
"""Each command's module is imported only when it is typed: the screen must come up fast."""
_PAYMENTS: Final = "kiosk_tui.cli.payments"
"""Every other command is an operation's."""
_ZONES: Final = "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"
"""Where time zones lie (PEP 615). Not told, Python reads all that it knows of its own build: 1 MB."""


def main(arguments: Sequence[str]) -> int:
    """Run a command line; return the exit code. Raises `SystemExit` for usage, as argparse does."""
    closed = streams.begin()
    output.begin()
    os.environ.setdefault("PYTHONTZPATH", _ZONES)  # here, where there is no other thread yet
    try:
        try:
            parsed = _parsed(arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, no payment was begun
            what = f"{type(error).__name__}: {error}"
            return _complain(Exit.SOFTWARE, f"It could not be started ({what}): install it again.")
        parsed.closed = closed
        return _told(parsed)
    finally:
        streams.end()


def _parsed(arguments: Sequence[str]) -> argparse.Namespace | SimpleNamespace:
    """Read the arguments: all but the names of files are texts, whatever their bytes are."""
    pass_over_strays()
    parsed = full_screen(arguments) or _parsed_at_length(arguments)
    for name, value in vars(parsed).items():
        if isinstance(value, str):
            setattr(parsed, name, typed(value))
    return parsed


def _parsed_at_length(arguments: Sequence[str]) -> argparse.Namespace:
    from kiosk_tui.cli.parser import parser  # noqa: PLC0415 - dear, and a screen does without

    parsed = parser(arguments).parse_args(arguments)
    parsed.command = parsed.command or "run"
    return parsed


def _told(parsed: argparse.Namespace | SimpleNamespace) -> int:
    """Run the command, and say what went wrong with it."""
    try:
        return _run(parsed)
    except ConfigError as error:
        return _complain(Exit.CONFIG, str(error))
    except CommandError as error:
        return _complain(error.code, str(error), error.more)
    except KeyboardInterrupt:
        # the payment itself takes Ctrl-C as giving up: here it may be over, and approved
        return _complain(Exit.INTERRUPTED, "Interrupted: `kiosk-tui journal list` tells the rest.")
    except Exception as error:
        # Python itself would end with 1, and a script would read "declined"
        log.exception("the command %s failed", parsed.command)
        what = f"A fault of ours ({type(error).__name__})"
        return _complain(Exit.SOFTWARE, f"{what}: `kiosk-tui journal list` tells how things stand.")


def _run(parsed: argparse.Namespace | SimpleNamespace) -> int:
    try:
        module = importlib.import_module(_MODULES.get(parsed.command, _PAYMENTS))
        return int(module.run(parsed))
    finally:
        give_back()


def _complain(code: Exit, sentence: str, more: Sequence[str] = ()) -> int:
    last_word(sentence)
    lines = [f"kiosk-tui: {one_line(sentence)}", *(f"  {one_line(one)}" for one in more)]
    with output.unheard(sys.stderr):
        print("\n".join(lines), file=sys.stderr, flush=True)
    return code
