"""The OpenAPI 3.1 document of what this simulator speaks, made from what it checks and answers.

Requests come from `rules`, answers from `answers`, options and faults from their tables, paths from the routes of
the application; the examples are played. Nothing is written down a second time.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from kiosk_tui.simulator import answers
from kiosk_tui.simulator.answers import Effect
from kiosk_tui.simulator.asgi import CARD_ACTS, ROUTES, SimulatorRoute, ledger, state
from kiosk_tui.simulator.examples import (
    NUMBER_OF_REFUSED,
    PlayedExample,
    broken_requests,
    play,
    requests,
)
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.rules import FORMS, BadRequestError, read, rules_of
from kiosk_tui.simulator.schemas import form_name, like, reference, schemas
from kiosk_tui.simulator.tecs import Simulator

JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_TOKEN_PATH: Final = "/cas/oauth2.0/accessToken"  # noqa: S105 - a path

_ABOUT: Final = (
    "The part of TECS's client REST API (Cloud-iA, semi-integrated) that `kiosk-tui simulator` speaks, as"
    " strictly as it is enforced here. No money moves, and every card is a well-known test number.\n\n"
    "Where a fact comes from: [doc] TECS's documentation of the Cloud-iA mode, [api] TECS's published definition"
    " (tecsclientrest 0.14.15), [sample] sample code, [list] a list of response codes that an acquirer passes on,"
    " [?] published nowhere: this simulator's choice, mostly an option. Ask TECS before you rely on one.\n\n"
    "An answer with HTTP 200 says nothing about money: read `response_code`. Whenever no answer to your"
    " `transaction_id` arrives, the transaction has to be cancelled [doc]; never send a payment again."
)
_MAKE: Final = (
    "One request, one answer on the same connection, when the terminal is done. Which kind of request it is, is"
    " said by `message_type`, `transaction_origin_identifier` and `transaction_origin_indicator` together.\n\n"
    "The examples were played in their order against a fresh simulator; a `transaction_id` that was seen is refused"
    " (9006), so give each request a new one. Some amounts make something go wrong; `/control/next` does so for any"
    " amount."
)


async def document(prefix: str) -> dict[str, Any]:
    """Return the document; `prefix` is where the REST service stands."""
    simulator, examples = await play(requests())
    told = _make_transaction(examples) | _plain(simulator, examples[0])
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in ROUTES:
        if not route.rest:
            paths[route.path]["servers"] = [{"url": "/"}]
        paths[route.path][route.method.lower()] = _operation(route, told[route.name])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TECS simulator",
            "version": json.loads(simulator.version().body)["version"],
            "summary": "The part of TECS's client REST API that the simulator speaks",
            "description": _ABOUT,
        },
        "servers": [{"url": prefix}],
        "tags": [{"name": "TECS"}, {"name": "Simulator"}],
        "paths": dict(paths),
        "components": {"schemas": schemas(), "securitySchemes": _SECURITY},
    }


_SECURITY: Final = {
    "raw": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "The key is the header's whole value [doc]. Here any will do, unless the option"
        " `authorization` says which.",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "[api]"},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "[api]"},
    "oauth": {
        "type": "oauth2",
        "description": "Checked where the option `authorization` is `oauth`. [api]",
        "flows": {"password": {"tokenUrl": _TOKEN_PATH, "scopes": {}}},
    },
}


def _operation(route: SimulatorRoute, more: Mapping[str, Any]) -> dict[str, Any]:
    tag = "Simulator" if route.path.startswith(("/control", "/docs", "/openapi")) else "TECS"
    return {"operationId": route.name, "summary": route.summary, "tags": [tag], **more}


# -- makeTransaction -------------------------------------------------------------------------------

_STATUSES: Final = {
    200: "It reached the terminal side; that says nothing about approval: read `response_code` [api]",
    400: "A rule of this document is broken: nothing happened, and `response_text` says which [api]",
    401: "Only with the option `authorization`; what it carries is the option `unauthorized_body` [?]",
    500: "Of an amount or a fault: nothing is known",
    504: "The TECS client was not reached, or its answer was lost: nothing is known [api]",
}
_NO_ANSWER: Final = {
    Effect.DROP: "The connection breaks without an answer.",
    Effect.CUT: "The answer breaks off in the middle.",
    Effect.HANG: "No answer comes.",
    Effect.SEND: "HTTP {status}, without a body.",
}
_SCHEMAS: Final = {
    (200, JSON): reference("Answer"),
    (400, JSON): reference("Answer"),
    (401, JSON): reference("Error"),
    (500, JSON): reference("Error"),
    (504, JSON): {"anyOf": [reference("Answer"), reference("Error")]},
}


def _make_transaction(examples: list[PlayedExample]) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    answered: dict[tuple[int, str], dict[str, Any]] = {pair: {} for pair in _SCHEMAS}
    answered[400, JSON] = _refusals()
    for one in examples:
        request, reply = one.request, one.reply
        asked[request.name] = {"summary": request.summary, "value": request.fields}
        if one.whole:
            found = answered.setdefault((reply.status, reply.content_type), {})
            found[request.name] = {"value": one.value}
        else:
            asked[request.name]["description"] = _NO_ANSWER[reply.effect].format(
                status=reply.status
            )
    responses: dict[str, Any] = {}
    for (status, media_type), shown in sorted(answered.items()):
        told = responses.setdefault(str(status), {"description": _STATUSES[status], "content": {}})
        schema = _SCHEMAS.get((status, media_type), {"type": "string"})
        told["content"][media_type] = {"schema": schema} | ({"examples": shown} if shown else {})
    forms = {"oneOf": [reference(form_name(what)) for what in FORMS]}
    return {
        "make_transaction": {
            "description": _MAKE,
            "security": [{}, *({name: []} for name in _SECURITY)],
            "requestBody": {
                "required": True,
                "content": {JSON: {"schema": forms, "examples": asked}},
            },
            "responses": responses,
        }
    }


def _refusals() -> dict[str, Any]:
    """Return an answer for each way in which a request may break a rule."""
    found: dict[tuple[str, str], str] = {}
    for summary, broken in broken_requests():
        try:
            read(broken)
        except BadRequestError as error:
            found[error.code, str(error)] = summary
    for what in FORMS:
        for rule in rules_of(what):
            found.setdefault((rule.code, rule.text), f"`{rule.name}` is not what it has to be")
    return {
        text.lower().replace(" ", "_"): {
            "summary": f"{summary}: {text} ({code})",
            "value": answers.bare(code, NUMBER_OF_REFUSED, text),
        }
        for (code, text), summary in found.items()
    }


# -- everything else --------------------------------------------------------------------------------


def _plain(simulator: Simulator, sale: PlayedExample) -> dict[str, dict[str, Any]]:
    """Return what is told of the other routes; a shape that no table holds is that of a real answer."""
    asked = {
        "transactionId": int(sale.request.fields["transaction_id"]),
        "terminalId": int(sale.request.fields["terminal_number"]),
        "sourceId": 1,
    }
    usual = Options()
    grant = {
        "grant_type": "password",
        "client_id": "kiosk-tui",
        "client_secret": "",
        "username": usual.token_user,
        "password": usual.token_password,
    }
    stands = json.loads(simulator.services.status(None, json.dumps(asked).encode()).body)
    refused = {"responseCode": 1, "responseMessage": ""}
    return {
        "version": _answers(JSON, like(json.loads(simulator.version().body))),
        "access_token": {
            "description": "The user and the password are the options `token_user` and `token_password`.",
            "requestBody": _body(_FORM, like(grant), {"usual": grant}),
            **_answers(JSON, reference("Token"), {401: ("Not that user", reference("Error"))}),
        },
        "status": {
            "description": "Has credentials of its own at TECS. Read `tecsengineResponseCode`, not"
            " `responseCode`. From a repackaged definition of merchant-services 2.42.53.",
            "requestBody": _body(JSON, like(asked), {"sale": asked}),
            **_answers(
                JSON,
                like(stands),
                {400: ("Not found, or no numbers", like(refused))},
            ),
        },
        "page": _answers("text/html"),
        "document": _answers(JSON, {"type": "object"}),
        "docs": _answers("text/html"),
        "style": _answers("text/css"),
        "state": _answers(JSON, like(state(simulator) | {"options": {}})),
        "ledger": _answers(JSON, like(ledger(simulator))),
        "next": {
            "requestBody": _body(
                JSON, reference("Step"), {one.value: {"fault": one.value} for one in Fault}
            ),
            **_answers(JSON, like({"queued": True}), _WRONG),
        },
        "options": {
            "requestBody": _body(
                JSON,
                reference("Options"),
                {"fast": {"card_s": 0, "host_s": 0}, "no_abort": {"abort_enabled": False}},
            ),
            **_answers(JSON, like(state(simulator) | {"options": {}}), _WRONG),
        },
        "card": {
            "requestBody": _body(
                JSON, reference("CardAct"), {one: {"do": one} for one in CARD_ACTS}
            ),
            **_answers(JSON, like({"done": True}), _WRONG),
        },
    }


_WRONG: Final = {400: ("Not one of these", reference("Error"))}


def _body(media_type: str, schema: dict[str, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: {"value": value} for name, value in examples.items()}
    return {
        "required": True,
        "content": {media_type: {"schema": schema, "examples": shown}},
    }


def _answers(
    media_type: str,
    schema: dict[str, Any] | None = None,
    more: Mapping[int, tuple[str, dict[str, Any]]] | None = None,
) -> dict[str, Any]:
    """Return the answers of a route: 200, and `more` by status."""
    usual = {200: ("As it says", schema or {"type": "string"})}
    return {
        "responses": {
            str(status): {"description": told, "content": {media_type: {"schema": one}}}
            for status, (told, one) in (usual | dict(more or {})).items()
        }
    }
