"""`kiosk-tui fleet`."""

from __future__ import annotations

import argparse


def run(arguments: argparse.Namespace) -> int:
    """Return the exit code."""
    raise NotImplementedError
