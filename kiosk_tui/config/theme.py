"""The theme that is configured: one of the shipped ones, or a file of one's own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from kiosk_tui.files.reading import decoded, read
from kiosk_tui.text.themes import THEMES, Drawn, ThemeError, parse_theme

LONGEST: Final = 64 * 1024
"""Bytes of a theme's file."""


def find_theme(name: str) -> Drawn:
    """Return a theme by its name or by the path of its file. Raises `ThemeError`."""
    if name in THEMES:
        return THEMES[name]
    if not name.endswith(".toml"):
        known = ", ".join(THEMES)
        raise ThemeError(
            f"'{name}' is no theme: there are {known}, or give the path of a .toml file"
        )
    try:
        roles = tomllib.loads(decoded(read(Path(name), LONGEST)))
    except OSError as error:
        raise ThemeError(f"{name} cannot be read: {error.strerror}") from error
    except ValueError as error:  # TOML's and UTF-8's faults, and names with a character 0
        raise ThemeError(f"{name} is no theme: {error}") from error
    try:
        return parse_theme(roles)
    except ThemeError as error:
        raise ThemeError(f"{name}: {error}") from None
