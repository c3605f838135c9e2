"""`[second_opinion]`: TECS's merchant services, for `doctor --ask`. The password itself is not here."""

from __future__ import annotations

from pydantic import Field

from kiosk_tui.config.models.section import FilePath, Section


class SecondOpinionSettings(Section):
    """TECS's merchant services, which explain a transaction and settle none. The password is not here."""

    url: str = Field(
        default="",
        description="The base of TECS's merchant services; empty: none is asked",
        examples=["https://test.tecs.at/merchantservices"],
        json_schema_extra={"format": "uri"},
    )
    user: str = Field(
        default="",
        description="Who asks: an account for transaction history, not the terminal's",
        examples=["museum-history"],
    )
    password_file: FilePath = Field(
        default="",
        description="The file with its password; only its owner may read it",
        examples=["/etc/kiosk-tui/second_opinion"],
    )
