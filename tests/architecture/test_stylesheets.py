"""A stylesheet is a screen's own: same stem, and every rule under that screen's name.

Textual does not scope what a screen's CSS_PATH brings along: a rule that stands free would change
all other screens, from the moment on that this one was shown.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest
from textual.css.model import SelectorType
from textual.css.parse import parse
from textual.css.tokenize import tokenize_values
from textual.screen import Screen

from kiosk_tui.text.themes import THEMES, css_variables
from kiosk_tui.ui import screens
from kiosk_tui.ui.screens.frame import Frame

ROOT = Path(__file__).parents[2]
SHEETS = sorted((ROOT / "styles").glob("*.tcss"))
VARIABLES = tokenize_values(css_variables(THEMES["standard"].console))
SCREENS = Path(inspect.getfile(screens)).parent


def _screens_of(stem: str) -> set[str]:
    """Return the names of the screens in the module of that stem."""
    (path,) = SCREENS.rglob(f"{stem}.py")
    inside = ".".join(path.relative_to(SCREENS).with_suffix("").parts)
    module = importlib.import_module(f"{screens.__name__}.{inside}")
    return {
        name
        for name, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, Screen) and one.__module__ == module.__name__
    }


def _free_rules(css: str, owners: set[str]) -> list[str]:
    """Return the selectors that do not begin with an owner's name."""
    return [
        selectors.css
        for rules in parse("", css, ("", ""), variable_tokens=VARIABLES)
        for selectors in rules.selector_set
        if selectors.selectors[0].type is not SelectorType.TYPE
        or selectors.selectors[0].name not in owners
    ]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_stylesheet_speaks_only_of_its_own_screen(sheet: Path) -> None:
    owners = _screens_of(sheet.stem)
    assert owners, f"no screen in the module {sheet.stem}"
    assert not _free_rules(sheet.read_text(), owners)


def test_there_are_stylesheets() -> None:
    assert "frame" in {sheet.stem for sheet in SHEETS}


def test_a_free_rule_is_seen() -> None:
    css = "TipScreen { color: red; &:focus { color: blue; } Static { color: red; } }"
    assert not _free_rules(css, {"TipScreen"})
    assert _free_rules(css + "Static { color: red; }", {"TipScreen"}) == ["Static"]
    assert _free_rules(css + "#note { color: red; }", {"TipScreen"}) == ["#note"]


def test_a_screen_brings_the_stylesheets_of_the_screens_that_it_is_made_of() -> None:
    """Else it looks as it should only where another screen was shown before it."""
    lacking = []
    for sheet in SHEETS:
        for name in _screens_of(sheet.stem) - {"Frame"}:
            (path,) = SCREENS.rglob(f"{sheet.stem}.py")
            inside = ".".join(path.relative_to(SCREENS).with_suffix("").parts)
            screen = getattr(importlib.import_module(f"{screens.__name__}.{inside}"), name)
            needed = {
                one
                for base in screen.__mro__
                if issubclass(base, Frame)
                for one in _sheets(base.__dict__.get("CSS_PATH"))
            }
            lacking += [(name, one.name) for one in needed - set(_sheets(screen.CSS_PATH))]
    assert not lacking


def _sheets(paths: object) -> list[Path]:
    found = paths if isinstance(paths, list) else [paths]
    return [Path(one) for one in found if isinstance(one, str | Path)]
