"""How head office's commands end: its errors are a sentence and an exit code."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable

import asyncpg

from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.office.errors import OfficeError

Command = Callable[[argparse.Namespace], int]


def told(command: Command) -> Command:
    """Return the command with its `OfficeError` as one sentence on stderr and exit code 69."""

    @functools.wraps(command)
    def run(arguments: argparse.Namespace) -> int:
        try:
            return command(arguments)
        except OfficeError as error:
            raise CommandError(Exit.UNAVAILABLE, str(error)) from error
        except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError) as error:
            raise CommandError(
                Exit.UNAVAILABLE,
                f"The database has not this version's tables ({error}): call `kiosk-tui office"
                " migrate`.",
            ) from error

    return run
