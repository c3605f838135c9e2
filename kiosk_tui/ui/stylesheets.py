"""Finds the stylesheets: in the wheel beside the package's modules, in a checkout at its top."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_INSTALLED = _PACKAGE / "styles"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "styles"


def sheet(stem: str) -> Path:
    """Return the stylesheet of a screen."""
    return FOLDER / f"{stem}.tcss"
