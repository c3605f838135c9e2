"""Help: groups, examples that can be typed, one page of exit codes, and what was probably meant."""

from __future__ import annotations

import argparse
import re
import shlex

import pytest

from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.handbook import EXAMPLES, GROUPS, MEANINGS
from kiosk_tui.cli.help_pages import exit_codes, page
from kiosk_tui.cli.main import main
from kiosk_tui.cli.parser import parser
from kiosk_tui.cli.reference import CommandEntry, entry

COMMANDS = list(entry(parser()).every())
NAMES = [one.name for one in COMMANDS]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the line on stderr that a wrong command line leads to."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == Exit.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("kiosk-tui: ")
    return captured.err


def parser_of(name: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = parser()
    for word in name.split()[1:]:
        (below,) = (
            action for action in one._actions if action.dest.endswith(("command", "action"))
        )
        assert isinstance(below.choices, dict)
        one = below.choices[word]
    return one


def test_every_command_is_in_one_group_with_one_line_of_eighty_columns() -> None:
    (top, *_) = COMMANDS
    grouped = [name for names in GROUPS.values() for name in names]
    known = {one.name.split()[1] for one in top.below}
    assert sorted(grouped) == sorted(known - {"help", "version"})
    lines = page(parser()).splitlines()
    for group, names in GROUPS.items():
        at = lines.index(group)
        shown = lines[at + 1 : at + 1 + len(names)]
        assert [line.split()[0] for line in shown] == list(names)
        assert len({re.match(r"  \S+ +", line).end() for line in shown}) == 1  # type: ignore[union-attr]
        assert lines[at + 1 + len(names)] == ""
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_every_command_has_examples_and_the_page_shows_them(command: CommandEntry) -> None:
    whole = len(command.name.split()) <= 2
    bare = command.name.split()[1:] == ["version"]
    assert len(command.examples) >= (2 if whole and not bare else 1)
    assert len(command.examples) <= 3
    shown = page(parser_of(command.name))
    assert all(typed in shown for typed, _ in command.examples)
    assert all(one.typed in shown for one in command.arguments)
    assert "\x1b" not in shown


@pytest.mark.parametrize("line", EXAMPLES.strip().splitlines())
def test_every_example_can_be_typed(line: str) -> None:
    words = shlex.split(line, comments=True)
    words = [one for one in words if not one.startswith(">")]  # where a shell sends its output
    arguments = words[words.index("kiosk-tui") + 1 :]
    parsed = parser().parse_args(arguments)
    assert parser(arguments).parse_args(arguments) == parsed
    assert parsed.command == (next((one for one in arguments if one in GROUPS_OF), None))
    assert len(line) < 90


GROUPS_OF = {name for names in GROUPS.values() for name in names} | {"help", "version"}


def test_exit_codes_stand_on_their_own_page_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "exit-codes"]) == 0
    shown = capsys.readouterr().out
    assert shown == exit_codes()
    assert set(MEANINGS) == set(Exit)
    for code in Exit:
        assert re.search(rf"^  {code.value} +\S", shown, re.MULTILINE)
    for command in COMMANDS[1:]:
        assert "78" not in page(parser_of(command.name))
        assert page(parser_of(command.name)).endswith("\nExit codes: kiosk-tui help exit-codes\n")


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("sael",), "There is no command 'sael': did you mean sale?"),
        (("jornal", "list"), "'jornal': did you mean journal?"),
        (("journal", "lst"), "'journal lst': did you mean list? `kiosk-tui help journal`"),
        (("help", "totls"), "'totls': did you mean totals?"),
        (("xyzzy",), "There is no command 'xyzzy'. `kiosk-tui help` lists them."),
        (("sale", "--amout", "12.55"), "--amout: did you mean --amount?"),
        (("sale", "--amount=1", "--jsn"), "--jsn: did you mean --json?"),
        (("--demmo",), "no option --demmo: did you mean --demo?"),
        (("run", "--xyzzy"), "There is no option --xyzzy. See `kiosk-tui help run`."),
        (("--mode", "lan"), "'lan' is no value of --mode: did you mean lane?"),
        (("sale",), "--amount is missing. For example: kiosk-tui sale --amount 12.55"),
        (("journal",), "needs one of these: list, show, "),
        (("sale", "--amount"), "--amount needs a value."),
        (("sale", "--amount", "1", "2"), "'2' is one argument too many."),
        (("totals", "--json", "--csv"), "--csv and --json do not go together."),
        (("sale", "--re", "x"), "--re may mean each of these: --reason, --receipt-number."),
        (("sale", "--amount", "1", "--json=2"), "--json takes no value."),
        (("journal", "list", "--limit", "0"), "--limit: '0' is not a count: give a number"),
        (("sale", "\x1b[2J\n"), "is missing"),
        (("s\x1b[2J\nale",), "There is no command 's [2J ale': did you mean sale?"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_what_was_meant(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], meant: str
) -> None:
    assert meant in told(capsys, *arguments)


@pytest.mark.parametrize("name", NAMES[1:])
def test_only_what_was_typed_is_built_and_it_is_the_same(name: str) -> None:
    words = name.split()[1:]
    alone = parser(words)
    (commands,) = [one for one in alone._actions if one.dest == "command"]
    (every,) = [one for one in parser()._actions if one.dest == "command"]
    assert isinstance(commands.choices, dict)
    assert isinstance(every.choices, dict)
    assert list(commands.choices) == list(every.choices)
    built = {one for one, parsers in commands.choices.items() if parsers is not alone}
    assert built == commands.choices.keys() & set(words)
    assert page(commands.choices[words[0]]) == page(every.choices[words[0]])


@pytest.mark.parametrize("wish", ["-h", "--help", "--hel"])
def test_the_overview_has_every_command(capsys: pytest.CaptureFixture[str], wish: str) -> None:
    with pytest.raises(SystemExit):
        main([wish])
    assert capsys.readouterr().out == page(parser())


def test_a_value_that_looks_like_an_option_is_read_as_before() -> None:
    parsed = parser().parse_args(["journal", "new", "--note", "--force was no good"])
    assert parsed.note == "--force was no good"
    assert parser().parse_args(["sale", "--am", "5"]).amount == "5"
    assert parser().parse_args(["help", "--", "sale"]).topic == ["sale"]


@pytest.mark.parametrize(
    ("environment", "colours"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_a_pipe_gets_colours_only_when_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], colours: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in page(parser())) is colours
