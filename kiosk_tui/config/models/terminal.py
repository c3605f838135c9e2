"""`[terminal]`: the card terminal and the account behind it."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from kiosk_tui.config.models.section import Amount, FilePath, Section, Text
from kiosk_tui.config.places import is_proxy
from kiosk_tui.domain.card_number import REFUSED, holds_card_number

LONGEST_REASON: Final = 39
"""Characters, and bytes of UTF-8, of TECS's `payment_reason`."""


def _reason(reason: str) -> str:
    longest = max(len(reason), len(reason.encode("utf-8", "replace")))
    if longest > LONGEST_REASON or not reason.isprintable():
        raise ValueError(f"at most {LONGEST_REASON} plain characters fit (an umlaut is two)")
    if holds_card_number(reason):
        raise ValueError(f"it {REFUSED}")
    return reason


def _zone(name: str) -> str:
    if name:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            raise ValueError(f"'{name}' is not a time zone") from None
    return name


def _proxy(url: str) -> str:
    if url and not is_proxy(url):
        raise ValueError(f"'{url}' is not a proxy's address")
    return url


class TerminalSettings(Section):
    """The card terminal and the account behind it."""

    url: str = Field(
        default="",
        description="The address of the TECS service, as your contract names it",
        examples=["https://test.tecs.at/tecsclientrest"],
        json_schema_extra={"format": "uri"},
    )
    number: str = Field(
        default="",
        pattern=r"^[0-9]{8}$",
        description="The terminal's number, 8 digits, on its label",
        examples=["88091105"],
        json_schema_extra={"wrong": "'{value}' is not a terminal number: it has 8 digits"},
    )
    source_id: str = Field(
        default="1",
        pattern=r"^[0-9]{1,2}$",
        description="The terminal's source id, one or two digits, from your contract",
        json_schema_extra={"wrong": "'{value}' is wrong: it has one or two digits"},
    )
    place: Text = Field(
        default="",
        max_length=13,
        description="Where it stands: postcode and town, at most 13 characters",
        examples=["1010 Vienna"],
        json_schema_extra={"wrong": "'{value}' is too long: at most 13 characters fit"},
    )
    currency: str = Field(default="EUR", description="The account's currency, by its three letters")
    amount_min: Amount = Field(
        default="0.01", description="The smallest amount that is taken", examples=["1.00"]
    )
    amount_max: Amount = Field(
        default="1000",
        description="The largest amount that is taken",
        examples=["250.00"],
        json_schema_extra={"office": "downwards"},
    )
    receipt_layout: Text = Field(
        default="01",
        max_length=2,
        description="The layout of TECS's receipt texts; empty: none is asked for",
    )
    reason: Annotated[str, AfterValidator(_reason)] = Field(
        default="",
        description=(
            "What a payment is for, where nobody says so, at most 39 characters; empty: the operation's"
            " name"
        ),
        examples=["Museum ticket"],
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="",
        description="The time zone that the register keeps; empty: this machine's",
        examples=["Europe/Vienna"],
    )
    tip_in_amount: bool = Field(
        default=False, description="Whether the amount that is sent holds the tip already"
    )
    completion_percent: int = Field(
        default=100,
        ge=100,
        le=200,
        description="How much of what was authorized a completion may charge",
        examples=[115],
        json_schema_extra={"unit": "percent"},
    )
    abort: bool = Field(
        default=True, description="Whether the terminal is told when a payment is given up"
    )
    status_query: bool = Field(
        default=True, description="Whether the terminal is asked how far a payment is"
    )
    probe: Literal["version", "status"] = Field(
        default="version",
        description=(
            "How the register sees that TECS answers: by its version page, or by a status query for a"
            " gateway without one"
        ),
        examples=["status"],
    )
    proxy: Annotated[str, AfterValidator(_proxy)] = Field(
        default="",
        description="The HTTP proxy on the way to TECS",
        examples=["http://10.0.0.1:3128"],
    )
    ca_file: FilePath = Field(
        default="",
        description="Certificate authorities that are trusted, a PEM file; empty: this machine's",
        examples=["/etc/kiosk-tui/ca.pem"],
    )
    allow_http: bool = Field(
        default=False, description="Whether unencrypted HTTP to another machine is allowed"
    )
