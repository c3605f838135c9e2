"""What `--help` and `kiosk-tui help` print: the overview in groups, a command's page, the exit codes."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kiosk_tui.cli.colour import Rendition, coloured, styled
from kiosk_tui.cli.handbook import ANY_OTHER, EXIT_CODES, GROUPS, MEANINGS, PROGRAM
from kiosk_tui.cli.reference import ArgumentEntry, CommandEntry, entry

_WIDEST: Final = 100
_NARROWEST: Final = 40
_GAP: Final = 2
_TERM: Final = 24
"""The widest left column: a longer argument has a line to itself."""

_MORE: Final = (
    (f"{PROGRAM} help COMMAND", "what a command does, with examples"),
    (f"{PROGRAM} help {EXIT_CODES}", "what a script can tell from the exit code"),
    (f"{PROGRAM} version", "the version"),
)

Row = tuple[str, str]


def page(parser: argparse.ArgumentParser) -> str:
    """Return the help page of a parser, as wide as the terminal."""
    command = entry(parser)
    lines = _overview(command) if command.name == PROGRAM else _command(command)
    return "\n".join([*lines, ""])


def exit_codes() -> str:
    """Return the page of the exit codes."""
    rows = [(str(code.value), means) for code, means in MEANINGS.items()]
    lines = [_head("Exit codes"), *_rows(rows), "", *_wrapped(ANY_OTHER)]
    return "\n".join([*lines, ""])


def _overview(top: CommandEntry) -> Iterator[str]:
    yield from _wrapped(top.sentence)
    yield from ("", f"{_head('Usage')}  {PROGRAM} [OPTIONS] [COMMAND ...]")
    summaries = {one.name.removeprefix(f"{PROGRAM} "): one.summary for one in top.below}
    left = max(len(name) for names in GROUPS.values() for name in names)
    for group, names in GROUPS.items():
        yield from ("", _head(group), *_rows([(name, summaries[name]) for name in names], left))
    yield from _arguments("Options", top.arguments)
    yield from ("", _head("Examples"), *_examples(top))
    yield from ("", _head("More"), *_rows(_MORE, max(len(typed) for typed, _ in _MORE)))


def _command(command: CommandEntry) -> Iterator[str]:
    yield from _wrapped(command.sentence)
    yield from ("", f"{_head('Usage')}  {command.usage}")
    if command.below:
        name = f"{command.name} "
        below = [(one.name.removeprefix(name), one.summary) for one in command.below]
        yield from ("", _head("Commands"), *_rows(below))
    yield from ("", _head("Examples"), *_examples(command))
    yield from _arguments("Arguments", [one for one in command.arguments if not one.option])
    yield from _arguments("Options", [one for one in command.arguments if one.option])
    yield from ("", f"Exit codes: {PROGRAM} help {EXIT_CODES}")


def _arguments(head: str, arguments: Sequence[ArgumentEntry]) -> Iterator[str]:
    if arguments:
        rows = [(one.typed, one.meaning) for one in arguments]
        yield from ("", _head(head), *_rows(rows))


def _examples(command: CommandEntry) -> Iterator[str]:
    shown = command.examples
    widest = max(len(typed) for typed, told in shown if told) if any(t for _, t in shown) else 0
    for typed, told in shown:
        more = styled(f"  # {told}", Rendition.DIM, colours=coloured(sys.stdout)) if told else ""
        yield f"  {typed}{' ' * (widest - len(typed)) if told else ''}{more}"


def _rows(rows: Sequence[Row], left: int = 0) -> Iterator[str]:
    """Yield rows in two columns: the right one is wrapped, and never nearer than the gap."""
    left = left or max((len(typed) for typed, _ in rows if len(typed) <= _TERM), default=0)
    indent = " " * (2 * _GAP + left)
    for typed, meaning in rows:
        lines = textwrap.wrap(meaning, max(_columns() - len(indent), 20)) or [""]
        name = "  " + styled(typed, Rendition.NAME, colours=coloured(sys.stdout))
        if len(typed) > left:
            yield name
        else:
            yield f"{name}{' ' * (left - len(typed) + _GAP)}{lines.pop(0)}".rstrip()
        yield from (indent + line for line in lines)


def _wrapped(text: str) -> Iterable[str]:
    return textwrap.wrap(text, _columns())


def _head(text: str) -> str:
    return styled(text, Rendition.HEAD, colours=coloured(sys.stdout))


def _columns() -> int:
    return max(_NARROWEST, min(shutil.get_terminal_size().columns, _WIDEST))
