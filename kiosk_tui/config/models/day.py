"""`[day]`: when a business day begins, and how it is closed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kiosk_tui.config.models.section import Section


class DaySettings(Section):
    """When a business day begins, and how it is closed."""

    starts: str = Field(
        default="00:00",
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="When a business day begins, in terminal.timezone",
        examples=["04:00"],
        json_schema_extra={
            "wrong": "'{value}' is no time of day: write it as 04:00",
            "office": True,
        },
    )
    close: Literal["by_hand", "automatic"] = Field(
        default="by_hand",
        description="Whether the register closes a day by itself when the next one begins",
        json_schema_extra={"office": True},
    )
    print: bool = Field(
        default=False,
        description="Whether the report of a day that is closed automatically is printed",
        json_schema_extra={"office": True},
    )
