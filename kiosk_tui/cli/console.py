"""`kiosk-tui console`: what this console can draw, and which theme fits."""

from __future__ import annotations

import argparse
import io
import os
import sys

from kiosk_tui.cli import output
from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.diagnosis.console.gathering import gather
from kiosk_tui.diagnosis.console.report import advice, describe, report
from kiosk_tui.diagnosis.console.sample import sample


def run(arguments: argparse.Namespace) -> int:
    """Look, tell and draw; return the exit code."""
    facts = gather(sys.stdout.fileno(), sys.stdout.encoding, os.environ)
    if arguments.json:
        say_json(describe(facts))
        return Exit.OK
    _write(facts.encoding, "replace")  # what cannot be written is what is asked about
    for line in (*report(facts), "", *sample(facts), "", advice(facts)):
        output.draw(line)
    return Exit.OK


def _write(encoding: str, errors: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=encoding, errors=errors)
