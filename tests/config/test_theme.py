"""A theme is one of the shipped ones or a file; what nobody could read is refused with a sentence."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from kiosk_tui.config.theme import find_theme
from kiosk_tui.text.themes import (
    LEAST_CONTRAST,
    NO_TEXT,
    ROLES,
    THEMES,
    Look,
    ThemeError,
    css_variables,
    parse_look,
    parse_theme,
)

LEAST_OF_LINES = 3
LOOKS = (Path(__file__).parents[2] / "docs" / "kiosk.md").read_text("utf-8")


@pytest.mark.parametrize("name", THEMES)
def test_a_shipped_theme_is_found_by_its_name_and_can_be_read(name: str) -> None:
    theme = find_theme(name)
    for one in theme:
        assert one.keys() == ROLES.keys()
        text = {role: look for role, look in one.items() if role not in NO_TEXT | {"line"}}
        assert all(look.contrast >= LEAST_CONTRAST for look in text.values())
        assert one["line"].contrast >= LEAST_OF_LINES


def test_an_own_theme_is_one_file_and_changes_only_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "museum.toml"
    (example,) = re.findall(r"```toml\n(tile = .*?)```", LOOKS, flags=re.DOTALL)
    file.write_text(example)
    theme = find_theme(str(file)).console
    assert theme["tile"] == Look("bright_white", "magenta")
    assert theme["ok"] == Look("bright_white", "blue", bold=True)
    assert theme["title"] == THEMES["standard"].console["title"]
    assert css_variables(theme)["tile-back"] == "ansi_magenta"
    assert tomllib.loads(example).keys() == {"tile", "ok", "line"}


def test_a_theme_of_before_keeps_its_colours_under_the_names_of_today(tmp_path: Path) -> None:
    file = tmp_path / "museum.toml"
    file.write_text('good = "bold bright_white on blue"\nband = "bright_white on magenta"\n')
    assert find_theme(str(file)).console["ok"] == Look("bright_white", "blue", bold=True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('good = "black on blue"', "cannot be read: its contrast is"),
        ('good = "black on bright_green"', "'bright_green' is no colour for this"),
        ('good = "pink on black"', "'pink' is no colour"),
        ('good = "green"', "is no look: write it like"),
        ("good = 7", "is no look"),
        ('goods = "black on green"', "'goods' is no role"),
        ("good = ", "is no theme"),
        ("\udce4", "is no theme"),
    ],
)
def test_a_theme_that_cannot_be_is_refused_with_a_sentence(
    tmp_path: Path, content: str, words: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ThemeError, match=re.escape(words)) as refused:
        find_theme(str(file))
    assert "own.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["pink", "/nowhere/own.toml", "x\0.toml"])
def test_a_theme_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(ThemeError):
        find_theme(name)


def test_looks_without_colours_are_the_consoles_own() -> None:
    assert parse_look("bold reverse") == Look(bold=True, reverse=True)
    assert parse_look("default").contrast == 21
    assert parse_theme({}).console["page"] == THEMES["standard"].console["page"]
