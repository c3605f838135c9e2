"""A payment from rest to the result: the real program in a pseudo terminal, seen step by step.

Each step stands for so long in the film, however long the machine took; what differs from run to run,
the reference and the clock, is written as always the same.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from kiosk_tui.simulator.options import Options
from support.cells import Grid, from_terminal
from support.installation import installed
from support.terminal import Terminal, running

SIZE: Final = (100, 30)
_ENVIRONMENT: Final = {"COLORTERM": "truecolor", "TZ": "UTC"}
_KIOSK: Final = 'name = "Museum of Time"\nlanguages = ["en", "de"]'


CARD: Final = "card"
"""Not typed: the customer holds the card to the terminal."""


class Step(NamedTuple):
    """What is waited for, how long it stands in the film, and what is typed then."""

    shown: str
    seconds: float
    typed: str = ""


STEPS: Final = (
    Step("Pay by card", 2.0, "1"),
    Step("0.01", 0.4, "2"),
    Step("0.12", 0.4, "5"),
    Step("1.25", 0.4, "5"),
    Step("12.55", 1.5, "\r"),
    Step("Would you like to add a tip?", 2.0, "2"),
    Step("Card please", 2.5, CARD),
    Step("One moment", 1.5),
    Step("Approved", 4.0),
)

_ALWAYS: Final = (
    (re.compile(r"\d{3} \d{3} \d{3}"), "140 102 345"),
    (re.compile(r"\b\d{6}\b"), "123456"),
    (re.compile(r"\b\d\d:\d\d\b"), "12:05"),
    (re.compile(r"\b\d:\d\d\b"), "2:57"),
    (re.compile(r"\b\d{1,2} s\b"), lambda found: "20 s".rjust(len(found[0]))),
)


def play() -> list[tuple[Grid, float]]:
    """Take a payment; return what stood on the screen at each step, and for how many seconds."""
    columns, rows = SIZE
    frames = []
    with (
        tempfile.TemporaryDirectory() as folder,
        installed(Path(folder), Options(card_s=1000, host_s=3)) as built,
    ):
        built.configure(kiosk=_KIOSK, ui='motion = "none"')
        told = built.config.read_text().replace("status_query = false", "status_query = true")
        built.config.write_text(told)
        with running(
            *("--config", str(built.config)),
            folder=built.folder,
            environment=_ENVIRONMENT,
            columns=columns,
            rows=rows,
            term="xterm-256color",
        ) as terminal:
            for step in STEPS:
                terminal.wait(step.shown)
                terminal.pump(0.15)  # the rest of the same picture
                frames.append((_seen(terminal), step.seconds))
                if step.typed == CARD:
                    built.simulator.terminal.present_card()
                elif step.typed:
                    terminal.hears(step.typed)
    return frames


def _seen(terminal: Terminal) -> Grid:
    grid = from_terminal(terminal.screen)
    for cells in grid:
        line = "".join(one.text for one in cells)
        for pattern, instead in _ALWAYS:
            line = pattern.sub(instead, line)
        cells[:] = [one._replace(text=text) for one, text in zip(cells, line, strict=True)]
    return grid
