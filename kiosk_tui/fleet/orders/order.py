"""What head office may order a kiosk to do: one row per verb, with what its body holds.

Owns: the table of verbs. It is the program's alone; no configuration and no command adds to it. None of
them charges, refunds, cancels or settles anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from kiosk_tui.config.office import refusals
from kiosk_tui.fleet.wire import written

LONGEST: Final = timedelta(days=1)
"""A command that was not done within this time of its issuing is never done."""

MOST_SETTINGS: Final = 50
MOST_DAYS: Final = 400


def _one_line(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError("a sentence is one line of characters that can be printed")
    return text.strip()


def _day(text: str) -> str:
    if re.fullmatch(r"[0-9]{8}", text, re.ASCII) is None:
        raise ValueError("a day is written as 20260131")
    date.fromisoformat(text)
    return text


def _settings(values: dict[str, Any]) -> dict[str, Any]:
    for sentence in refusals(values):
        raise ValueError(sentence.rstrip("."))
    return values


CustomerSentence = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
"""What customers read: text, never markup."""
OrderMoment = Annotated[AwareDatetime, PlainSerializer(written, return_type=str)]


class Strict(BaseModel):
    """A signed text: exactly these fields, exactly of these kinds."""

    model_config = ConfigDict(
        defer_build=True, extra="forbid", frozen=True, hide_input_in_errors=True, strict=True
    )


class OfficeOrder(Strict):
    """One command to one kiosk. `n` counts that kiosk's commands; its bytes are what is signed."""

    v: Annotated[int, Field(ge=1, le=1)] = 1
    kiosk: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    n: Annotated[int, Field(ge=1, lt=2**53)]
    verb: Annotated[str, Field(max_length=40)]
    body: dict[str, Any]
    issued_at: OrderMoment
    expires_at: OrderMoment


class CloseBody(Strict):
    """No payment begins until `open`. Customers read the sentence, in their language where it is given."""

    sentence: CustomerSentence
    by_language: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], CustomerSentence], Field(max_length=20)
    ] = {}


class ConfigurationBody(Strict):
    """The whole of what head office configures: `section.key` and values. Empty takes all of it back."""

    settings: Annotated[
        dict[str, Any], Field(max_length=MOST_SETTINGS), AfterValidator(_settings)
    ] = {}


class ShipAgainBody(Strict):
    """The days (UTC, `YYYYMMDD`) whose events are sent once more."""

    days: Annotated[
        list[Annotated[str, AfterValidator(_day)]], Field(min_length=1, max_length=MOST_DAYS)
    ]


class EmptyBody(Strict):
    """Nothing needs to be said."""


VERBS: Final[Mapping[str, type[Strict]]] = MappingProxyType(
    {
        "close": CloseBody,
        "open": EmptyBody,
        "configuration": ConfigurationBody,
        "restart": EmptyBody,
        "bundle": EmptyBody,
        "ship-again": ShipAgainBody,
        "ask-terminal": EmptyBody,
    }
)
