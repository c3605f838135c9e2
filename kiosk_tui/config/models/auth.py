"""`[auth]`: how the register shows who it is. The secrets themselves are not here."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kiosk_tui.config.models.section import FilePath, Section


class AuthSettings(Section):
    """How the register shows who it is. The secrets themselves are not here."""

    scheme: Literal["raw", "basic", "bearer", "oauth"] = Field(
        default="raw",
        description="How TECS wants the key: as it is, with a user, as a token, or a fetched token",
    )
    key_file: FilePath = Field(
        default="",
        description="The file with the key (the password, for basic and oauth); only its owner may read it",
        examples=["/etc/kiosk-tui/authkey"],
    )
    user: str = Field(default="", description="The user, for basic and oauth", examples=["museum"])
    token_url: str = Field(
        default="",
        description="Where the token is fetched, for oauth",
        examples=["https://test-login.tecs.at/cas/oauth2.0/accessToken"],
        json_schema_extra={"format": "uri"},
    )
    client_id: str = Field(default="", description="The client id, for oauth", examples=["kiosk"])
    client_secret_file: FilePath = Field(
        default="",
        description="The file with the client secret, for oauth; only its owner may read it",
        examples=["/etc/kiosk-tui/client_secret"],
    )
