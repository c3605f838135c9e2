"""What a lane that is forked from one parent costs: its CPU until it shows something, and its memory among others.

Instructions cannot be counted across processes: CPU time in interleaved pairs, login command and lane together.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.house import FIRST_PICTURE, LANE, House
from benchmarks.result import Result
from benchmarks.terminal import DEADLINE_S, ROOT, ProgramError, Terminal, running

OURSELVES = (
    ("unshare", "--user", "--map-user=1000", "--map-group=1000") if os.geteuid() == 0 else ()
)
"""Lanes are never root's."""
_ENTRY = (*OURSELVES, sys.executable, "-I", "-S", str(ROOT / "kiosk_tui" / "__main__.py"))


def lanes(house: House, folder: Path, rounds: int, most: int = 20) -> Iterator[Result]:
    """Compare forked lanes with a bare app, in CPU time until the first picture and until open; PSS among `most`."""
    with (
        tempfile.TemporaryDirectory(prefix="lanes-") as short,  # a socket's name has 107 bytes
        subprocess.Popen(  # noqa: S603 - our own command
            (*_ENTRY, "lanes", "--socket", str(place := Path(short) / "lanes.sock")),
            env={**house.environment, "MALLOC_ARENA_MAX": "1"},
        ) as parent,
    ):
        try:
            _ready(place)
            costs: list[tuple[float, float, float]] = []
            for _ in range(rounds):
                # what makes a lane nobody's root costs both the same
                bare_command = (*OURSELVES, *house.bare.command)
                with running(bare_command, house.environment) as terminal:
                    terminal.wait_for(house.bare.first_picture)
                    bare = _cpu_ms(terminal.pid)
                with _lane(house, folder / "lane0", place) as terminal:
                    terminal.wait_for(FIRST_PICTURE)
                    first = _cpu_ms(terminal.pid)
                    terminal.wait_for(LANE)
                    costs.append(
                        (
                            bare,
                            first,
                            _cpu_ms(terminal.pid) + sum(map(_cpu_ms, _children(parent.pid))),
                        )
                    )
                _until(lambda: not _children(parent.pid))
            base, first, opened = (median(one) for one in zip(*costs, strict=True))
            yield Result("forked lane: first picture", first, "ms", base)
            yield Result("forked lane: open", opened, "ms", base)
            with contextlib.ExitStack() as stack:
                for number in range(most):
                    stack.enter_context(_lane(house, folder / f"lane{number}", place)).wait_for(
                        LANE
                    )
                sizes = [_pss_mb(one) for one in _children(parent.pid)]
                if len(sizes) != most:
                    raise ProgramError("not every lane was forked")
                yield Result("forked lane among twenty", sum(sizes) / most, "MB")
            _until(
                lambda: not _children(parent.pid)
            )  # or they would write where a folder goes away
        finally:
            parent.kill()


def _ready(place: Path) -> None:
    """Wait until the parent has loaded: a lane that waited longer for it would start by itself."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(DEADLINE_S)
        _until(lambda: line.connect_ex(str(place)) == 0)
        line.shutdown(socket.SHUT_WR)  # nothing is asked for: the child ends, and the line with it
        while line.recv(64):
            pass


def _lane(house: House, state: Path, place: Path) -> contextlib.AbstractContextManager[Terminal]:
    state.mkdir(exist_ok=True)
    text = (Path(house.environment["HOME"]) / "config.toml").read_text(encoding="utf-8")
    file = state / "config.toml"
    file.write_text(text.replace("/journal.db", f"/{state.name}/journal.db"), encoding="utf-8")
    told = {**house.environment, "STATE_DIRECTORY": str(state), "KIOSK_TUI_LANES": str(place)}
    return running((*_ENTRY, "--config", str(file), "--mode", "lane"), told)


def _children(pid: int) -> Sequence[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def _cpu_ms(pid: int) -> float:
    return (
        sum(
            int(one.read_text("ascii").split()[0])
            for one in Path(f"/proc/{pid}/task").glob("*/schedstat")
        )
        / 1e6
    )


def _pss_mb(pid: int) -> float:
    found = re.search(
        r"^Pss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"), flags=re.MULTILINE
    )
    return int(found[1]) / 1024 if found else 0.0


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
