"""Closed by head office: a file while it lasts, so that a restart changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from kiosk_tui.files import reading, writing
from kiosk_tui.fleet.folder import FleetFolder

_MOST_BYTES: Final = 32 * 1024


class OfficeClosure(BaseModel):
    """Which command closed it, and what customers read of it; empty where that cannot be read."""

    model_config = ConfigDict(defer_build=True, frozen=True)

    n: int = 0
    sentence: str = ""
    by_language: Mapping[str, str] = {}


def closure(folder: FleetFolder) -> OfficeClosure | None:
    """Return why head office keeps this kiosk closed, or None.

    A file that is there and cannot be read closes, too: rather closed than wrong.
    """
    if not folder.enrolled:
        return None
    try:
        return OfficeClosure.model_validate_json(reading.read(_file(folder), _MOST_BYTES))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        return OfficeClosure()


def close(folder: FleetFolder, closed: OfficeClosure) -> None:
    """Close from now on. Raises `OSError`."""
    writing.make_folder(folder.orders)
    writing.replace(_file(folder), closed.model_dump_json())


def reopen(folder: FleetFolder) -> None:
    """End what `close` began, and nothing else. Raises `OSError`."""
    _file(folder).unlink(missing_ok=True)


def _file(folder: FleetFolder) -> Path:
    return folder.orders / "closed.json"
