"""`[fiscal]`: who signs payments, where fiscal law wants that (Austria: RKSV, Germany: a TSE)."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo

from kiosk_tui.config.models.reporting import program_words
from kiosk_tui.config.models.section import Section, Text

_THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def _url(url: str, info: ValidationInfo) -> str:
    if not url:
        return url
    if info.data.get("command"):
        raise ValueError("a program or a service signs, not both")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"'{url}' is no address") from None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise ValueError(f"'{url}' is no address of a service")
    if parts.scheme == "http" and host not in _THIS_MACHINE:
        raise ValueError("without TLS (https) it is on this machine")
    return url


class FiscalSettings(Section):
    """Who signs payments, where fiscal law wants that."""

    command: Annotated[list[str], AfterValidator(program_words)] = Field(
        default=[],
        description="The program, with its arguments, that signs; neither it nor `url`: nothing is signed",
        examples=[["/usr/local/bin/signer"]],
    )
    url: Annotated[Text, AfterValidator(_url)] = Field(
        default="",
        description="The service that signs, in the place of a program; without TLS only on this machine",
        examples=["http://127.0.0.1:1200/kiosk-tui"],
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

    @property
    def signs(self) -> bool:
        """Whether there is a signer."""
        return bool(self.command or self.url)
