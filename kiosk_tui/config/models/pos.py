"""`[pos]`: where POS software drives the register (`kiosk-tui serve`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from kiosk_tui.config.models.section import FilePath, Section
from kiosk_tui.config.places import loopback


def _loopback(address: str) -> str:
    if address and loopback(address) is None:
        what = "is no address of this machine: write 127.0.0.1:8701 or [::1]:8701"
        raise ValueError(f"'{address}' {what}")
    return address


class PosSettings(Section):
    """Where POS software drives the register (`kiosk-tui serve`)."""

    socket: FilePath = Field(
        default="",
        description="The socket's file; empty: beside the journal",
        examples=["/run/kiosk-tui/pos.sock"],
    )
    group: str = Field(
        default="",
        description="The group whose members may connect to it; empty: only the register's own user",
        examples=["pos"],
    )
    tcp: Annotated[str, AfterValidator(_loopback)] = Field(
        default="",
        description="An address of this machine, with its port, for software that speaks TCP only",
        examples=["127.0.0.1:8701"],
    )
    token_file: FilePath = Field(
        default="",
        description="The file with the token that is asked for over TCP; only its owner may read it",
        examples=["/etc/kiosk-tui/pos-token"],
    )
