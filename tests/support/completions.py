"""What a shell knows of the command line: files made from the parser by shtab, once, not at each Tab."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import shtab

from kiosk_tui.cli.completion import FOLDER, SHELLS
from kiosk_tui.cli.parser import parser
from kiosk_tui.domain.lifecycle import State

_HEAD = "# Completions of kiosk-tui for {shell}: made from its parser with shtab by scripts/documents.\n"


def scripts() -> Mapping[Path, str]:
    """Return each shell's file and what it holds."""
    return {FOLDER / name: _script(shell) for shell, name in SHELLS.items()}


def _script(shell: str) -> str:
    told = _taught(parser())
    first, _, rest = shtab.complete(told, shell=shell).partition("\n")
    tag = f"{first}\n" if first.startswith("#compdef") else ""  # zsh looks for it on the first line
    kept = [] if tag else [first]
    lines = [*kept, *rest.splitlines()]
    while lines and (lines[0].startswith("#") or not lines[0]):  # how to install it by hand
        lines.pop(0)
    return tag + _HEAD.format(shell=shell) + "\n".join(lines) + "\n"


def _taught(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what only shells need: where files are named, and which words there are."""
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for told in action._choices_actions:
                _taught(action.choices[told.dest]).description = told.help
        elif action.dest == "topic":
            action.choices = [*parser_words(), "exit-codes"]
        elif action.dest == "state":
            action.choices = [str(one).lower() for one in State]
        elif action.type is Path or "FILE" in str(action.metavar):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    return one


def parser_words() -> list[str]:
    """Return the commands."""
    (commands,) = [one for one in parser()._actions if one.dest == "command"]
    return list(commands.choices or ())
