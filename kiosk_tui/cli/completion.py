"""`kiosk-tui completion`: what a shell reads so that Tab completes commands and options."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kiosk_tui.cli import output
from kiosk_tui.cli.exits import Exit

FOLDER: Final = Path(__file__).with_name("completions")

SHELLS: Final[Mapping[str, str]] = {
    "bash": "kiosk-tui.bash",
    "zsh": "_kiosk-tui",
    "fish": "kiosk-tui.fish",
}
"""Each shell's file; `scripts/documents` makes it from the parser."""


def run(arguments: argparse.Namespace) -> int:
    """Print the file of a shell."""
    text = (FOLDER / SHELLS[arguments.shell]).read_text("utf-8")
    output.export(text.splitlines(keepends=True))
    return Exit.OK
