"""`[goods]`: payments that stay charged only when goods are handed over."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from kiosk_tui.config.models.reporting import program_words
from kiosk_tui.config.models.section import Section


class GoodsSettings(Section):
    """Payments that stay charged only when goods are handed over."""

    command: Annotated[list[str], AfterValidator(program_words)] = Field(
        default=[],
        description=(
            "The program, with its arguments, that hands goods over: a kiosk's or lane's payments stay"
            " charged only where it ends with 0 in time, or a cashier says so"
        ),
        examples=[["/usr/local/bin/dispense"]],
    )
    wait_s: float = Field(
        default=60.0,
        ge=1,
        le=900,
        description=(
            "How long it is waited to be told that goods were handed over; then the payment is cancelled."
            " A stop of the register waits as long, and asks systemd for that time"
        ),
        json_schema_extra={"unit": "seconds"},
    )
