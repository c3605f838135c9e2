"""A stylesheet is parsed once in the life of a process, whoever asks for it, and however often."""

from __future__ import annotations

import inspect

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.design import ColorSystem

from kiosk_tui.ui import stylesheets


def test_textual_parses_where_this_leans_on_it() -> None:
    mine, textuals = (
        inspect.signature(one) for one in (stylesheets._parse_once, stylesheets._parse)
    )
    assert [(one.name, one.default) for one in mine.parameters.values()] == [
        (one.name, one.default) for one in textuals.parameters.values()
    ]
    assert stylesheets._parse.__module__ == Stylesheet.__module__


def test_what_was_parsed_is_parsed_again_for_other_variables_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[str] = []
    parse = stylesheets._parse

    def counted(self: Stylesheet, css: str, *how: object) -> list[RuleSet]:
        parsed.append(self._variables["front"])
        return parse(self, css, *how)  # type: ignore[arg-type]

    monkeypatch.setattr(stylesheets, "_parse", counted)
    for colour in ("red", "red", "blue", "red"):
        sheet = Stylesheet(variables={"front": colour})
        sheet.add_source("Only { color: $front; }", ("a test", ""))
        sheet.reparse()
        (rule,) = sheet.rules
        assert rule.styles.color.rgb == {"red": (255, 0, 0), "blue": (0, 0, 255)}[colour]
    assert parsed == ["red", "blue"]


def test_shades_are_generated_once_for_the_same_colours() -> None:
    first, same, other = (ColorSystem(one).generate() for one in ("red", "red", "blue"))
    assert first is same
    assert first == stylesheets._generate(ColorSystem("red"))
    assert other == stylesheets._generate(ColorSystem("blue"))
    named = ColorSystem("red", variables={"border": "green"}).generate()
    assert named == stylesheets._generate(ColorSystem("red", variables={"border": "green"}))


def test_a_rule_is_found_as_textual_finds_it() -> None:
    first, second = RuleSet(), RuleSet()
    assert hash(first) != hash(second)
    assert hash(first) == hash(first)
