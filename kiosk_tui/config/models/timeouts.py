"""`[timeouts]`: how long is waited."""

from __future__ import annotations

from pydantic import Field

from kiosk_tui.config.models.section import Section


class TimeoutSettings(Section):
    """How long is waited, in seconds."""

    connect_s: float = Field(
        default=10.0,
        ge=1,
        le=60,
        description="How long a connection to TECS may take",
        json_schema_extra={"unit": "seconds"},
    )
    answer_s: float = Field(
        default=180.0,
        ge=10,
        le=900,
        description="How long a payment's answer is waited for before it is cancelled",
        json_schema_extra={"unit": "seconds"},
    )
    settle_s: float = Field(
        default=240.0,
        ge=0,
        le=3600,
        description=(
            'How long TECS may say "not found" of a payment that it still books; at least 120, but for a'
            " TECS on this machine"
        ),
        json_schema_extra={"unit": "seconds"},
    )
    give_up_s: float = Field(
        default=30.0,
        ge=1,
        le=300,
        description="How long the answer is waited for after a payment was given up",
        json_schema_extra={"unit": "seconds"},
    )
    cancel_s: float = Field(
        default=60.0,
        ge=5,
        le=300,
        description="How long a cancellation's answer is waited for",
        json_schema_extra={"unit": "seconds"},
    )
    cancel_most_s: float = Field(
        default=300.0,
        ge=5,
        le=3600,
        description="The longest pause between two attempts at a cancellation",
        json_schema_extra={"unit": "seconds"},
    )
