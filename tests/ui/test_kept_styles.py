"""What is kept of a widget's styles is what Textual would find: on each screen, shown again, in each state."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from support.pictures import Gallery
from support.showcase import SETTINGS, SHOWCASE
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from kiosk_tui.ui import kept_styles

SHOWN = tuple(SHOWCASE)[::4]
"""Of each kind of screen there are several."""


@pytest.mark.parametrize(
    ("mine", "textuals"),
    [
        (kept_styles._apply_once, kept_styles._apply),
        (kept_styles._replace_and_tell, kept_styles._replace),
        (kept_styles._parts_when_asked, kept_styles._parts),
    ],
    ids=["rules", "their place", "parts"],
)
def test_textual_looks_for_styles_where_this_leans_on_it(
    mine: Callable[..., Any], textuals: Callable[..., Any]
) -> None:
    def named(one: Callable[..., Any]) -> list[tuple[str, Any]]:
        return [(it.name, it.default) for it in inspect.signature(one).parameters.values()]

    assert named(mine) == named(textuals)
    assert textuals.__module__ == Stylesheet.__module__


def _rules(node: DOMNode) -> tuple[dict[str, Any], tuple[bool, ...]]:
    rules: dict[str, Any] = dict(node._css_styles._rules)
    rules["layout"] = str(rules.get("layout"))  # made anew from its name
    return rules, kept_styles._noted(node)


def _as_textual_finds_it(sheet: Stylesheet, node: DOMNode) -> None:
    """See that a widget has the rules and notes that Textual would give to a fresh one in its place."""
    kept = _rules(node)
    node._css_styles.reset()
    kept_styles._apply(sheet, node)
    assert _rules(node) == kept, node
    for name in node._get_component_classes():
        mine, part = node._component_styles[name].node, DOMNode(classes=name)
        assert isinstance(mine, DOMNode)
        part._attach(node)
        kept_styles._apply(sheet, part)
        assert _rules(part) == _rules(mine), (node, name)


async def test_it_is_what_textual_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[bool]()
    place = kept_styles._Kind.place

    def seen(self: Any, node: DOMNode) -> Any:
        found = place(self, node)
        asked.append(found in self.found)
        return found

    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        for name in SHOWN:
            await gallery.show(name)  # each adds its sheets
        for name in SHOWN:
            await gallery.show(name)
        for name in SHOWN:
            with monkeypatch.context() as watched:
                watched.setattr(kept_styles._Kind, "place", seen)
                await gallery.show(name)
            _look_at(gallery.screen)
            for widget in gallery.screen.walk_children(Widget):
                widget.disabled = not widget.disabled
            await gallery.redrawn()
            _look_at(gallery.screen)
    assert asked.count(True) > 0.9 * len(asked)


def _look_at(screen: Screen[None]) -> None:
    sheet = screen.app.stylesheet
    for node in (screen, *screen.walk_children(Widget)):
        _as_textual_finds_it(sheet, node)


async def test_other_colours_are_other_rules() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        await gallery.show("welcome")
        before = gallery.screen.styles.background
        app: Any = gallery.screen.app
        app.use_theme(dict.fromkeys(app.color_theme, app.color_theme["bad"]))
        await gallery.redrawn()
        assert gallery.screen.styles.background != before
        _look_at(gallery.screen)
