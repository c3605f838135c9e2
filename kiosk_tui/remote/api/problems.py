"""Everything that may be refused, one row each: RFC 9457's problem details."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from starlette.responses import Response

from kiosk_tui.domain.one_line import one_line

DOCUMENTED_AT: Final = "/docs#problem-"
"""A problem's `type` leads to its row on this page, on the same host."""
_LONGEST: Final = 600


class Problem(Enum):
    """A problem: the end of its `type`, the HTTP status, its title, and what to do about it."""

    NOT_JSON = ("not-json", 400, "The body is not one JSON object", "Send one object, in UTF-8.")
    KEY_MISSING = (
        "key-missing",
        400,
        "Idempotency-Key is missing",
        "Send your own name for the order, 1 to 64 printable characters, another one for each order.",
    )
    KEY_WRONG = ("key-wrong", 400, "The key cannot be one", "Take 1 to 64 printable characters.")
    MALFORMED = ("malformed", 400, "The request is malformed", "Send HTTP/1.1 as RFC 9112 has it.")
    TOKEN = (
        "token",
        401,
        "The token is missing or wrong",
        "Send `Authorization: Bearer` and a token that the configuration names.",
    )
    FORBIDDEN = (
        "forbidden",
        403,
        "This token may not do that",
        "Use a token whose `rights` have it.",
    )
    ORIGIN = (
        "origin",
        403,
        "Pages of other sites may not ask",
        "Ask from a program; no site is ever allowed (no CORS).",
    )
    NOT_FOUND = ("not-found", 404, "There is nothing of that name", "Look at the path or the id.")
    METHOD = ("method", 405, "The path has no such method", "Use one that `Allow` names.")
    TOO_SLOW = ("too-slow", 408, "The body did not come in time", "Send it at once.")
    KEY_REUSED = (
        "key-reused",
        409,
        "The key was used for something else",
        "Nothing was sent. Take a new key for each order, cancellation, and word of goods.",
    )
    BUSY = ("busy", 409, "Another payment runs", "Nothing was sent. Try again when it has ended.")
    GIVEN_UP = ("given-up", 409, "It was given up before it began", "Nothing was sent or charged.")
    NOT_POSSIBLE = (
        "not-possible",
        409,
        "The transaction does not allow it now",
        "Nothing was sent. Look at the state of the transaction.",
    )
    NOTHING_TO_CLOSE = (
        "nothing-to-close",
        409,
        "There is no such day to close",
        "`GET /v1/days/current` says what the day that goes on comes to.",
    )
    AMBIGUOUS = (
        "ambiguous",
        409,
        "Several transactions have that reference",
        "Nothing was done. Use the whole id.",
    )
    TOO_LARGE = ("too-large", 413, "The body is too large", "Send less.")
    NO_JSON_TYPE = (
        "media-type",
        415,
        "The body is not said to be JSON",
        "Send `Content-Type: application/json`.",
    )
    HOST = (
        "host",
        421,
        "The Host is not this register",
        "Use its address, or name the host in `api.hosts`.",
    )
    INVALID = (
        "invalid",
        422,
        "The order makes no sense or is beyond the limits",
        "Nothing was sent. `detail` says what is wrong.",
    )
    FAULT = (
        "fault",
        500,
        "A fault of the register",
        "Its log has it. Ask again under the same key: a payment that had begun is not lost.",
    )
    CLOSED = (
        "closed",
        503,
        "The register takes no payment at the moment",
        "Nothing was sent. `GET /v1/status` says why.",
    )
    SIGNER = (
        "signer",
        503,
        "The fiscal signer does not let it begin",
        "Nothing was sent. `detail` says why: the signer forbids it, or does not answer.",
    )
    JOURNAL = (
        "journal",
        503,
        "The register's disk refuses",
        "`detail` says whether anything was sent. Ask again under the same key.",
    )
    CONNECTIONS = (
        "connections",
        503,
        "Too many connections are open",
        "Close one, or use one that is open.",
    )

    def __init__(self, code: str, status: int, title: str, advice: str) -> None:
        self.code = code
        self.status = status
        self.title = title
        self.advice = advice

    @property
    def uri(self) -> str:
        """The problem's `type`: a reference that leads to its documentation."""
        return f"{DOCUMENTED_AT}{self.code}"

    def document(self, detail: str, **more: Any) -> bytes:
        """Return the problem as JSON, ASCII only."""
        told = {"type": self.uri, "title": self.title, "status": self.status}
        return json.dumps(told | {"detail": one_line(detail)[:_LONGEST]} | more).encode("ascii")

    def response(
        self, detail: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Response:
        """Return the answer; `more` are members of their own."""
        return Response(self.document(detail, **more), self.status, headers, PROBLEM_TYPE)


PROBLEM_TYPE: Final = "application/problem+json"


class ProblemError(Exception):
    """A request that is refused with a problem; the text is its `detail`, one sentence."""

    def __init__(
        self, problem: Problem, detail: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.problem = problem
        self.headers = headers
        self.more = more

    @property
    def response(self) -> Response:
        """The answer."""
        return self.problem.response(str(self), self.headers, **self.more)
