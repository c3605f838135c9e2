"""A screen that is shown for the first time looks as it does ever after, on each Python that there is.

From 3.12 on asyncio's tasks may begin at once, and Textual lets its widgets look for their styles so early
that a screen's own sheets were not read yet. `scripts/elsewhere` runs this on another Python.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from support.terminal import Terminal, running

pytestmark = pytest.mark.journey


def _row(terminal: Terminal, words: str) -> str:
    found = [row for row in terminal.screen.display if words in row]
    assert found, terminal.text
    return found[0]


def _is_centred(row: str) -> bool:
    left, right = len(row) - len(row.lstrip()), len(row) - len(row.rstrip())
    return abs(left - right) <= 1


def test_a_kiosk_s_first_screens_have_their_own_look(tmp_path: Path) -> None:
    with running("--demo", folder=tmp_path) as kiosk:
        kiosk.wait("Pay by card", "Press any key to start")
        kiosk.quiet()
        assert _is_centred(_row(kiosk, "Press any key to start")), kiosk.text
        kiosk.hears("1")
        kiosk.wait("How much would you like to pay?")
        kiosk.hears("255")
        kiosk.wait("2.55")
        kiosk.hears("\r")
        kiosk.wait("Would you like to add a tip?", "No tip")
        kiosk.quiet()
        row = _row(kiosk, "type a tip")
        assert "No tip" in row, kiosk.text  # side by side


def test_a_lane_s_panel_and_keys_are_there(tmp_path: Path) -> None:
    with running("--demo", "--mode", "lane", folder=tmp_path) as lane:
        lane.wait("┌─ Sale ─", "F1  Sale", "F7  Capture")
