"""What came of commands (see `noting`), as the shipper tells it to head office."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pydantic import ValidationError

from kiosk_tui.files import reading
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.wire import CommandOutcome

MOST: Final = 50
"""Outcomes that are told at once, the oldest first."""

_MOST_BYTES: Final = 4096


def noted(folder: FleetFolder, n: int) -> bool:
    """Say whether something came of command `n` that head office does not have yet."""
    return (folder.outcomes / f"{n}.json").exists()


def waiting(folder: FleetFolder) -> tuple[CommandOutcome, ...]:
    """Return what head office has to be told, in the commands' order; a damaged file is passed over."""
    found = []
    for path in folder.outcomes.glob("[0-9]*.json"):
        try:
            found.append(CommandOutcome.model_validate_json(reading.read(path, _MOST_BYTES)))
        except (OSError, ValidationError):
            continue
    return tuple(sorted(found, key=lambda one: one.n)[:MOST])


def forget(folder: FleetFolder, told: Iterable[CommandOutcome]) -> None:
    """Forget what head office has stored. Raises `OSError`."""
    for one in told:
        (folder.outcomes / f"{one.n}.json").unlink(missing_ok=True)
