"""What a lane has of its parent, of its login command, and of its siblings."""

from __future__ import annotations

import fcntl
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.api import eventually
from support.installation import Installation, installed
from support.lanes import MISSING, OURSELVES, ROOT, Parent, parent
from support.terminal import PROGRAM, Terminal

from kiosk_tui.lanes.child import Lane, NoLaneError

pytestmark = [pytest.mark.journey, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

_REPORT = f"""
import json, os, random, resource, signal, sys
sys.path.insert(0, {str(ROOT)!r})

TAKEN = {{signal.SIGTERM}}  # gives the terminal back, until a screen has it

def report(arguments):
    from kiosk_tui.start import early
    streams = [sys.stdin, sys.stdout, sys.stderr]
    print("<<" + json.dumps({{
        "arguments": list(arguments),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "umask": os.umask(0o77),
        "limits": [resource.getrlimit(one) for one in range(16)],
        "signals": [str(signal.getsignal(one)) for one in sorted(signal.valid_signals() - TAKEN)],
        "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        "oom": open("/proc/self/oom_score_adj").read(),
        "tasks": len(os.listdir("/proc/self/task")),
        "streams": [(one.encoding, one.errors, one.isatty()) for one in streams],
        "terminal": os.ttyname(0),
        "leads": os.getsid(0) == os.getpgid(0) == os.getpid(),
        "began": bool(early.taken()),
        "files": sorted(map(int, os.listdir("/proc/self/fd"))),
        "random": random.random(),
    }}) + ">>")
    return 7
"""
_COLD = f"{_REPORT}\nsys.exit(report(sys.argv[1:]))"
_PARENT = f"""{_REPORT}
os.chdir("/")
os.umask(0)
resource.setrlimit(resource.RLIMIT_NOFILE, (200, 4000))
signal.signal(signal.SIGUSR2, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
random.seed(1)
import kiosk_tui.cli.lanes
kiosk_tui.cli.lanes.main = report
from kiosk_tui.__main__ import main
sys.exit(main())
"""
_LOGIN = ("sh", "-c", 'umask 0077; ulimit -c 0; ulimit -n 300; cd /usr; exec "$@"', "login")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure(kiosk='mode = "lane"')
        yield built


def report(terminal: Terminal, code: int = 7) -> dict[str, Any]:
    """Return what a program says of itself on its terminal."""
    try:
        assert terminal.ended() == code, terminal.text
        told = bytes(terminal.written).partition(b"<<")[2].partition(b">>")[0]
        found: dict[str, Any] = json.loads(told)
        return found
    finally:
        terminal.close()


def of_a_lane(begun: Parent, shop: Installation) -> dict[str, Any]:
    door = (sys.executable, "-I", str(ROOT / "kiosk_tui" / "__main__.py"))
    told = {**shop.environment, "KIOSK_TUI_LANES": str(begun.socket), "ODD": "a\nb=c"}
    command = (*OURSELVES, *_LOGIN, *door, "run", "--mode", "lane")
    return report(Terminal(environment=told, program=command))


def of_itself(shop: Installation) -> dict[str, Any]:
    command = (*OURSELVES, *_LOGIN, sys.executable, "-I", "-c", _COLD, "run", "--mode", "lane")
    return report(Terminal(environment={**shop.environment, "ODD": "a\nb=c"}, program=command))


def test_a_lane_is_what_its_login_command_would_have_been(
    shop: Installation, tmp_path: Path
) -> None:
    with parent(tmp_path, _PARENT) as begun:
        first, second = of_a_lane(begun, shop), of_a_lane(begun, shop)
        eventually(lambda: not begun.lanes, "the end of both")
    cold = of_itself(shop)
    assert first.pop("random") != second.pop("random")
    assert first.pop("terminal")
    assert first.pop("leads")
    assert first.pop("began")  # the first picture, by its login command
    # its streams, its login command's line, and the folder that is listed
    assert len(first.pop("files")) == 5
    for one in ("random", "terminal", "leads", "files", "began"):
        cold.pop(one)
    assert first == cold
    assert (first["umask"], first["tasks"], first["folder"]) == (0o77, 1, "/usr")
    assert first["limits"][7] == [300, 300]


def test_lanes_share_no_file_with_one_another_and_one_line_with_their_parent(
    shop: Installation, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with parent(tmp_path) as begun, installed(other) as second:
        second.configure(kiosk='mode = "lane"')
        terminals = [begun.login(one) for one in (shop, second)]
        try:
            for one in terminals:
                one.wait("Type the amount, then Enter.")
            mine, another = (files(one) for one in begun.lanes)
            of_parent = files(begun.process.pid)
        finally:
            for one in terminals:
                one.close()
    assert not mine & another
    assert [len(one & of_parent) for one in (mine, another)] == [1, 1]


def files(pid: int) -> set[str]:
    """Return what a process has open; what everybody may open by its name is nobody's."""
    links = [one.readlink() for one in Path(f"/proc/{pid}/fd").iterdir()]
    return {str(one) for one in links if not one.is_relative_to("/dev")} - {
        "anon_inode:[eventpoll]"
    }


def test_a_parent_with_threads_forks_nobody(shop: Installation, tmp_path: Path) -> None:
    threads = f"""
import sys, threading
sys.path.insert(0, {str(ROOT)!r})
from kiosk_tui.lanes import preload
preload.load = threading.Thread(target=threading.Event().wait, daemon=True).start
from kiosk_tui.__main__ import main
sys.exit(main())
"""
    with parent(tmp_path, threads) as begun:
        terminal = begun.login(shop)
        try:
            terminal.wait("Type the amount, then Enter.")  # by itself
            assert begun.process.wait(10) == 70
        finally:
            terminal.close()


@pytest.mark.skipif("os.geteuid() != 0", reason="needs root")
def test_root_is_nobody_s_parent(tmp_path: Path) -> None:
    command = [*PROGRAM, "lanes", "--socket", str(tmp_path / "lanes.sock")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 69
    assert "never root" in done.stderr


def test_a_login_command_loads_next_to_nothing_before_it_asks() -> None:
    asked = "import sys; before = set(sys.modules); import kiosk_tui.lanes.handover; "
    asked += "print(*sorted(set(sys.modules) - before))"
    command = [sys.executable, "-S", "-c", asked]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(told.stdout.split()) == {
        *("_socket", "select", "termios", "kiosk_tui"),
        *("kiosk_tui.lanes", "kiosk_tui.lanes.handover", "kiosk_tui.start"),
        *("kiosk_tui.start.abilities", "kiosk_tui.start.arguments", "kiosk_tui.start.early"),
        "kiosk_tui.start.picture",
    }


def test_a_login_command_that_goes_after_its_last_word_gets_no_lane() -> None:
    mine, its = socket.socketpair()
    with mine:
        its.close()
        with pytest.raises(NoLaneError):
            Lane(mine, ())
        fcntl.fcntl(mine, fcntl.F_SETOWN, 0)
