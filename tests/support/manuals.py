"""The manual pages, made from the parser: one for the program, one for each command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kiosk_tui.cli.handbook import ANY_OTHER, EXIT_CODES, GROUPS, MEANINGS, PROGRAM
from kiosk_tui.cli.parser import parser
from kiosk_tui.cli.reference import ArgumentEntry, CommandEntry, entry

FOLDER = Path(__file__).parents[2] / "distribution" / "man"

_FILES = {
    "/etc/kiosk-tui/config.toml": "The machine's configuration.",
    "~/.config/kiosk-tui/config.toml": "The user's own, which is read instead where it exists.",
    "/var/lib/kiosk-tui/journal.db": "The journal of a kiosk that systemd starts.",
}
_ENVIRONMENT = {
    "KIOSK_TUI_CONFIG": "The configuration file, where --config names none.",
    "KIOSK_TUI_SECTION__KEY": "One setting, such as KIOSK_TUI_UI__THEME; it goes before the file's.",
    "NO_COLOR": "Not empty: no colours on a terminal.",
    "FORCE_COLOR": "Not empty: colours in a pipe as well.",
}


def pages() -> Mapping[Path, str]:
    """Return each page by its file."""
    top = entry(parser())
    made = {PROGRAM: _program(top)} | {"-".join(one.name.split()): _one(one) for one in top.below}
    return {FOLDER / f"{name}.1": "\n".join([*lines, ""]) for name, lines in made.items()}


def _program(top: CommandEntry) -> Iterator[str]:
    yield from _head(PROGRAM, "take card payments through a TECS terminal")
    yield from (".SH SYNOPSIS", f".B {_roff(PROGRAM)}", "[OPTIONS] [COMMAND ...]")
    yield from (".SH DESCRIPTION", _roff(top.sentence))
    yield "Without a command it is the full-screen register."
    summaries = {one.name.split()[1]: one.summary for one in top.below}
    yield ".SH COMMANDS"
    yield f"Each has a page of its own, such as {_roff(PROGRAM)}\\-sale(1)."
    for group, names in GROUPS.items():
        yield f".SS {group}"
        yield from _terms((name, summaries[name]) for name in names)
    yield from (".SH OPTIONS", *_arguments(top.arguments))
    yield ".SH EXIT STATUS"
    yield from _terms((str(code.value), means) for code, means in MEANINGS.items())
    yield from (".PP", _roff(ANY_OTHER))
    yield from (".SH ENVIRONMENT", *_terms(_ENVIRONMENT.items()))
    yield from (".SH FILES", *_terms(_FILES.items()))
    yield from (".SH EXAMPLES", *_examples(top))


def _one(command: CommandEntry) -> Iterator[str]:
    yield from _head("-".join(command.name.split()), command.summary)
    yield ".SH SYNOPSIS"
    for number, one in enumerate(command.below or [command]):
        yield from ([".br"] if number else [])
        name, _, more = one.usage.partition(f"{one.name} ")
        yield from (f".B {_roff(name or one.name)}", *([_roff(more)] if more else []))
    yield from (".SH DESCRIPTION", _roff(command.sentence))
    if command.below:
        yield ".SH COMMANDS"
    for one in command.below:
        yield from (f".SS {_roff(one.name.split()[-1])}", _roff(one.sentence))
        yield from (*_arguments(_own(one)), *_examples(one))
    yield from (".SH OPTIONS", *_arguments(command.arguments))
    if not command.below:
        yield from (".SH EXAMPLES", *_examples(command))
    yield ".SH SEE ALSO"
    yield f"{_roff(PROGRAM)}(1), which lists the exit codes as {_roff(f'{PROGRAM} help {EXIT_CODES}')} does."


def _own(one: CommandEntry) -> list[ArgumentEntry]:
    return [argument for argument in one.arguments if argument.typed != "--config FILE"]


def _head(name: str, what: str) -> Iterator[str]:
    yield f'.TH {_roff(name.upper())} 1 "" "{PROGRAM}" "User Commands"'
    yield from (".SH NAME", f"{_roff(name)} \\- {_roff(what)}")


def _arguments(arguments: Iterable[ArgumentEntry]) -> Iterator[str]:
    return _terms((one.typed, one.meaning) for one in arguments)


def _terms(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, meaning in rows:
        yield from (".TP", f".B {_roff(term)}", _roff(meaning))


def _examples(command: CommandEntry) -> Iterator[str]:
    yield from (".PP", ".nf", ".RS 4")
    yield from (_roff(f"{typed}  # {told}" if told else typed) for typed, told in command.examples)
    yield from (".RE", ".fi")


def _roff(text: str) -> str:
    """Write a text so that the formatter changes nothing in it."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return re.sub(r"^(?=[.'])", r"\\&", escaped)
