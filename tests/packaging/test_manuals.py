"""The manual pages as man reads them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support import manuals

from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.handbook import GROUPS

PAGES = sorted(manuals.FOLDER.iterdir())


@pytest.mark.skipif(shutil.which("man") is None, reason="no man here")
@pytest.mark.parametrize("page", PAGES, ids=lambda one: str(one.stem))
def test_man_reads_a_page_without_a_warning(page: Path) -> None:
    command = ["man", "--warnings", "-E", "UTF-8", "-l", str(page)]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "78"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert page.stem.upper() in done.stdout
    assert "EXAMPLES" in done.stdout or "COMMANDS" in done.stdout


def test_every_command_has_a_page_and_the_exit_codes_stand_on_one() -> None:
    names = {f"kiosk-tui-{name}.1" for group in GROUPS.values() for name in group}
    assert {one.name for one in PAGES} == names | {"kiosk-tui.1", *_OTHERS}
    told = {one.name: one.read_text("utf-8") for one in PAGES}
    assert [name for name, text in told.items() if ".SH EXIT STATUS" in text] == ["kiosk-tui.1"]
    for code in Exit:
        assert re.search(rf"^\.B {code.value}$", told["kiosk-tui.1"], re.MULTILINE)


_OTHERS = {"kiosk-tui-help.1", "kiosk-tui-version.1"}
