"""`kiosk-tui office`: one module for each of its commands, loaded when it is typed."""

from __future__ import annotations

import argparse
import importlib

from kiosk_tui.cli.exits import CommandError, Exit


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    try:
        module = importlib.import_module(f"{__name__}.{_MODULES[arguments.action]}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kiosk_tui.cli"):
            raise
        raise CommandError(
            Exit.UNAVAILABLE,
            f"Head office is not installed here ({error.name} is missing): install the package"
            " kiosk-tui-office, or kiosk-tui[office].",
        ) from error
    return int(module.run(arguments))


_MODULES = {
    "serve": "serve",
    "demo": "demo",
    "migrate": "migrate",
    "tidy": "tidy",
    "user": "people",
    "enroll": "machines",
    "revoke": "machines",
    "list": "look",
    "show": "look",
    "due": "look",
    "silent": "look",
    "reasons": "look",
    "terminals": "look",
    "versions": "look",
    "alarms": "look",
    "totals": "totals",
    "days": "days",
    "reconcile": "reconcile",
    "import": "reconcile",
    "ask": "reconcile",
    "commands": "orders",
}
