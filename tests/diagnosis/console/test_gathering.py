"""What is found out about real terminals, and about a Linux console by a kernel's stand-in."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import pty
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation
from support.terminal import Terminal, running

from kiosk_tui.diagnosis.console.facts import Font
from kiosk_tui.diagnosis.console.gathering import gather

GLYPHS = "Aě─\ufffd"


@pytest.fixture
def pseudo() -> Iterator[int]:
    top, bottom = pty.openpty()
    yield bottom
    os.close(top)
    os.close(bottom)


def kernel(_fd: int, request: int, given: bytes) -> bytes:
    """Answer as drivers/tty/vt does: structs of linux/kd.h."""
    if request == 0x4B33:  # KDGKBTYPE: KB_101
        return b"\x02"
    if request == 0x4B64:  # KDGKBLED: caps lock and num lock
        return b"\x06"
    if request == 0x4B72:  # KDFONTOP
        operation, flags, _width, _height, room, data = struct.unpack("@5IP", given)
        assert (operation, data or 0) == (1, 0)
        assert room >= 512
        return struct.pack("@5IP", operation, flags, 8, 16, 512, 0)
    if request == 0x4B66:  # GIO_UNIMAP
        room, address = struct.unpack("@HP", given)
        pairs = b"".join(struct.pack("@HH", ord(one), n) for n, one in enumerate(GLYPHS))
        assert room >= len(GLYPHS)
        ctypes.memmove(address, pairs, len(pairs))
        return struct.pack("@HP", len(GLYPHS), address)
    raise OSError(errno.ENOTTY, "not a console's request")


def test_a_linux_console_tells_its_font_its_characters_and_num_lock(pseudo: int) -> None:
    facts = gather(pseudo, "utf-8", {"TERM": "linux"}, kernel)
    assert facts.linux_console
    assert facts.font == Font(glyphs=512, width=8, height=16)
    assert facts.mapped == frozenset(GLYPHS)
    assert facts.num_lock is True


def test_a_console_that_refuses_the_details_is_still_one(pseudo: int) -> None:
    def strict(fd: int, request: int, given: bytes) -> bytes:
        if request == 0x4B33:
            return kernel(fd, request, given)
        raise PermissionError(errno.EPERM, "not yours")

    facts = gather(pseudo, "utf-8", {"TERM": "linux"}, strict)
    assert facts.linux_console
    assert (facts.font, facts.mapped, facts.num_lock) == (None, None, None)


def _told(terminal: Terminal) -> str:
    assert terminal.ended() == 0
    return terminal.written.decode()


@pytest.mark.journey
@pytest.mark.parametrize(
    ("term", "colours", "fit", "escapes"),
    [
        ("linux", "8", 'Use the theme "standard"', True),
        ("xterm-256color", "256", 'Use the theme "standard"', True),
        ("vt100", "0", 'Use the theme "mono"', True),
        ("dumb", "0", "Use `kiosk-tui --plain`: TERM is 'dumb'.", False),
    ],
)
def test_a_real_terminal_is_told_what_fits(
    tmp_path: Path, term: str, colours: str, fit: str, escapes: bool
) -> None:
    with running("console", folder=tmp_path, term=term) as terminal:
        told = _told(terminal)
    assert f"TERM:         {term}\r\n" in told
    assert f"Colours:      {colours}\r\n" in told
    assert "not the Linux console" in told
    assert ("\x1b" in told) is escapes
    assert "cs: áčď" in told
    assert told.rstrip().replace("\r\n", " ").rpartition("  ")[2].startswith(fit)
    assert max(len(row.rstrip()) for row in terminal.screen.display) <= 80


@pytest.mark.journey
def test_a_terminal_that_terminfo_lacks_is_judged_by_its_own_word(tmp_path: Path) -> None:
    with running(
        "console", folder=tmp_path, term="brand-new", environment={"COLORTERM": "truecolor"}
    ) as terminal:
        told = _told(terminal)
    assert "terminfo does not know, COLORTERM=truecolor" in told
    assert 'Use the theme "standard"' in told


def _house(folder: Path) -> Installation:
    return Installation(folder, simulator=None, url="")  # type: ignore[arg-type]


def test_a_pipe_is_told_to_be_one_without_an_escape_sequence(tmp_path: Path) -> None:
    done = _house(tmp_path).run("console")
    assert (done.returncode, done.stderr) == (0, "")
    assert "none: standard output is a pipe or a file" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_json_names_what_cannot_be_written(tmp_path: Path) -> None:
    done = _house(tmp_path).run("console", "--json", PYTHONIOENCODING="iso-8859-15")
    told = json.loads(done.stdout)
    assert told["terminal"] is False
    assert told["missing"]["signs"] == "•"
    assert told["missing"]["lines"].startswith("─│")
    assert told["missing"]["letters de"] == ""


def test_what_cannot_be_written_is_a_question_mark_and_no_fault(tmp_path: Path) -> None:
    done = _house(tmp_path).run("console", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "does not write UTF-8" in done.stdout
