"""What pydantic finds, in plain words: the setting, where its value came from, what is wrong, an example."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.settings import Setting, settings

_KINDS: Final[Mapping[str, str]] = {
    "string": "a string in quotes is needed",
    "int": "a whole number is needed",
    "float": "a number is needed",
    "bool": "true or false is needed",
    "list": "a list in [brackets] is needed",
    "dict": "a table in {braces} is needed",
    "model": "a section is needed",
}
"""By the first word of pydantic's type of an error, such as `string_type` or `int_parsing`."""


def fault(key: str, what: str, places: Mapping[str, str]) -> ConfigError:
    """Name the key, where its value came from, what is wrong, and an example."""
    where = f" (from {places[key]})" if key in places else ""
    return ConfigError(f"{key}{where}: {what}.{example(key)}")


def example(key: str) -> str:
    """Return an example of a setting as it is told behind a fault."""
    found = settings().get(key)
    shown = found.example if found is not None else ""
    return f" Example: {key.rpartition('.')[2]} = {shown}" if shown else ""


def wrong(error: ErrorDetails, key: str) -> str:
    """Return what is wrong with a setting's value, without a full stop."""
    setting, value, context = settings()[key], error["input"], error.get("ctx", {})
    kind = error["type"]
    if kind == "value_error":
        return str(context["error"]).rstrip(".")
    if kind in _LIMITS:
        return _LIMITS[kind](setting, value)
    needed = _KINDS.get(kind.partition("_")[0], error["msg"])
    return f"{needed}, and it is {_called(value)}"


def unknown(key: str, place: str, known: Collection[str]) -> ConfigError:
    """Return the fault of a setting or section that does not exist."""
    close = difflib.get_close_matches(key.rpartition(".")[2], known, 1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}."
    return ConfigError(f"{key}{f' in {place}' if place else ''} is not a setting: {hint}")


def _range(setting: Setting, value: Any) -> str:
    if setting.wrong:
        return setting.wrong
    unit = f" {setting.unit}" if setting.unit else ""
    return f"{_figure(value)} is out of range: {setting.least:g} to {setting.most:g}{unit}"


def _figure(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _form(setting: Setting, value: Any) -> str:
    if setting.wrong:
        return setting.wrong.format(value=value)
    return f"at most {setting.longest} characters fit"


def _word(setting: Setting, value: Any) -> str:
    told = setting.wrong or "'{value}' is unknown: there are {known}"
    return told.format(value=value, known=", ".join(map(str, setting.allowed)))


def _called(value: object) -> str:
    """Return what a value of the wrong kind is, and never the value: it may be long, or a secret."""
    if isinstance(value, bool):
        return "true or false"
    kinds = {
        str: "a string",
        int: "a whole number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    return kinds.get(type(value), "something else")


_LIMITS: Final[Mapping[str, Callable[[Setting, Any], str]]] = {
    "greater_than_equal": _range,
    "less_than_equal": _range,
    "string_pattern_mismatch": _form,
    "string_too_short": _form,
    "string_too_long": _form,
    "too_long": _form,
    "literal_error": _word,
    "enum": _word,
}
