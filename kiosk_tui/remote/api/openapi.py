"""The OpenAPI 3.1 document, from the table of routes and the models."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from kiosk_tui import __version__
from kiosk_tui.domain.identity import LONGEST_CALLER_REFERENCE
from kiosk_tui.remote.api import models
from kiosk_tui.remote.api.calls import EVENTS, JSON
from kiosk_tui.remote.api.headers import KEY, MOST_WAIT_S
from kiosk_tui.remote.api.problems import PROBLEM_TYPE, Problem
from kiosk_tui.remote.api.routes import ROUTES, ApiRoute

EVERYWHERE: Final = (
    Problem.MALFORMED,
    Problem.TOKEN,
    Problem.FORBIDDEN,
    Problem.ORIGIN,
    Problem.HOST,
    Problem.FAULT,
    Problem.CONNECTIONS,
    Problem.JOURNAL,
)
WITH_BODY: Final = (
    Problem.NOT_JSON,
    Problem.TOO_SLOW,
    Problem.TOO_LARGE,
    Problem.NO_JSON_TYPE,
    Problem.INVALID,
)
_KEYS: Final = (Problem.KEY_MISSING, Problem.KEY_WRONG)
_REF: Final = "#/components/schemas/{model}"


@cache
def document() -> dict[str, Any]:
    """Return the document. It is the same at every register: it holds nothing of a configuration."""
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in ROUTES:
        paths[route.path][route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kiosk-tui",
            "version": __version__,
            "summary": "Card payments, driven by other software",
            "description": "Amounts are texts in major units. A payment belongs to the register, never to a"
            f" connection: ask again under the same `{KEY}`, and it is the same transaction.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": dict(paths),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Needed on a port; on the Unix socket whoever may open it may ask",
                }
            },
        },
    }


def problems_of(route: ApiRoute) -> list[Problem]:
    """Return every problem that a route may answer with, in the order of the table."""
    found = {*EVERYWHERE, *route.problems}
    found |= set(WITH_BODY) if route.method == "POST" else set()
    found |= set(_KEYS) if route.keyed else set()
    return [one for one in Problem if one in found]


def _schemas() -> dict[str, Any]:
    wanted: list[tuple[type[Any], Any]] = [
        *((one.body, "validation") for one in ROUTES if one.method == "POST"),
        *((one.model, "serialization") for one in ROUTES if one.model is not None),
        (models.ProblemAnswer, "serialization"),
        (models.TerminalStep, "serialization"),
        (models.StreamEnd, "serialization"),
    ]
    _, schema = models_json_schema(list(dict.fromkeys(wanted)), ref_template=_REF)
    return dict(schema["$defs"])


def _operation(route: ApiRoute) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": _answers(route),
    }
    permission = "what the operation needs" if route.permission is None else route.permission
    told["description"] = f"Right: {permission}."
    if route.method == "POST":
        told["requestBody"] = {
            "required": not issubclass(route.body, models.EmptyRequest),
            "content": {JSON: {"schema": _ref(route.body)}},
        }
    return told


def _parameters(route: ApiRoute) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "{id}" in route.path:
        found.append(
            _parameter("id", "path", "The transaction: its id or the reference of its slip")
            | {"example": "20261123140159123"}
        )
    if "{number}" in route.path:
        found.append(_parameter("number", "path", "The number of a closed day") | {"example": "17"})
    for one in route.query:
        schema = {"type": "string"} | ({"format": one.form} if one.form else {})
        more = {"example": one.example} if one.example else {}
        found.append(
            _parameter(one.name, "query", one.description, required=one.required)
            | {"schema": schema}
            | more
        )
    if route.keyed:
        key = {"type": "string", "minLength": 1, "maxLength": LONGEST_CALLER_REFERENCE}
        found.append(_parameter(KEY, "header", "Your own name for the order") | {"schema": key})
    if route.waits:
        wait = f"`respond-async`, or `wait=` and seconds (at most {MOST_WAIT_S})"
        found.append(_parameter("Prefer", "header", wait, required=False))
    return found


def _parameter(name: str, place: str, description: str, *, required: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }


def _answers(route: ApiRoute) -> dict[str, Any]:
    kind = EVENTS if route.model is None else JSON
    schema = {"type": "string"} if route.model is None else _ref(route.model)
    found: dict[str, Any] = {
        str(status): {"description": meaning, "content": {kind: {"schema": schema}}}
        for status, meaning in route.answers.items()
    }
    by_status: dict[int, list[str]] = defaultdict(list)
    for one in problems_of(route):
        by_status[one.status].append(f"{one.title} (`{one.code}`)")
    for status, titles in by_status.items():
        found[str(status)] = {
            "description": "; ".join(titles),
            "content": {PROBLEM_TYPE: {"schema": _ref(models.ProblemAnswer)}},
        }
    return found


def _ref(model: type[Any]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}
