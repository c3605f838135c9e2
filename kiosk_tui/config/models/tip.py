"""`[tip]`: which tips are offered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kiosk_tui.config.models.section import Amount, Section


class TipSettings(Section):
    """Which tips are offered."""

    percent: list[Annotated[int, Field(ge=1, le=100)]] = Field(
        default=[5, 10, 15],
        description="Tips in percent of the amount",
        json_schema_extra={"office": True},
    )
    fixed: list[Amount] = Field(
        default=[],
        description="Tips of a fixed amount",
        examples=[["0.50", "1.00", "2.00"]],
        json_schema_extra={"office": True},
    )
    fixed_below: Amount = Field(
        default="0",
        description="Below this amount the fixed tips are offered, from it on those in percent",
        examples=["10.00"],
        json_schema_extra={"office": True},
    )
    custom: bool = Field(
        default=True,
        description="Whether a tip of one's own may be typed",
        json_schema_extra={"office": True},
    )
    ask: bool = Field(
        default=True,
        description="Whether customers are asked for a tip",
        json_schema_extra={"office": True},
    )
    most_percent: int = Field(
        default=100,
        ge=1,
        le=1000,
        description="The largest tip, in percent of the amount",
        json_schema_extra={"office": "downwards", "unit": "percent"},
    )
