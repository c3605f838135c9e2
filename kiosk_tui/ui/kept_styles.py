"""What Textual works out about a widget's styles, kept: a third of what it takes to show a lane is that.

- Which rules hold for a widget. It depends on nothing but the rules and, for the widget and each one around
  it, type, id, classes, and those pseudo-classes that the rules name: what was found for these holds wherever
  they come again. Lanes have it from their parent.
- The styles of a widget's parts (its component classes) are looked for when it first draws with one.
"""
# ruff: noqa: SLF001 - a test holds every name of Textual's that is used or replaced here

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final

from textual.css.model import RuleSet
from textual.css.styles import RenderStyles, RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

_NOTES: Final = ("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even")
"""What Textual notes of a widget when it looks for its rules."""
_noted: Final = attrgetter(*_NOTES)

_KEPT: Final = "_kinds"
"""Where a stylesheet has what is known of its rules."""

_Place = tuple[tuple[Any, ...], ...]


class _Kind:
    """Widgets whose own names are the same, under the same rules."""

    def __init__(self, pseudo_classes: tuple[str, ...]) -> None:
        self.pseudo_classes = pseudo_classes
        """Those that their rules name, of themselves or of what is around them."""
        self.notes: tuple[bool, ...] = ()
        self.found: dict[_Place, RulesMap | None] = {}
        """What holds at each place; None: nothing does."""

    def place(self, node: DOMNode) -> _Place:
        """Return all that the rules can ask about a widget."""
        asked = self.pseudo_classes
        path = [
            (
                type(one),
                one._id,  # `id` is slower
                frozenset(one._classes),
                *map(one.has_pseudo_class, asked),
            )
            for one in node.css_path_nodes
        ]
        return tuple(map(_same.setdefault, path, path))


def _shared(rules: RulesMap) -> RulesMap:
    """Return the same rules that were found elsewhere: most places have those of some other place.

    The values are those of the stylesheets, the very same ones, and told by that: to compare them is slow.
    """
    return _same_rules.setdefault((*rules, *map(id, rules.values())), rules)


_Kinds = dict[frozenset[str], _Kind]
"""By the names that rules may call a widget by."""

_kinds: Final[dict[tuple[RuleSet, ...], _Kinds]] = {}
"""By the rules: those of an app are the very same ones as another's (`stylesheets`)."""
_same: Final[dict[tuple[Any, ...], tuple[Any, ...]]] = {}
_same_rules: Final[dict[tuple[str | int, ...], RulesMap]] = {}
"""Each part of a place, and each set of rules, once: a screen's widgets have most of both in common."""
_asked: Final[list[tuple[DOMNode, list[RulesMap]]]] = []
"""The widgets for which Textual is looking, each inside of the one before, and what it has found."""

_apply = Stylesheet.apply  # a test holds these names and their arguments
_replace = Stylesheet.replace_rules
_parts = Stylesheet._process_component_classes


def _apply_once(
    self: Stylesheet,
    node: DOMNode,
    *,
    animate: bool = False,
    cache: object = None,  # noqa: ARG001 - Textual's own, for one call
) -> None:
    kind = _kind(self, node)
    place = kind.place(node)
    if place in kind.found:
        vars(node).update(zip(_NOTES, kind.notes, strict=True))
        rules = kind.found[place]
        if rules is not None:
            _replace(node, rules, animate)
        self._process_component_classes(node)
        return
    found: list[RulesMap] = []
    _asked.append((node, found))
    try:
        _apply(self, node, animate=animate)
    finally:
        _asked.pop()
    kind.notes = _noted(node)
    kind.found[place] = _shared(found[0]) if found else None


def _replace_and_tell(node: DOMNode, rules: RulesMap, animate: bool = False) -> None:  # noqa: FBT001, FBT002
    if _asked and _asked[-1][0] is node:
        _asked[-1][1].append(rules)
    _replace(node, rules, animate)


def _kind(sheet: Stylesheet, node: DOMNode) -> _Kind:
    kinds, names = _kinds_of(sheet), frozenset(node._selector_names)
    if names not in kinds:
        by_name = sheet.rules_map
        rules = (rule for name in by_name.keys() & names for rule in by_name[name])
        kinds[names] = _Kind(tuple(sorted({one for rule in rules for one in rule.pseudo_classes})))
    return kinds[names]


def _kinds_of(sheet: Stylesheet) -> _Kinds:
    rules = sheet.rules
    kept: tuple[list[RuleSet], _Kinds] | None = vars(sheet).get(_KEPT)
    if kept is None or kept[0] is not rules:  # a list that Textual makes anew with each parsing
        kept = vars(sheet)[_KEPT] = rules, _kinds.setdefault(tuple(rules), {})
    return kept[1]


class _Parts(dict[str, RenderStyles]):
    """The styles of a widget's parts: Textual looks for all of them, and few are drawn with."""

    def __init__(self, sheet: Stylesheet, node: DOMNode, names: frozenset[str]) -> None:
        super().__init__()
        self._sheet, self._node, self._names = sheet, node, names

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __missing__(self, name: str) -> RenderStyles:
        part = DOMNode(classes=name)
        part._attach(self._node)
        self._sheet.apply(part, animate=False)
        found = self[name] = part.styles
        return found


def _parts_when_asked(self: Stylesheet, node: DOMNode) -> None:
    names = node._get_component_classes()
    if not names:
        return
    before = dict(node._component_styles)
    parts = node._component_styles = _Parts(self, node, names)
    if any(parts[name] != styles for name, styles in before.items()):
        node.refresh()


Stylesheet.apply = _apply_once  # type: ignore[method-assign]
Stylesheet._process_component_classes = _parts_when_asked  # type: ignore[method-assign]
Stylesheet.replace_rules = staticmethod(_replace_and_tell)  # type: ignore[method-assign]
