"""`[codes]`: what TECS's response codes mean, where the shipped table has another opinion."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from kiosk_tui.config.models.section import Section
from kiosk_tui.tecs.codes import CodeTable


def _codes(table: dict[str, list[str]], info: ValidationInfo) -> dict[str, list[str]]:
    if table:
        CodeTable({info.field_name or "": table})
    return table


Codes = Annotated[dict[str, list[str]], AfterValidator(_codes)]


class CodeSettings(Section):
    """Overrides of response codes' verdicts: verdict, then codes such as "51" or "8100-8199"."""

    payment: Codes = Field(
        default={},
        description="Codes of payments by verdict: approved, declined or unknown",
        examples=[{"declined": ["5001"]}],
    )
    cancellation: Codes = Field(
        default={},
        description="Codes of cancellations by verdict",
        examples=[{"refused": ["9030"]}],
    )
    reason: Codes = Field(
        default={},
        description="Codes of declines by the reason that customers are told",
        examples=[{"funds": ["61"]}],
    )
