"""`[fiscal]`: who signs payments, where fiscal law wants that (Austria: RKSV, Germany: a TSE)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kiosk_tui.config.models.reporting import program_words
from kiosk_tui.config.models.section import Section, Text


class FiscalSettings(Section):
    """Who signs payments, where fiscal law wants that."""

    command: Annotated[list[str], AfterValidator(program_words)] = Field(
        default=[],
        description="The program, with its arguments, that signs; empty: nothing is signed",
        examples=[["/usr/local/bin/signer"]],
    )
    on_failure: Literal["sell_and_mark", "refuse"] = Field(
        default="sell_and_mark",
        description="What a signer's failure before a payment means; after an approval it is always marked",
    )
    begin_s: float = Field(
        default=5.0,
        ge=0.1,
        le=60,
        description="How long it may take before a payment",
        json_schema_extra={"unit": "seconds"},
    )
    finish_s: float = Field(
        default=30.0,
        ge=0.1,
        le=300,
        description="How long it may take for a signature",
        json_schema_extra={"unit": "seconds"},
    )
    slip_s: float = Field(
        default=3.0,
        ge=0,
        le=30,
        description="How long a slip waits for its signature",
        json_schema_extra={"unit": "seconds"},
    )
    mark: Text = Field(
        default="",
        max_length=200,
        description="What a slip says while the signer is out of order; empty: the usual words",
        examples=["Sicherheitseinrichtung ausgefallen"],
    )
