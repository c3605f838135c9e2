"""`[ui]`: how the screens look."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from kiosk_tui.config.models.section import Section, path_here
from kiosk_tui.config.theme import find_theme
from kiosk_tui.text.themes import THEMES


def _theme(name: str, info: ValidationInfo) -> str:
    found = path_here(name, info) if name.endswith(".toml") else name
    find_theme(found)
    return found


class UiSettings(Section):
    """How the screens look."""

    theme: Annotated[str, AfterValidator(_theme)] = Field(
        default="standard",
        description=f"The colours: {', '.join(THEMES)}, or the path of a .toml file of your own",
        examples=["high-contrast"],
        json_schema_extra={"was": "kiosk.theme"},
    )
