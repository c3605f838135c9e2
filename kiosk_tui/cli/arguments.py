"""The parser of one command: one sentence for what is wrong, with what was probably meant."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, NoReturn

from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.handbook import PROGRAM, examples
from kiosk_tui.domain.one_line import one_line


class CommandParser(argparse.ArgumentParser):
    """Reads a command. What is wrong is one line on stderr and exit code 2; there is no usage dump."""

    def format_help(self) -> str:
        """Return the command's page."""
        from kiosk_tui.cli.help_pages import page  # noqa: PLC0415 - only when somebody asks

        return page(self)

    def error(self, message: str) -> NoReturn:
        """Say what argparse found, in our words."""
        for pattern, told in _SENTENCES.items():
            if found := re.fullmatch(pattern, message, re.DOTALL):
                message = told(self, *found.groups())
                break
        self.exit(Exit.USAGE, f"{PROGRAM}: {one_line(message)}\n")

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read arguments; an unknown one is told before one that is missing because of it."""
        given = list(sys.argv[1:] if args is None else args)
        if self._subparsers is None:
            for one in _options(given):
                if not any(known.startswith(one) for known in self._option_string_actions):
                    self._refuse(one)
        parsed, extra = super().parse_known_args(given, namespace)
        if extra:
            self._refuse(extra[0])
        return parsed, extra

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(one) for one in action.choices]
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - a command
            what = f"There is no command '{' '.join([*self._words, str(value)])}'"
            hint = f"`{self._help}` lists them."
            raise argparse.ArgumentError(None, f"{what}{_meant(value, known)} {hint}")
        what = f"'{value}' is no value of {_name(action)}{_meant(value, known)}"
        raise argparse.ArgumentError(None, f"{what} There are {', '.join(known)}.")

    def missing(self, names: str) -> str:
        """Say which arguments are missing, and how the command is typed."""
        below = [one for action in self._actions for one in action.choices or ()]
        if self._subparsers is not None:
            return f"`{self.prog}` needs one of these: {', '.join(map(str, below))}."
        shown = examples(self.prog, 1)
        example = f" For example: {shown[0][0]}" if shown else ""
        return f"{names} {'are' if ',' in names else 'is'} missing.{example}"

    def _refuse(self, given: str) -> NoReturn:
        if not given.startswith("-"):
            self.error(f"'{given}' is one argument too many. See `{self._help}`.")
        option = given.partition("=")[0]
        meant = _meant(option, self._option_string_actions)
        self.error(f"There is no option {option}{meant} See `{self._help}`.")

    @property
    def _words(self) -> list[str]:
        return self.prog.split()[1:]

    @property
    def _help(self) -> str:
        return " ".join([PROGRAM, "help", *self._words])


def _options(given: Sequence[str]) -> list[str]:
    """Return the long options among the arguments, as argparse tells them from values."""
    end = given.index("--") if "--" in given else len(given)
    return [one.partition("=")[0] for one in given[:end] if one.startswith("--") and " " not in one]


def _meant(typed: object, known: Collection[str]) -> str:
    """End a sentence, with what was probably meant."""
    close = difflib.get_close_matches(str(typed), known, 1)
    return f": did you mean {close[0]}?" if close else "."


def _name(action: argparse.Action) -> str:
    return "/".join(action.option_strings) or str(action.metavar or action.dest)


def _without_value(_: CommandParser, name: str, *__: str) -> str:
    return f"{name} needs a value."


_SENTENCES: Final[Mapping[str, Callable[..., str]]] = {
    r"the following arguments are required: (.+)": CommandParser.missing,
    r"argument (\S+): expected (one|at least one) argument": _without_value,
    r"argument (\S+): not allowed with argument (\S+)": lambda _, one, other: (
        f"{one} and {other} do not go together."
    ),
    r"argument (\S+): ignored explicit argument .*": lambda _, name: f"{name} takes no value.",
    r"ambiguous option: (\S+) could match (.+)": lambda _, typed, known: (
        f"{typed} may mean each of these: {known}."
    ),
    r"argument (\S+): (.+)": lambda _, name, what: f"{name}: {what}.",
}
"""argparse's messages, and what is said in their place."""
