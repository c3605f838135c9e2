"""`office demo`, as a person meets it: started, logged in to in a real browser, looked at, ended."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from support.browser import browser
from support.office_demo import PROGRAM, Demo, demo, folder_for_a_demo, log_in, shown

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

KIOSKS = 16
"""So many that each fate is met."""


def test_a_fleet_can_be_looked_at_within_minutes(tmp_path: Path) -> None:
    assert shutil.which("chromedriver"), "apt install chromium-driver"
    with (
        folder_for_a_demo() as folder,
        demo(folder, KIOSKS) as at,
        browser(tmp_path / "profile") as one,
    ):
        log_in(one, at)
        assert "€" in shown(one, f"{at.url}/due", "kiosk-7")
        shown(one, f"{at.url}/silent", "kiosk-4")
        assert "kiosk-12" in shown(one, f"{at.url}/closed", "cannot reach TECS")
        stray = shown(one, f"{at.url}/disagreements", r"42\.00")
        assert "88091120" in stray
        assert "€" in shown(one, f"{at.url}/totals", "Market garage")
        one.open(at.url)
        one.picture(tmp_path / "office.png", 1280, 940)
        assert _colours(tmp_path / "office.png") > 20, "the page is empty"
        closed_by_two_people(at)
        shown(one, f"{at.url}/closed", "(?s)kiosk-1.*(head office|office)")


def closed_by_two_people(at: Demo) -> None:
    """Close a kiosk as the command line does, with two people's passwords."""
    ask = ("ask", "close", "kiosk-1", "--body", json.dumps({"sentence": "Back at noon"}))
    assert "waits" in _commands(at, *ask, "--as-user", at.name)
    assert "approved" in _commands(at, "approve", "1", "--as-user", "second")


def _commands(at: Demo, *arguments: str) -> str:
    command = [str(PROGRAM), "office", "commands", *arguments]
    command += ["--office-config", str(at.settings)]
    done = subprocess.run(
        command, input=f"{at.password}\n", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _colours(file: Path) -> int:
    with Image.open(file) as picture:
        return len(picture.convert("RGB").getcolors(maxcolors=1 << 24) or ())
