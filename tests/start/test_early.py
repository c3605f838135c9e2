"""The real program's first moments on a real terminal: a picture at once, and the terminal given back."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import shlex
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from support.api import eventually
from support.terminal import PROGRAM, Terminal

from kiosk_tui.start.picture import ENTER, LEAVE, TEXT, written

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
STARTERS = {
    "python -m": PROGRAM,
    "the command": (str(Path(sys.executable).with_name("kiosk-tui")),),
    "the file": (sys.executable, "-I", "-S", str(ROOT / "kiosk_tui" / "__main__.py")),
}
# Stops where it says, as a slow machine does for a while, or a broken one for ever.
_STOPPED = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            {what}
sys.meta_path.insert(0, Finder())
from kiosk_tui.__main__ import main
sys.exit(main())
"""
TEXTUAL = "kiosk_tui.ui.app"


def stopping(module: str, what: str) -> tuple[str, ...]:
    return (sys.executable, "-c", _STOPPED.format(module=module, what=what))


def shell(
    folder: Path, program: tuple[str, ...], *arguments: str, term: str = "linux", **more: str
) -> Terminal:
    """Start it from a shell that says with which code it ended."""
    command = f"{shlex.join((*program, *arguments))}; echo ended with $?"
    environment = {"STATE_DIRECTORY": str(folder), "HOME": str(folder), **more}
    return Terminal(environment=environment, program=("sh", "-c", command), term=term)


def modes(terminal: Terminal) -> tuple[int, ...]:
    flags = termios.tcgetattr(terminal._fd)
    return flags[0], flags[1], flags[3]


@pytest.mark.parametrize("starter", STARTERS)
def test_every_way_to_start_it_begins_with_the_picture(starter: str, tmp_path: Path) -> None:
    environment = {"STATE_DIRECTORY": str(tmp_path), "HOME": str(tmp_path)}
    kiosk = Terminal("--demo", environment=environment, program=STARTERS[starter])
    try:
        kiosk.wait("Press any key to start")
        told = {"TERM": "linux", "LANG": "C.UTF-8"}
        assert kiosk.written.startswith(written(80, 24, told).encode())
        assert kiosk.written.count(TEXT.encode()) == 1  # Textual's own picture over it is nothing
        assert kiosk.written.count(ENTER.encode()) == 1
    finally:
        kiosk.close()


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        (("--demo", "--plain"), {}),
        (("--demo",), {"TERM": "dumb"}),
        (("--demo", "--mode", "till"), {}),
        (("totals", "--demo"), {}),
        (("--help",), {}),
    ],
    ids=str,
)
def test_nothing_else_has_a_picture(
    arguments: tuple[str, ...], more: dict[str, str], tmp_path: Path
) -> None:
    terminal = shell(tmp_path, PROGRAM, *arguments, **more)
    try:
        terminal.until(lambda: len(terminal.written) > 20, "a word")
        assert b"\x1b[?1049h" not in terminal.written
    finally:
        terminal.close()


@pytest.mark.parametrize("term", ["linux", "xterm-256color"])
@pytest.mark.parametrize(
    ("program", "code", "word"),
    [
        (stopping(TEXTUAL, "raise ImportError('gone')"), 70, "A fault of ours"),
        (stopping("kiosk_tui.cli.main", "raise ImportError('gone')"), 70, "could not be started"),
        (stopping(TEXTUAL, "raise KeyboardInterrupt"), 130, "Interrupted"),
        (stopping("kiosk_tui.ui.front", "raise MemoryError"), 70, "A fault of ours"),
        ((*PROGRAM, "--config", "/nowhere/at/all.toml"), 78, "all.toml"),
    ],
    ids=("Textual", "the command line", "Ctrl-C", "the second stage", "configuration"),
)
def test_a_start_that_fails_gives_the_terminal_back(
    program: tuple[str, ...], code: int, word: str, term: str, tmp_path: Path
) -> None:
    terminal = shell(tmp_path, program, term=term)
    before = modes(terminal)
    try:
        terminal.until(lambda: b"ended with" in terminal.written, "the end")
        assert f"ended with {code}".encode() in terminal.written
        left = terminal.written.rindex(LEAVE.encode())
        assert word.encode() in terminal.written[left:]
        assert b"?1049h" not in terminal.written[left:]
        assert b"Traceback" not in terminal.written[:left]
        assert (b"\x1b]R" in terminal.written) == (term == "linux")
        assert modes(terminal) == before
    finally:
        terminal.close()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, 137)])
@pytest.mark.parametrize("module", ["kiosk_tui.cli.main", "kiosk_tui.cli.run"])
def test_a_start_that_is_ended_or_killed_leaves_the_terminal_right(
    number: signal.Signals, code: int, module: str, tmp_path: Path
) -> None:
    program = stopping(module, f"import os, time; os.kill(os.getpid(), {number:d}); time.sleep(9)")
    terminal = shell(tmp_path, program, "--demo")
    before = modes(terminal)
    try:
        terminal.until(lambda: b"\x1b[?1049l" in terminal.written, "the end")
        terminal.until(lambda: f"ended with {code}".encode() in terminal.written, "its code")
        eventually(lambda: modes(terminal)[2] & termios.ECHO != 0, "an echo")
        if number is signal.SIGTERM:
            assert modes(terminal) == before
    finally:
        terminal.close()


def test_a_terminal_that_takes_nothing_holds_no_start_up(tmp_path: Path) -> None:
    """Its reader has gone to sleep, and its line is full: the picture is for later."""
    ours, theirs = pty.openpty()
    os.set_blocking(theirs, False)
    while select.select([], [theirs], [], 0.3)[1]:
        with contextlib.suppress(BlockingIOError):
            os.write(theirs, b"x" * 4096)
    os.set_blocking(theirs, True)
    asked = "from kiosk_tui.start import early; import sys; sys.exit(40 + early.begin(['--demo']))"
    done = subprocess.run(
        (sys.executable, "-c", asked),
        env={"TERM": "linux", "PATH": os.environ["PATH"]},
        cwd=ROOT,
        stdin=theirs,
        stderr=theirs,
        timeout=30,
        check=False,
    )
    assert done.returncode == 40
    assert termios.tcgetattr(theirs)[3] & termios.ECHO
    os.close(ours)
    os.close(theirs)


def test_a_terminal_that_does_not_tell_its_size_has_the_usual_one(tmp_path: Path) -> None:
    environment = {"STATE_DIRECTORY": str(tmp_path), "HOME": str(tmp_path)}
    kiosk = Terminal("--demo", environment=environment, columns=0, rows=0)
    kiosk.screen.resize(24, 80)
    try:
        kiosk.wait("Press any key to start")
        told = {"TERM": "linux", "LANG": "C.UTF-8"}
        assert kiosk.written.startswith(written(80, 24, told).encode())
    finally:
        kiosk.close()
