"""From the arguments to what is built: the configuration, or the demo."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kiosk_tui.cli import output
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import environment, load
from kiosk_tui.session.launch import Launch, zone_of
from kiosk_tui.text.times import tell_times_in

if TYPE_CHECKING:
    import argparse


def choose(
    arguments: argparse.Namespace, *, demo_without_config: bool = False, says_so: bool = False
) -> Launch:
    """Load the configuration that the arguments name. Raises `ConfigError`.

    Without any configuration the app, and what only reads its journal, fall back to the demo: a
    script that wants no real money moved has to say `--demo`. That it is the demo is said here, but
    for a command that `says_so` itself.
    """
    loaded = load(arguments.config, environment())
    tell_times_in(zone_of(loaded.config), euro=loaded.config.terminal.currency == "EUR")
    demo = bool(getattr(arguments, "demo", False)) or (demo_without_config and not loaded.found)
    if demo and not says_so:
        output.tell_demo(quietly=_for_machines(arguments), asked=bool(loaded.found))
    command = f"kiosk-tui {arguments.command} as user {os.geteuid()}"
    mode = getattr(arguments, "mode", None) or ""
    return Launch(loaded, demo, command, environment(), mode)


def _for_machines(arguments: argparse.Namespace) -> bool:
    """Say whether standard output is for a program: a sentence in it would be no JSON and no CSV."""
    wanted = (getattr(arguments, name, False) for name in ("json", "csv"))
    return any(wanted) or getattr(arguments, "action", "") == "export"


def need(launch: Launch) -> Launch:
    """Return a launch that has a configuration or is the demo. Raises `ConfigError`."""
    if not launch.demo and not launch.loaded.found:
        raise ConfigError(
            "There is no configuration: write one with `kiosk-tui config init`, name one with"
            " --config FILE, or add --demo for the built-in simulator."
        )
    return launch
