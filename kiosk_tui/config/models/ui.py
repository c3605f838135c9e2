"""`[ui]`: how the screens look."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from kiosk_tui.config.models.section import Section, path_here
from kiosk_tui.config.theme import find_theme
from kiosk_tui.text.themes import THEMES


def _theme(name: str, info: ValidationInfo) -> str:
    found = path_here(name, info) if name.endswith(".toml") else name
    find_theme(found)
    return found


def _colour(text: str) -> str:
    if text and not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise ValueError(f"'{text}' is no colour: write it as # and six hex digits, like #5CC8F7")
    return text.upper()


class UiSettings(Section):
    """How the screens look."""

    theme: Annotated[str, AfterValidator(_theme)] = Field(
        default="standard",
        description=f"The colours: {', '.join(THEMES)}, or the path of a .toml file of your own",
        examples=["high-contrast"],
        json_schema_extra={"office": "named", "was": "kiosk.theme"},
    )
    look: Literal["auto", "console", "rich"] = Field(
        default="auto",
        description=(
            "How screens are drawn: console needs 16 colours and the characters of every console font,"
            " rich needs UTF-8 and 256 colours or more; auto goes by what the terminal says of itself"
        ),
        json_schema_extra={"office": True},
    )
    accent: Annotated[str, AfterValidator(_colour)] = Field(
        default="",
        description=(
            "Your own colour for signs, the currency and the primary key, as #RRGGBB; empty: the look's"
            " own"
        ),
        examples=["#E8B86B"],
        json_schema_extra={"office": True},
    )
    motion: Literal["auto", "full", "none"] = Field(
        default="auto",
        description=(
            "What moves on screens: auto moves less over SSH, and there nothing while nobody pays; none"
            " leaves only the time that counts down"
        ),
        json_schema_extra={"office": True},
    )
    palette: Literal["tuned", "keep"] = Field(
        default="tuned",
        description=(
            "What the 16 colours of a Linux console are while the program runs: tuned for the screens,"
            " or kept as they are"
        ),
        json_schema_extra={"office": True},
    )
    thrift: bool = Field(
        default=False,
        description="Whether as few bytes as possible are sent, for slow lines: small figures, no motion",
        json_schema_extra={"office": True},
    )
