"""A terminal that takes no output is known by asking, without a byte being written."""

from __future__ import annotations

import contextlib
import os
import pty
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui.diagnosis.console.frozen import frozen_terminal, takes_output


@pytest.fixture
def line() -> Iterator[tuple[int, int]]:
    far, near = pty.openpty()
    yield far, near
    os.close(near)
    os.close(far)


def _process(folder: Path, near: int) -> Path:
    """Make what /proc tells of a process that draws on that terminal."""
    files = folder / "7" / "fd"
    files.mkdir(parents=True)
    (files / "2").symlink_to(os.ttyname(near))
    return folder


def test_a_terminal_that_was_stopped_is_known_until_it_goes_on(
    line: tuple[int, int], tmp_path: Path
) -> None:
    _, near = line
    processes = _process(tmp_path, near)
    assert takes_output(near, 0)
    assert frozen_terminal(7, processes) == ""
    termios.tcflow(near, termios.TCOOFF)
    assert not takes_output(near, 0)
    assert frozen_terminal(7, processes) == os.ttyname(near)
    termios.tcflow(near, termios.TCOON)
    assert frozen_terminal(7, processes) == ""


def test_a_terminal_that_nobody_reads_is_known(line: tuple[int, int]) -> None:
    _, near = line
    os.set_blocking(near, False)
    written = 0
    while takes_output(near, 100) and written < 10_000_000:  # the kernel makes room for a while
        with contextlib.suppress(BlockingIOError):
            written += os.write(near, b"x" * 4096)
    assert 0 < written < 10_000_000


def test_what_may_not_be_looked_at_or_is_no_terminal_is_not_frozen(tmp_path: Path) -> None:
    assert frozen_terminal(7, tmp_path) == ""
    (tmp_path / "7" / "fd").mkdir(parents=True)
    (tmp_path / "7" / "fd" / "2").symlink_to("/dev/null")
    assert frozen_terminal(7, tmp_path) == ""
