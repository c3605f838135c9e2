"""Head office's configuration as it lies on the disk: a file beside the journal.

While a change is on trial the file holds what was there before, too: a kiosk that does not come back with
the change returns to that by itself, also through crashes and power cuts, which leave the one or the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.files import reading, writing

_MOST_BYTES: Final = 256 * 1024


class Overlay(BaseModel):
    """What command `n` configured. On trial, `starts` counts the starts that have not come far enough."""

    model_config = ConfigDict(defer_build=True, frozen=True)

    n: int
    settings: Mapping[str, Any]
    on_trial: bool = False
    starts: int = 0
    before: Mapping[str, Any] = {}


def overlay_file(journal: Path) -> Path:
    """Return where it lies; what is there without a head office (`office.json`) means nothing."""
    return journal.with_name("fleet") / "orders" / "configuration.json"


def read(path: Path) -> Overlay | None:
    """Return what head office has configured, or None. Raises `ConfigError`."""
    if not (path.parent.parent / "office.json").exists():
        return None
    try:
        return Overlay.model_validate_json(reading.read(path, _MOST_BYTES))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise ConfigError(f"{path} is damaged: let head office configure it again.") from error


def write(path: Path, overlay: Overlay) -> None:
    """Keep it, durably and at once. Raises `OSError`."""
    writing.make_folder(path.parent)
    writing.replace(path, overlay.model_dump_json())
