"""`[receipt]`: what is printed, and where."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from kiosk_tui.config.models.section import FilePath, Section, path_here
from kiosk_tui.config.places import is_printer

COLUMNS: Final = (32, 42, 48)
_FOLDER: Final = re.compile(r"(?P<scheme>file|text):(?://(?=[/~])|(?!//))(?P<path>.+)")
_LONGEST_URL: Final = 78
"""Bytes that a QR code on the screen holds."""


def _printer(url: str, info: ValidationInfo) -> str:
    found = _FOLDER.fullmatch(url)
    whole = f"{found['scheme']}://{path_here(found['path'], info)}" if found else url
    if whole and not is_printer(whole):
        what = "is no printer: write tcp://host:9100, usb://04b8:0202, file:///dev/usb/lp0 or"
        raise ValueError(f"'{whole}' {what} text:///folder")
    return whole


def _columns(columns: int) -> int:
    if columns not in COLUMNS:
        raise ValueError(f"{columns} is no width: there are 32, 42 and 48")
    return columns


def _code_page(text: str) -> str:
    if text:
        from kiosk_tui.receipt.code_pages import code_page  # noqa: PLC0415 - seldom configured

        code_page(text)
    return text


def _copies(copies: list[str]) -> list[str]:
    if not copies or len(set(copies)) < len(copies):
        raise ValueError("it needs customer, merchant, or both, each once")
    return copies


def _qr_url(text: str) -> str:
    try:
        url = text.format(reference="9" * 9, id="9" * 17)
    except (ValueError, LookupError, AttributeError):
        raise ValueError("only {reference} and {id} may stand in braces") from None
    if len(url.encode("utf-8", "replace")) > _LONGEST_URL or not url.isprintable():
        raise ValueError(f"it is too long: {_LONGEST_URL} bytes fit into the code")
    return text


class ReceiptSettings(Section):
    """What is printed, and where."""

    printer: Annotated[str, AfterValidator(_printer)] = Field(
        default="",
        description=(
            "Where slips are printed: tcp://host:9100, usb://04b8:0202 or file:///dev/usb/lp0 for a"
            " printer, text:///folder for text files; empty: none are"
        ),
        examples=["tcp://192.0.2.7:9100"],
    )
    profile: str = Field(
        default="default",
        pattern=r"^[A-Za-z0-9_.-]{1,40}$",
        description="The printer's profile, as python-escpos names it",
        examples=["TM-T88V"],
        json_schema_extra={"wrong": "it is no profile's name, such as default or TM-T88V"},
    )
    code_page: Annotated[str, AfterValidator(_code_page)] = Field(
        default="",
        description=(
            "The printer's code page, with its number where the printer has another than Epson: cp858,"
            " cp1250:72; ascii where accents come out as other signs; utf-8; empty: whichever of the"
            " profile's has a letter. What the page lacks is written in plain letters"
        ),
        examples=["cp858", "cp1250:72"],
    )
    logo: FilePath = Field(
        default="",
        description=(
            "A picture above each slip, PNG or BMP, printed in black and white; at most 1 MB, made"
            " smaller where it is wider than the paper"
        ),
        examples=["/etc/kiosk-tui/logo.png"],
    )
    ask: bool = Field(default=True, description="Whether the printer is asked how it is")
    columns: Annotated[int, AfterValidator(_columns)] = Field(
        default=42,
        description="The width of a slip",
        json_schema_extra={"office": True, "enum": [*COLUMNS], "unit": "characters"},
    )
    copies: Annotated[list[Literal["customer", "merchant"]], AfterValidator(_copies)] = Field(
        default=["customer"],
        description="Whose copies are printed",
        examples=[["customer", "merchant"]],
        json_schema_extra={"office": True},
    )
    declined: bool = Field(
        default=True,
        description="Whether a declined payment gets a slip, too",
        json_schema_extra={"office": True},
    )
    qr: bool = Field(
        default=True,
        description="Whether a payment may be shown as a QR code",
        json_schema_extra={"office": True},
    )
    qr_url: Annotated[str, AfterValidator(_qr_url)] = Field(
        default="",
        description=(
            "The address in the QR code, with {reference} or {id} in it; empty: the payment in short."
            " Up to 25 characters, capitals and digits after the host, fit onto a console of 80 x 24"
        ),
        examples=["https://museum.example/receipt/{reference}"],
    )
