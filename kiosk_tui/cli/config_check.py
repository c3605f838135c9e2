"""`kiosk-tui config check`: everything that keeps a configuration from being used, in one run.

What can be used but should be known (where the journal lies, and what its file system forgets) is said,
too, and costs no exit code.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from kiosk_tui.cli import output
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import environment, examine
from kiosk_tui.config.theme import find_theme
from kiosk_tui.journal.anchor import NO_ANCHOR
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.receipts import logo_trouble
from kiosk_tui.session.terminal import named_files
from kiosk_tui.session.whereabouts import concerns, whose
from kiosk_tui.text.colours import is_hex
from kiosk_tui.text.looks import RICH, TRUE, Rendering
from kiosk_tui.text.themes import drawn, has_floods, readable


def run(arguments: argparse.Namespace) -> int:
    """Say what is wrong, or that nothing is; return the exit code. Raises `CommandError`."""
    loaded, found = examine(arguments.config, environment())
    if not loaded.found and not found:
        raise ConfigError("There is no configuration: write one with `kiosk-tui config init`.")
    launch = Launch(loaded, demo=False, command="kiosk-tui config", environment=environment())
    told = [str(one) for one in found]
    if loaded.found:
        told += named_files(launch)
        told += _journal(launch)
    if told:
        if len(told) == 1:
            raise CommandError(Exit.CONFIG, told[0])
        what = f"{len(told)} things keep this from being used:"
        raise CommandError(Exit.CONFIG, what, told)
    output.say(f"The configuration in {loaded.file or 'the environment'} can be used.")
    output.say(f"The journal lies at {launch.journal}. {whose(launch)}".rstrip())
    for sentence in (
        *loaded.remarks,
        *concerns(launch),
        *_accent(launch),
        *_anchor(launch),
        *_logo(launch),
    ):
        output.say(sentence)
    return Exit.OK


def _journal(launch: Launch) -> Iterator[str]:
    """Say why nobody knows where the journal lies."""
    try:
        _ = launch.journal
    except ConfigError as error:
        yield str(error)


def _accent(launch: Launch) -> Iterator[str]:
    """Say what becomes of a brand's colour that could not be read on the ground."""
    ui = launch.config.ui
    if not ui.accent:
        return
    for drawn_with in (Rendering(RICH, TRUE), Rendering()):
        theme = drawn(find_theme(ui.theme), drawn_with)
        shown = readable(ui.accent, theme)
        if is_hex(shown) and shown != ui.accent and has_floods(theme):
            yield (
                f"ui.accent: {ui.accent} cannot be read on {theme['accent'].back}; it is shown lighter,"
                f" as {shown}."
            )
        elif not is_hex(shown) and has_floods(theme):
            yield f"ui.accent: on a console with 16 colours it is {shown.replace('_', ' ')}."


def _anchor(launch: Launch) -> Iterator[str]:
    if not launch.config.journal.anchor:
        yield f"{NO_ANCHOR} Name a file on another one."


def _logo(launch: Launch) -> Iterator[str]:
    """Say why slips are printed without their logo: that costs none of them."""
    found = logo_trouble(launch)
    if found:
        yield f"{found} Slips are printed without it."
