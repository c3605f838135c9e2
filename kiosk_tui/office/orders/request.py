"""What was asked for, and the bytes that an approval holds for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import asyncpg
from pydantic import ValidationError

from kiosk_tui.fleet.orders.order import VERBS
from kiosk_tui.fleet.wire import written

CONFIGURATION: Final = "configuration"


class OrderStage(StrEnum):
    """How far an order has come. Stored in the database: never rename one."""

    ASKED = "asked"
    ONE = "one"
    TENTH = "tenth"
    ALL = "all"
    DONE = "done"
    STOPPED = "stopped"
    REFUSED = "refused"
    EXPIRED = "expired"


UNDER_WAY: Final = (OrderStage.ASKED, OrderStage.ONE, OrderStage.TENTH, OrderStage.ALL)


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """One row of `command_request`; `sha256` is what was approved, or is to be."""

    request_id: int
    verb: str
    body: Mapping[str, Any]
    sha256: bytes
    kiosks: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    reason: str
    stage: OrderStage
    stopped_at: datetime | None
    stopped_why: str


def read(row: asyncpg.Record) -> OrderRequest:
    """Build a request from a whole row."""
    return OrderRequest(
        request_id=row["request_id"],
        verb=row["verb"],
        body=row["body"],
        sha256=row["body_sha256"],
        kiosks=tuple(row["kiosks"]),
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        reason=row["reason"],
        stage=OrderStage(row["stage"]),
        stopped_at=row["stopped_at"],
        stopped_why=row["stopped_why"],
    )


def said(one: OrderRequest) -> dict[str, Any]:
    """Return what is approved: it is shown before, and hashed."""
    return _said(one.verb, one.body, one.kiosks, one.expires_at)


def _said(
    verb: str, body: Mapping[str, Any], kiosks: Sequence[str], expires_at: datetime
) -> dict[str, Any]:
    return {
        "verb": verb,
        "body": body,
        "kiosks": sorted(kiosks),
        "expires_at": written(expires_at),
    }


def digest(
    verb: str, body: Mapping[str, Any], kiosks: Sequence[str], expires_at: datetime
) -> bytes:
    """Return the SHA-256 of all that an order says and of whom it is for, in one spelling."""
    what = _said(verb, body, kiosks, expires_at)
    text = json.dumps(what, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def fault(verb: str, body: Mapping[str, Any]) -> str:
    """Return why no kiosk does this, or nothing. The program's own table of verbs is the only one."""
    model = VERBS.get(verb)
    if model is None:
        return f"'{verb[:40]}' is nothing that a kiosk does: there are {', '.join(sorted(VERBS))}."
    try:
        model.model_validate_json(json.dumps(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"][:3])) or "body"
        return f"{verb}: {where}: {first['msg']}."
    return ""
