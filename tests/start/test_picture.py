"""The first picture is the screen that Textual draws over it, cell by cell, whatever the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyte
import pytest
from support.erasing import ErasingScreen

from kiosk_tui.start.abilities import erases
from kiosk_tui.start.picture import LEAVE, stretches, written
from kiosk_tui.text.colours import rgb
from kiosk_tui.text.looks import rendering
from kiosk_tui.text.themes import THEMES, drawn
from kiosk_tui.ui.driver.shading import Shading
from kiosk_tui.ui.driver.shadow import Shadow

SIZES = (
    *((20, 5), (20, 6), (40, 15), (79, 23), (79, 60), (80, 23), (80, 24), (81, 25), (99, 29)),
    *((100, 30), (101, 31), (119, 40), (120, 39), (120, 40), (132, 43), (199, 60), (200, 59)),
    *((200, 60), (240, 67)),
)
TERMINALS: dict[str, dict[str, str]] = {
    "linux": {"TERM": "linux", "LANG": "C.UTF-8"},
    "linux, no UTF-8": {"TERM": "linux", "LANG": "C"},
    "linux, no colour": {"TERM": "linux", "LANG": "C.UTF-8", "NO_COLOR": "1"},
    "ssh": {"TERM": "xterm-256color", "LANG": "C.UTF-8"},
    "ssh, no UTF-8": {"TERM": "xterm-256color", "LANG": "C", "COLORTERM": "truecolor"},
    "24 bits": {"TERM": "xterm-256color", "LC_ALL": "de_AT.UTF-8", "COLORTERM": "truecolor"},
    "24 bits by name": {"TERM": "alacritty", "LANG": "C.UTF-8"},
    "24 bits, no colour": {"TERM": "foot", "LANG": "C.UTF-8", "NO_COLOR": "1"},
    "screen": {"TERM": "screen.xterm-256color", "LANG": "C.UTF-8"},
    "serial": {"TERM": "vt220", "LANG": "C"},
    "16 colours": {"TERM": "xterm", "LANG": "C.UTF-8"},
}

# One process for each terminal: Rich keeps the codes of a style, of whatever terminal it was first.
_DRAWN = """
import asyncio, sys
from kiosk_tui.ui.app import KioskApp

async def draw(columns, rows):
    app = KioskApp()
    async with app.run_test(size=(columns, rows)) as pilot:
        await pilot.pause()
        for row, strip in enumerate(app.screen._compositor.render_strips(), 1):
            sys.stdout.write(f"\\x1b[{row};1H{strip.render(app.console)}")
        sys.stdout.write("\\0")

for size in sys.argv[1:]:
    asyncio.run(draw(*map(int, size.split("x"))))
"""


def _as_textual_draws_it(environment: dict[str, str]) -> list[str]:
    kept = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8", "PYTHONCOERCECLOCALE": "0"}
    sizes = [f"{columns}x{rows}" for columns, rows in SIZES]
    done = subprocess.run(
        (sys.executable, "-c", _DRAWN, *sizes),
        env=kept | environment,
        capture_output=True,
        check=True,
        timeout=110,
    )
    return done.stdout.decode().split("\0")[:-1]


def _shadow(size: tuple[int, int], environment: dict[str, str]) -> Shadow:
    shadow = Shadow()
    shadow.columns, shadow.rows = size
    look = rendering(environment)
    if look.gentle and look.colours > 256:
        shadow.shading = Shading.of(drawn(THEMES["standard"], look))
    shadow.shading.resize(size[1])
    return shadow


@pytest.mark.parametrize("terminal", TERMINALS)
def test_textual_s_own_picture_over_it_costs_nothing(terminal: str) -> None:
    environment = TERMINALS[terminal]
    for size, picture in zip(SIZES, _as_textual_draws_it(environment), strict=True):
        seeded, fresh = _shadow(size, environment), _shadow(size, environment)
        seeded.seed(stretches(*size, environment))
        assert seeded.reduce(picture) == "", size
        fresh.reduce(picture)
        for row in range(1, size[1] + 1):
            for column in range(1, size[0] + 1):
                place = row, column
                assert seeded.get(place) == fresh.get(place), (size, place)


def test_a_difference_would_be_written_and_right_on_the_screen() -> None:
    size, environment = (80, 24), TERMINALS["linux"]
    shadow, screen = _shadow(size, environment), pyte.Screen(*size)
    terminal = pyte.Stream(screen)
    terminal.feed(written(*size, environment))
    shadow.seed(stretches(*size, environment))
    terminal.feed(shadow.reduce("\x1b[12;32H\x1b[1;97;40mOne moment, thanks\x1b[0m"))
    assert screen.display[11].strip() == "One moment, thanks"


@pytest.mark.parametrize("terminal", TERMINALS)
@pytest.mark.parametrize("size", SIZES)
def test_what_is_written_is_what_is_said_to_stand_there(
    terminal: str, size: tuple[int, int]
) -> None:
    environment = TERMINALS[terminal]
    screen = ErasingScreen(*size)
    data = written(*size, environment)
    pyte.Stream(screen).feed(_for_pyte(data))
    told = pyte.Screen(*size)
    for row, column, codes, text in stretches(*size, environment):
        pyte.Stream(told).feed(f"\x1b[?7l\x1b[{row};{column}H\x1b[0;{codes}m{text}")
    for row in range(size[1]):
        for column in range(size[0]):
            seen, wanted = screen.buffer[row][column], told.buffer[row][column]
            assert (seen.data, seen.bg) == (wanted.data, wanted.bg), (row, column)
            assert seen.data == " " or (seen.fg, seen.bold) == (wanted.fg, wanted.bold)


def _for_pyte(data: str) -> str:
    """Leave out the palette, which pyte does not know."""
    return data[data.index("\x1b[?1049h") :]


@pytest.mark.parametrize("terminal", TERMINALS)
def test_over_a_line_it_is_a_hundred_bytes(terminal: str) -> None:
    environment = TERMINALS[terminal]
    most = 110 + 160 * (environment["TERM"] == "linux")
    if not erases(environment):
        most += 80 * 24 + 12 * 24
    elif "24 bits" in terminal:
        most += 24 * 30
    assert len(written(80, 24, environment)) <= most


def test_gnu_screen_erases_in_its_own_ground() -> None:
    """Under any name: what it erases would show another ground than the picture's."""
    assert not erases({"TERM": "xterm-256color", "STY": "1234.pts-0"})
    assert not erases({"TERM": "screen-256color"})
    assert erases({"TERM": "xterm-256color"})


def test_its_colours_are_the_theme_s() -> None:
    page = THEMES["standard"].gentle["page"]
    grounds = stretches(80, 24, TERMINALS["24 bits"])
    assert grounds[0][2] == "48;2;{};{};{}".format(*rgb(page.back))
    assert grounds[23][2] == "48;2;{};{};{}".format(*rgb(page.below))


def test_what_it_turns_on_is_turned_off() -> None:
    assert LEAVE == "\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?1049l\x1b[?25h"


def test_it_needs_nothing_but_the_interpreter() -> None:
    """`typing` or `os` alone cost more than the picture does."""
    asked = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules);"
        "import kiosk_tui.isolation, kiosk_tui.start.early; print(*set(sys.modules) - before)"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        (sys.executable, "-I", "-S", "-c", asked, root), capture_output=True, text=True, check=True
    )
    loaded = {one for one in done.stdout.split() if not one.startswith("kiosk_tui")}
    assert loaded <= {"posix", "select", "termios"}
