"""What a start sends over the line, from the process's first byte until customers may begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.terminal import Terminal

pytestmark = pytest.mark.journey

MOST = 2500
OPEN = {"kiosk": "Press any key to start", "lane": "Type the amount, then Enter."}
LINES = {"linux": {}, "xterm-256color": {"SSH_CONNECTION": "192.0.2.1 2 192.0.2.2 22"}}


@pytest.mark.parametrize("term", LINES)
@pytest.mark.parametrize("mode", OPEN)
def test_each_picture_is_sent_once_and_its_blanks_are_not(
    mode: str, term: str, tmp_path: Path
) -> None:
    environment = {"STATE_DIRECTORY": str(tmp_path), "HOME": str(tmp_path), **LINES[term]}
    register = Terminal("--demo", "--mode", mode, environment=environment, term=term)
    try:
        register.wait(OPEN[mode])
        register.quiet()
        assert len(register.written) <= MOST, bytes(register.written)
        for once in (b"\x1b[?1049h", b"\x1b[?1000h", b"One moment, please"):
            assert register.written.count(once) == 1
        assert b"\x1b]22;" not in register.written
        assert b"\x1b[?2026" not in register.written
    finally:
        register.close()
