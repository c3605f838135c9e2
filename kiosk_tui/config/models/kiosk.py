"""`[kiosk]`: the machine and who stands in front of it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from kiosk_tui.config.models.section import Amount, Section, Text
from kiosk_tui.config.pin import check_hash
from kiosk_tui.text.amounts import check_locale
from kiosk_tui.text.texts import language_of
from kiosk_tui.text.translations import NAMES

MOST_PRESETS: Final = 5
_LONGEST_WELCOME: Final = 70


def _language(name: str) -> str:
    check_locale(name)
    if language_of(name) not in NAMES:
        raise ValueError(f"'{name}' has no texts: there are {', '.join(NAMES)}")
    return name


def _each_once(names: list[str]) -> list[str]:
    if not names:
        raise ValueError("at least one language is needed")
    if len({language_of(name) for name in names}) < len(names):
        raise ValueError("a language stands in it twice")
    return names


def _hash(line: str) -> str:
    check_hash(line)
    return line


def _welcome(texts: dict[str, str]) -> dict[str, str]:
    for language, text in texts.items():
        if len(text) > _LONGEST_WELCOME or not text.isprintable():
            raise ValueError(
                f"the text in '{language}' is too long: {_LONGEST_WELCOME} characters fit"
            )
    return texts


class KioskSettings(Section):
    """The machine and who stands in front of it."""

    id: Text = Field(
        default="kiosk",
        min_length=1,
        max_length=40,
        description="The name of this register, as support calls it",
        examples=["lobby-1"],
        json_schema_extra={"office": True, "wrong": "it needs 1 to 40 characters"},
    )
    mode: Literal["kiosk", "lane", "technician"] = Field(
        default="kiosk",
        description="Who stands in front of it: customers alone, a cashier, or a technician",
    )
    languages: Annotated[
        list[Annotated[str, AfterValidator(_language)]], AfterValidator(_each_once)
    ] = Field(
        default=["en"],
        description=(
            f"The languages that customers may pick ({', '.join(NAMES)}, or with a country such as"
            " de_AT); the first is the kiosk's own"
        ),
        examples=[["en", "de"]],
        json_schema_extra={"office": True},
    )
    name: Text = Field(
        default="",
        max_length=40,
        description="The name that customers see, on the welcome screen and on slips",
        examples=["Museum of Time"],
        json_schema_extra={"office": True},
    )
    logo: list[Annotated[Text, Field(max_length=60)]] = Field(
        default=[],
        max_length=5,
        description=(
            "Lines above the welcome, at most 5 of 60 characters; with a price, shown from 30 rows on"
        ),
        examples=[["* * *", "MUSEUM"]],
        json_schema_extra={"office": True, "wrong": "at most 5 lines of 60 characters fit"},
    )
    welcome: Annotated[dict[str, str], AfterValidator(_welcome)] = Field(
        default={},
        description="A line of welcome by language, of at most 70 characters",
        examples=[{"en": "Thank you for your visit"}],
        json_schema_extra={"office": True},
    )
    price: Amount = Field(
        default="",
        description="The one price that everybody pays, so that nobody is asked for an amount",
        examples=["4.00"],
    )
    presets: list[Amount] = Field(
        default=[],
        max_length=MOST_PRESETS,
        description=f"Amounts to pick from, at most {MOST_PRESETS}",
        examples=[["5.00", "10.00", "20.00"]],
        json_schema_extra={"wrong": f"at most {MOST_PRESETS} fit on the screen"},
    )
    idle_s: float = Field(
        default=60.0,
        ge=5,
        le=3600,
        description="How long a screen waits for a key before it goes back",
        json_schema_extra={"office": True, "unit": "seconds"},
    )
    numpad: bool = Field(
        default=False,
        description="Whether a numpad is the only keyboard, so that screens name its keys",
    )
    leave: bool = Field(default=True, description="Whether the service menu leads to the shell")
    service_pin_hash: Annotated[str, AfterValidator(_hash)] = Field(
        default="",
        description=(
            "The service PIN's hash, the line that `kiosk-tui config pin` prints; empty: no PIN, and no"
            " way out of a kiosk"
        ),
        examples=["the line that `kiosk-tui config pin` prints"],
        json_schema_extra={"writeOnly": True},
    )
    exposure_count: int = Field(
        default=0,
        ge=0,
        description="How many cancellations may be due in a lane while payments go on",
        examples=[3],
        json_schema_extra={"wrong": "it cannot be negative"},
    )
    exposure_amount: Amount = Field(
        default="0",
        description="How much money may be in cancellations that are due in a lane while payments go on",
        examples=["200.00"],
    )
