"""The command lines that mean the full screen, as the parser would read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from kiosk_tui.start import arguments as plain_forms


def full_screen(arguments: Sequence[str]) -> SimpleNamespace | None:
    """Read `run`, `--demo`, `--mode MODE`, `--config FILE` in any order; None for anything else."""
    told = plain_forms.full_screen(list(arguments))
    if told is None:
        return None
    config = told.pop("config")
    path = Path(config) if isinstance(config, str) else None
    return SimpleNamespace(command="run", config=path, plain=False, **told)
