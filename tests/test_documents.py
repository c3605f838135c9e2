"""The documents say what the code does: their tables are compared, word by word."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from kiosk_tui.cli.described import describe
from kiosk_tui.cli.parser import parser
from kiosk_tui.config.models import fields
from kiosk_tui.domain.lifecycle import TABLE
from kiosk_tui.simulator.faults import TRIGGERS, Fault
from kiosk_tui.simulator.options import Options

TOP = Path(__file__).parent.parent
README = (TOP / "README.md").read_text("utf-8")
SIMULATOR = (TOP / "docs" / "simulator.md").read_text("utf-8")


def _block(text: str, name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert found is not None
    return found[1].strip()


def lifecycle() -> str:
    rows = [f"| {s} | {e} | {a} | {c} |" for (s, e), (a, c) in TABLE.items()]
    return "\n".join(
        ["| in state | when this happened | then | and do |", "|---|---|---|---|", *rows]
    )


def amounts() -> str:
    rows = [f"| {minor / 100:.2f} | {text} |" for minor, (_, text) in sorted(TRIGGERS.items())]
    return "\n".join(["| amount | what happens |", "|---|---|", *rows])


def options() -> str:
    rows = [f"| `{one.name}` | `{one.default!r}` |" for one in dataclasses.fields(Options)]
    return "\n".join(["| option | default |", "|---|---|", *rows])


def test_the_readme_shows_the_lifecycle_as_it_is() -> None:
    assert _block(README, "lifecycle") == lifecycle()


def test_the_readme_names_every_setting() -> None:
    for key, _ in fields():
        assert f"`{key.partition('.')[2]}`" in README, key


def test_the_readme_names_every_command_and_every_field_of_the_json() -> None:
    (commands,) = [one for one in parser()._actions if one.dest == "command"]
    assert isinstance(commands.choices, dict)
    for command in commands.choices:
        assert command == "run" or f"kiosk-tui {command}" in README, command
    names = re.findall(
        r'"(\w+)":', Path(describe.__code__.co_filename).read_text().split("def describe_")[0]
    )
    for name in names:
        assert f"`{name}`" in README, name


def test_the_simulators_amounts_faults_and_options_are_documented() -> None:
    assert _block(SIMULATOR, "amounts") == amounts()
    assert _block(SIMULATOR, "options") == options()
    for fault in Fault:
        assert f"`{fault}`" in SIMULATOR
