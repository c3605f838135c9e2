"""The form of an order's body, made from its verb's model: a new verb needs no page of its own.

A text is a line, a list of texts is words, a map of texts is lines of `name: text`, and a map of anything
is TOML, as in a kiosk's own configuration.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from kiosk_tui.office.errors import OfficeError

PREFIX: Final = "body."


class BodyFieldKind(StrEnum):
    """How a field is typed."""

    LINE = "line"
    WORDS = "words"
    LINES = "lines"
    TOML = "toml"


@dataclass(frozen=True, slots=True)
class BodyField:
    """A field of the form."""

    name: str
    kind: BodyFieldKind
    required: bool

    @property
    def label(self) -> str:
        """What stands beside it."""
        return self.name.replace("_", " ").capitalize() + _HOW[self.kind]


_HOW: Final = {
    BodyFieldKind.LINE: "",
    BodyFieldKind.WORDS: ", separated by blanks",
    BodyFieldKind.LINES: ", a line for each, as de: Text",
    BodyFieldKind.TOML: ', a line for each, as section.key = "value"',
}


def fields_of(model: type[BaseModel]) -> tuple[BodyField, ...]:
    """Return the fields of a body's form."""
    schema = model.model_json_schema()
    required = schema.get("required", ())
    return tuple(
        BodyField(name, _kind(one), name in required)
        for name, one in schema.get("properties", {}).items()
    )


def _kind(schema: Mapping[str, Any]) -> BodyFieldKind:
    match schema.get("type"):
        case "string":
            return BodyFieldKind.LINE
        case "array":
            return BodyFieldKind.WORDS
        case _:
            values: Any = schema.get("additionalProperties") or next(
                iter(schema.get("patternProperties", {}).values()), {}
            )
            is_text = isinstance(values, dict) and values.get("type") == "string"
            return BodyFieldKind.LINES if is_text else BodyFieldKind.TOML


def body_of(model: type[BaseModel], form: Mapping[str, str]) -> dict[str, Any]:
    """Read a form, and check it by its model. Raises `OfficeError`."""
    given: dict[str, Any] = {}
    for one in fields_of(model):
        text = form.get(PREFIX + one.name, "").strip()
        if text or one.required:
            given[one.name] = _read(one, text)
    try:
        checked = model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        why = first["msg"].removeprefix("Value error, ")
        raise OfficeError(f"{where}: {why}." if where else f"{why}.") from error
    found: dict[str, Any] = json.loads(checked.model_dump_json(exclude_unset=True))
    return found


def _read(one: BodyField, text: str) -> Any:
    match one.kind:
        case BodyFieldKind.LINE:
            return text
        case BodyFieldKind.WORDS:
            return text.replace(",", " ").split()
        case BodyFieldKind.LINES:
            return dict(_named(one, line) for line in text.splitlines() if line.strip())
        case BodyFieldKind.TOML:
            try:
                return dict(_flat(tomllib.loads(text)))
            except tomllib.TOMLDecodeError as error:
                raise OfficeError(f"{one.name}: that is no TOML: {error}.") from error


def _named(one: BodyField, line: str) -> tuple[str, str]:
    name, colon, text = line.partition(":")
    if not colon:
        raise OfficeError(f"{one.name}: write each line as de: Text.")
    return name.strip(), text.strip()


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield `section.key` and its value: what TOML has as tables."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value
