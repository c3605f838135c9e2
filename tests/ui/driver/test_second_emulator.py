"""What the shadow lets through, shown by tmux: another terminal than the one that the other tests use."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.shadowed import COLUMNS, ROWS, Both, look, pictures, writes

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux here")

BARE = "\x1b[?7l\x1b[?25l"
ALL = "all of it was read"


class Tmux:
    """A server of its own; each text is shown in a window of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "tmux.conf").write_text("set -g status off\n", encoding="ascii")

    def shown(self, text: str) -> list[list[tuple[str, str, str, bool]]]:
        """Return what it shows of a text."""
        data = self._folder / "data"
        data.write_text(f"{BARE}{text}\x1b]2;{ALL}\x07", encoding="utf-8", newline="")
        size = ("-x", str(COLUMNS), "-y", str(ROWS))
        show = f"stty raw -echo; cat '{data}'; sleep 60"
        self._run("new-session", "-d", "-s", "one", *size, show)
        end = time.monotonic() + 30
        while ALL not in self._run("display-message", "-p", "-t", "one", "#{pane_title}"):
            assert time.monotonic() < end
        picture = self._run("capture-pane", "-e", "-N", "-p", "-t", "one")
        self._run("kill-session", "-t", "one")
        screen = pyte.Screen(COLUMNS, ROWS)
        screen.reset_mode(pyte.modes.DECAWM)
        pyte.Stream(screen).feed(picture.rstrip("\n").replace("\n", "\r\n"))
        return look(screen)

    def end(self) -> None:
        self._run("kill-server")

    def _run(self, *words: str) -> str:
        where = "-S", str(self._folder / "socket"), "-f", str(self._folder / "tmux.conf")
        command = ["tmux", "-u", *where, *words]
        done = subprocess.run(command, capture_output=True, check=False, timeout=30)
        return done.stdout.decode()


@pytest.fixture(scope="module")
def tmux(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tmux]:
    one = Tmux(tmp_path_factory.mktemp("tmux"))
    yield one
    one.end()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(all_writes=st.lists(writes | pictures, min_size=1, max_size=8), turns=st.booleans())
def test_it_shows_what_all_of_it_would_have_shown(
    tmux: Tmux, all_writes: list[str], *, turns: bool
) -> None:
    # tmux erases in colour, too, but what it was told to capture leaves that out at the end of a row
    both = Both(turns=turns, alone=True, erases=False)
    reduced = "".join(map(both.reduced, all_writes))
    assert tmux.shown(reduced) == look(both.all_of_it)
