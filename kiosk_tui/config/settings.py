"""Every setting as people are told of it: from the models' JSON schema, for faults, template and reference."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from kiosk_tui.config.models import Config, extra, fields
from kiosk_tui.config.toml import toml
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `allowed` are the words that it, or each of its list, may be."""

    key: str
    description: str
    kind: str
    default: Any
    example: str
    unit: str
    least: float | None
    most: float | None
    longest: int | None
    allowed: tuple[str | int, ...]
    wrong: str
    was: str

    @property
    def sentence(self) -> str:
        """What it does, and what it may be, for people who write a file."""
        return f"{self.description}.{f' {self.limits}.' if self.limits else ''}"

    @property
    def limits(self) -> str:
        """What it may be; empty where its description says all."""
        unit = f" {self.unit}" if self.unit else ""
        if self.allowed:
            each = "Any of" if self.kind == "list" else "One of"
            return f"{each} {', '.join(map(toml, self.allowed))}{unit}"
        if self.most is not None:
            return f"From {toml(self.least)} to {toml(self.most)}{unit}"
        return f"At least {toml(self.least)}{unit}" if self.least is not None else ""


def schema() -> dict[str, Any]:
    """Return the JSON schema of a configuration file, for editors."""
    found = Config.model_json_schema()
    for model in found["$defs"].values():
        for one in model.get("properties", {}).values():
            one.pop("wrong", None)
            one.pop("office", None)
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect} | found | {"title": "kiosk-tui configuration"}


@cache
def settings() -> Mapping[str, Setting]:
    """Return every setting by its key, in the order of the file."""
    schema = Config.model_json_schema()
    found = {}
    for key, field in fields():
        section, _, name = key.partition(".")
        model = schema["$defs"][schema["properties"][section]["$ref"].rpartition("/")[2]]
        one: dict[str, Any] = model["properties"][name]
        found[key] = _setting(key, one, schema["$defs"], extra(field))
    return found


def _setting(
    key: str, one: Mapping[str, Any], models: Mapping[str, Any], more: Mapping[str, Any]
) -> Setting:
    each = one.get("items", one)
    each = models[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
    examples = one.get("examples") or [one["default"]]
    return Setting(
        key=key,
        description=one["description"],
        kind=_kind(one),
        default=one["default"],
        example="" if one.get("type") == "boolean" else toml(examples[0]),
        unit=more.get("unit", ""),
        least=each.get("minimum"),
        most=each.get("maximum"),
        longest=each.get("maxLength"),
        allowed=tuple(each.get("enum", ())),
        wrong=more.get("wrong", ""),
        was=more.get("was", ""),
    )


def _kind(one: Mapping[str, Any]) -> str:
    if "anyOf" in one:
        return "amount"
    kinds = {
        "string": "path" if one.get("format") == "path" else "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "array": "list",
        "object": "table",
    }
    return kinds[one["type"]]
