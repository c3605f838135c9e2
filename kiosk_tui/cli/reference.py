"""What the parser knows of a command, as help, documents and man pages show it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from kiosk_tui.cli.handbook import examples
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class ArgumentEntry:
    """An option or a positional argument, as it is typed, and what it means."""

    typed: str
    meaning: str
    option: bool
    needed: bool


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command: its whole name, one sentence, its arguments, and the commands below it."""

    name: str
    summary: str
    sentence: str
    arguments: tuple[ArgumentEntry, ...]
    below: tuple[CommandEntry, ...]

    @property
    def usage(self) -> str:
        """How the command is typed."""
        needed = [one.typed for one in self.arguments if one.needed]
        optional = ["[OPTIONS]"] if any(not one.needed for one in self.arguments) else []
        below = ["COMMAND"] if self.below else []
        return " ".join([self.name, *below, *needed, *optional])

    @property
    def examples(self) -> list[tuple[str, str]]:
        """Command lines that can be typed, and what each does."""
        return examples(self.name)

    def every(self) -> Iterator[CommandEntry]:
        """Yield this command and those below it."""
        yield self
        for one in self.below:
            yield from one.every()


def entry(parser: argparse.ArgumentParser, summary: str = "") -> CommandEntry:
    """Read a parser."""
    below: list[CommandEntry] = []
    arguments = []
    for action in parser._actions:  # noqa: SLF001 - argparse tells it nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            told = {one.dest: one.help or "" for one in action._choices_actions}  # noqa: SLF001
            below += [entry(one, told[name]) for name, one in action.choices.items()]
        elif action.dest != "help":
            arguments.append(_argument(action))
    arguments.sort(key=lambda one: one.typed.startswith("--config "))  # every command's: last
    sentence = _sentence(parser.description or "")
    return CommandEntry(parser.prog, summary, sentence, tuple(arguments), tuple(below))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _argument(action: argparse.Action) -> ArgumentEntry:
    takes = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
    if action.nargs == 0:
        takes = ""
    words = " ".join((*action.option_strings[-1:], str(takes))).strip()
    option = bool(action.option_strings)
    needed = action.required if option else action.nargs not in ("?", "*")
    return ArgumentEntry(words, action.help or "", option, needed)
