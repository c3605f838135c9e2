"""Finds the stylesheets: in the wheel beside the package's modules, in a checkout at its top.

What was parsed is kept for the life of the process: Textual parses everything anew whenever a sheet is added
or a variable changes, and the app adds one at its start. So are the shades that Textual's theme gives. Lanes
have both from their parent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.design import ColorSystem

from kiosk_tui.ui import kept_styles  # noqa: F401 - it has to be there before anything is drawn

_PACKAGE = Path(__file__).parent.parent
_INSTALLED = _PACKAGE / "styles"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "styles"


def sheet(stem: str) -> Path:
    """Return the stylesheet of a screen."""
    return FOLDER / f"{stem}.tcss"


_parse = Stylesheet._parse_rules  # noqa: SLF001 - a test holds this name and its arguments
_parsed: dict[tuple[Any, ...], list[RuleSet]] = {}
_colours: dict[frozenset[tuple[str, str]], frozenset[tuple[str, str]]] = {}
"""Each set of variables that sheets were parsed with, once: two hundred colours, the same for every sheet."""
_last: list[Any] = [None, frozenset()]
"""The variables that were asked for last, as Textual has them and as they are known."""


def _parse_once(  # noqa: PLR0917 - Textual's signature
    self: Stylesheet,
    css: str,
    read_from: tuple[str, str],
    is_default_rules: bool = False,  # noqa: FBT001, FBT002
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    how = (read_from, is_default_rules, tie_breaker, scope)
    key = (css, *how, _colours_of(self._variables))
    if key not in _parsed:
        _parsed[key] = _parse(self, css, *how)
    return _parsed[key]


def _colours_of(variables: dict[str, str]) -> frozenset[tuple[str, str]]:
    """Return the variables as they are known already; Textual gives all sheets the same ones, one by one."""
    if _last[0] is not variables:
        found = frozenset(variables.items())
        _last[:] = variables, _colours.setdefault(found, found)
    known: frozenset[tuple[str, str]] = _last[1]
    return known


_generate = ColorSystem.generate
_generated: dict[tuple[Any, ...], dict[str, str]] = {}


def _generate_once(self: ColorSystem) -> dict[str, str]:
    given = vars(self).values()
    key = tuple(frozenset(one.items()) if isinstance(one, dict) else one for one in given)
    if key not in _generated:
        _generated[key] = _generate(self)
    return _generated[key]


ColorSystem.generate = _generate_once  # type: ignore[method-assign]
Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign]  # noqa: SLF001
RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]  # what Textual's own returns, without a call of Python's
