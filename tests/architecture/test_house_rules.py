"""House rules that no tool of the trade checks."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "kiosk_tui").rglob("*.py"))
LONGEST = 400

NAMELESS = {"utils", "util", "helpers", "common", "misc", "modules"}
"""Names of folders that say nothing of what is in them."""

# Written in two halves, or this file would be found guilty itself.
HOSTS = tuple(
    f"{name}.{domain}"
    for name, domain in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("deb.debian", "org"),
        ("security.debian", "org"),
    )
)


def _named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def _ours() -> Iterator[Path]:
    """Yield the files that are kept: neither made by tools nor hidden, but for ours."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name == ".ci"
            or not (name.startswith(".") or name in {"__pycache__", "build", "dist"})
        ]
        yield from (Path(folder, name) for name in files)


def test_no_module_is_longer_than_a_reader_s_patience() -> None:
    long = [path for path in MODULES if len(path.read_text().splitlines()) > LONGEST]
    assert not _named(long)


@pytest.mark.parametrize("path", MODULES, ids=_named(MODULES))
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_a_class_has_a_name_of_its_own() -> None:
    """Whoever searches for a class finds one. Private ones (`_Name`) count too."""
    found: dict[str, list[str]] = {}
    for name, path in zip(_named(MODULES), MODULES, strict=True):
        for one in ast.walk(ast.parse(path.read_text())):
            if isinstance(one, ast.ClassDef):
                found.setdefault(one.name, []).append(name)
    assert not {name: places for name, places in found.items() if len(places) > 1}


def test_no_folder_has_a_name_that_says_nothing() -> None:
    nameless = {path.name for path in (ROOT / "kiosk_tui").rglob("*")} & NAMELESS
    assert not nameless


def test_who_drives_a_real_terminal_or_socket_says_that_it_is_a_journey() -> None:
    """Or `./test` would wait for it. What the first picture loads is looked at before each commit."""
    drivers = ("support.terminal", "support.talk", "support.api", "support.sshd")
    unmarked = []
    for path in set((ROOT / "tests").rglob("test_*.py")) - {Path(__file__)}:
        text = path.read_text(encoding="utf-8")
        drives = any(f"from {one} import" in text for one in drivers)
        if drives and "pytest.mark.journey" not in text:
            unmarked.append(path)
    assert _named(unmarked) == ["tests/architecture/test_imports.py"]


def test_no_file_names_a_package_index() -> None:
    guilty = []
    for path in _ours():
        content = path.read_bytes()
        if any(host.encode() in content for host in HOSTS):
            guilty.append(path)
    assert not _named(guilty)


ZONES = {
    "kiosk_tui/text/times.py": "what people read",
    "kiosk_tui/domain/day_clock.py": "where a day begins",
    "kiosk_tui/tecs/messages.py": "the request's own date",
    "kiosk_tui/diagnosis/zone.py": "whether machine and register mean the same zone",
}


def test_one_module_knows_what_time_it_is_for_people() -> None:
    """Elsewhere a moment stays as it is, or becomes UTC: two clocks on one slip would disagree."""
    guilty = [
        f"{name}:{one.lineno}"
        for name, path in zip(_named(MODULES), MODULES, strict=True)
        for one in ast.walk(ast.parse(path.read_text()))
        if name not in ZONES and _asks_for_a_zone(one)
    ]
    assert not guilty


def _asks_for_a_zone(one: ast.AST) -> TypeGuard[ast.Call]:
    if not (isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)):
        return False
    told = {argument.id for argument in one.args if isinstance(argument, ast.Name)}
    return one.func.attr in {"astimezone", "fromtimestamp"} and "UTC" not in told


def test_no_text_hides_inside_an_f_string() -> None:
    """Texts are gathered by token, and an f-string is one: such a text would stay English."""
    hidden = []
    for path in MODULES:
        for outer in ast.walk(ast.parse(path.read_text())):
            if isinstance(outer, ast.JoinedStr):
                calls = (one.func for one in ast.walk(outer) if isinstance(one, ast.Call))
                names = {one.id for one in calls if isinstance(one, ast.Name)}
                if names & {"_", "ngettext"}:
                    hidden.append(f"{path.relative_to(ROOT)}:{outer.lineno}")
    assert not hidden


def test_what_comes_to_a_screen_comes_in_its_turn() -> None:
    """A screen that is laid out anew has nothing on it: an interval, or a call from outside, would not find it."""
    alone = re.compile(r"self\.set_interval\(|\bframe\.(?:tell_\w+|say|hear)\(")
    shown = (path for path in MODULES if {"screens", "journeys"} & set(path.parts))
    found = [path for path in shown if path.name != "frame.py" and alone.search(path.read_text())]
    assert not _named(found)
