"""`[api]`: where other software drives the register (`kiosk-tui serve`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from kiosk_tui.config.models.section import FilePath, Section, Text
from kiosk_tui.config.places import ip_address
from kiosk_tui.domain.rights import Permission


def _address(text: str) -> str:
    if text and ip_address(text) is None:
        what = "is no address with a port: write 127.0.0.1:8701 or [::1]:8701"
        raise ValueError(f"'{text}' {what}")
    return text


class ApiTokenSettings(Section):
    """One program that may ask over TCP."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$",
        description="What the program is called, in the log too",
    )
    token_file: FilePath = Field(
        default="",
        description="The file with its token; only its owner may read it. Empty: systemd's credential",
    )
    rights: list[Permission] = Field(description="What it may do", min_length=1)


def _each_has_a_name(tokens: list[ApiTokenSettings]) -> list[ApiTokenSettings]:
    names = [one.name for one in tokens]
    if len(set(names)) != len(names):
        raise ValueError("two of them have the same name")
    return tokens


class ApiSettings(Section):
    """Where other software drives the register (`kiosk-tui serve`)."""

    socket: FilePath = Field(
        default="",
        description="The socket's file; empty: beside the journal",
        examples=["/run/kiosk-tui/api.sock"],
        json_schema_extra={"was": "pos.socket"},
    )
    group: str = Field(
        default="",
        description="The group whose members may connect to it; empty: only the register's own user",
        examples=["pos"],
        json_schema_extra={"was": "pos.group"},
    )
    tcp: Annotated[str, AfterValidator(_address)] = Field(
        default="",
        description="An address with its port, for software that speaks TCP only; one that other machines"
        " reach needs a certificate",
        examples=["127.0.0.1:8701"],
        json_schema_extra={"was": "pos.tcp"},
    )
    tokens: Annotated[list[ApiTokenSettings], AfterValidator(_each_has_a_name)] = Field(
        default=[],
        description="Who may ask over TCP: a name, the file with a token of 16 characters or more, and rights",
        examples=[
            [
                {
                    "name": "till",
                    "token_file": "/etc/kiosk-tui/till-token",
                    "rights": ["take", "look"],
                }
            ]
        ],
    )
    certificate: FilePath = Field(
        default="",
        description="The certificate that TLS is spoken with over TCP, with its chain (PEM)",
        examples=["/etc/kiosk-tui/api.crt"],
    )
    certificate_key: FilePath = Field(
        default="",
        description="The certificate's key (PEM, without a password); only its owner may read it",
        examples=["/etc/kiosk-tui/api.key"],
    )
    hosts: list[Text] = Field(
        default=[],
        description="The names by which other machines reach it, beside its addresses",
        examples=[["till-1.shop.lan"]],
    )
