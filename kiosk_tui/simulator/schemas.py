"""JSON schemas of what the simulator reads and answers, made from the tables by which it does so."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from kiosk_tui.simulator import answers
from kiosk_tui.simulator.asgi import CARD_ACTS
from kiosk_tui.simulator.faults import MEANINGS, Behaviour
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.rules import FIELDS, FORMS, What

_JSON_TYPES: Final = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    types.NoneType: "null",
}
_BEHAVIOUR: Final = {
    "fault": "; ".join(f"`{fault}`: {meaning}" for fault, meaning in MEANINGS.items()),
    "decline": "A response code.",
    "customer": "What the customer does.",
    "after_s": "When, in seconds.",
    "late_s": "How late `slow` answers, in seconds.",
    "times": "How many cancellations `lose_cancellations` loses.",
}


def schemas() -> dict[str, Any]:
    """Return every schema by its name."""
    return {
        "Request": _request(),
        **{form_name(what): _form(what) for what in FORMS},
        "Answer": _answer(),
        "ResponseCode": _response_code(),
        "Error": like({"error": ""}),
        "Token": like({"access_token": "", "token_type": ""})
        | {"description": "With `expires_in` in seconds, unless the option says otherwise."},
        "Options": _settings(
            Options, {one.name: one.metadata["meaning"] for one in dataclasses.fields(Options)}
        ),
        "Step": _settings(Behaviour, _BEHAVIOUR),
        "CardAct": {
            "type": "object",
            "required": ["do"],
            "properties": {"do": {"enum": [*CARD_ACTS], "description": "Or press the red key."}},
        },
    }


def form_name(what: What) -> str:
    """Return the name of the schema of a kind of request."""
    return "".join(map(str.capitalize, what.value.split("_"))) + "Request"


def reference(name: str) -> dict[str, str]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def like(value: Any) -> dict[str, Any]:
    """Return the schema of values that are built as this one."""
    if isinstance(value, Mapping):
        properties = {name: like(one) for name, one in value.items()}
        return {"type": "object", "required": [*value], "properties": properties}
    if isinstance(value, list | tuple):
        return {"type": "array", "items": like(value[0]) if value else {}}
    if isinstance(value, StrEnum):
        return _typed(type(value))
    return {} if value is None else {"type": _JSON_TYPES[type(value)]}


def _request() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "The fields of every request. All values are texts; unused ones are empty. [doc]",
        "required": [name for name, one in FIELDS.items() if not one.optional],
        "properties": {
            name: {
                "type": ["string", "null"] if one.optional else "string",
                "maxLength": one.longest,
                "description": one.meaning,
                **_patterns([one.pattern] if one.pattern else []),
            }
            for name, one in FIELDS.items()
        },
    }


def _form(what: What) -> dict[str, Any]:
    """Return what one kind of request asks beyond what every request holds."""
    form = FORMS[what]
    names = ("message_type", "transaction_origin_identifier", "transaction_origin_indicator")
    patterns: dict[str, list[str]] = defaultdict(list)
    for rule in form.rules:
        patterns[rule.name].append(rule.pattern)
    return {
        "title": what.value,
        "description": form.meaning,
        "allOf": [reference("Request")],
        "type": "object",
        "required": [*names, *patterns],
        "properties": {name: {"const": value} for name, value in zip(names, form.key, strict=True)}
        | {name: {"type": "string", **_patterns(each)} for name, each in patterns.items()},
    }


def _patterns(patterns: Iterable[str]) -> dict[str, Any]:
    whole = [{"pattern": f"^{one}$"} if one else {"const": ""} for one in patterns]
    return whole[0] if len(whole) == 1 else {"allOf": whole} if whole else {}


def _answer() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "What comes back. More fields are to be expected, and ignored.",
        "required": [*answers.bare("0", "1")],
        "properties": {
            name: {"type": "string", "maxLength": one.longest, "description": one.meaning}
            for name, one in answers.ANSWER_FIELDS.items()
        }
        | {"response_code": reference("ResponseCode")},
    }


def _response_code() -> dict[str, Any]:
    listed = [
        {"const": code, "title": one.text, "description": one.meaning}
        for code, one in answers.CODES.items()
    ]
    longest = answers.ANSWER_FIELDS["response_code"].longest
    return {
        "description": f"{answers.ANSWER_FIELDS['response_code'].meaning} A code that is not listed says nothing"
        " about money: it is no decline, and the transaction has to be cancelled.",
        "anyOf": [*listed, {"type": "string", "maxLength": longest}],
    }


def _settings(of: type[Options | Behaviour], meanings: Mapping[str, str]) -> dict[str, Any]:
    hints = typing.get_type_hints(of)
    return {
        "type": "object",
        "description": " ".join((of.__doc__ or "").split()),
        "additionalProperties": False,
        "properties": {
            one.name: {
                **_typed(hints[one.name]),
                "default": one.default,
                "description": meanings[one.name],
            }
            for one in dataclasses.fields(of)
        },
    }


def _typed(hint: Any) -> dict[str, Any]:
    """Return the schema of a type that options have."""
    if isinstance(hint, types.UnionType):  # always with None
        whole = _typed(typing.get_args(hint)[0])
        return whole | (
            {"enum": [*whole["enum"], None]}
            if "enum" in whole
            else {"type": [whole["type"], "null"]}
        )
    if typing.get_origin(hint) is typing.Literal:
        return {"enum": [*typing.get_args(hint)]}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _typed(typing.get_args(hint)[0])}
    if issubclass(hint, StrEnum):
        return {"enum": [*hint]}
    return {"type": _JSON_TYPES[hint]}
