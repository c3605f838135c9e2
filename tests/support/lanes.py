"""The parent of lanes and their login commands, as processes of one user, in a folder of the test's."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from support.api import eventually
from support.installation import Installation
from support.terminal import PROGRAM, Terminal

ROOT = Path(__file__).parents[2]
OURSELVES = (
    ("unshare", "--user", "--map-user=1000", "--map-group=1000") if os.geteuid() == 0 else ()
)
"""Lanes are never root's: tests that root runs give it another number."""


def _can_be_another_user() -> bool:
    if not OURSELVES:
        return True
    if shutil.which(OURSELVES[0]) is None:
        return False
    tried = subprocess.run([*OURSELVES, "true"], capture_output=True, check=False)
    return tried.returncode == 0


MISSING = "" if _can_be_another_user() else "root cannot be another user here (unshare --user)"


SOCKET = "{socket}"
"""Stands for the socket's path in what opens it and starts the parent."""


class Parent:
    """A running parent: it listens at `socket`, or what it is `activated` by does for it."""

    def __init__(self, folder: Path, script: str = "", activated: tuple[str, ...] = ()) -> None:
        self.socket = folder / "lanes.sock"
        program = (sys.executable, "-c", script) if script else PROGRAM
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder)}
        environment |= {"LEFT_OVER": "1"}
        listens = () if activated else ("--socket", str(self.socket))
        by = [one.replace(SOCKET, str(self.socket)) for one in activated]
        command = [*by, *OURSELVES, *program, "lanes", *listens]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL
        )
        self._until_loaded()

    def _until_loaded(self) -> None:
        """Wait for the answer to a request that is none: it loads first, and logins wait 5 s only."""
        with socket.socket(socket.AF_UNIX) as line:
            name = str(self.socket)  # it is there a moment before anybody listens
            eventually(lambda: line.connect_ex(name) == 0, "the parent's ear")
            with contextlib.suppress(ConnectionError):
                line.shutdown(socket.SHUT_WR)
                line.recv(64)
        eventually(lambda: not self.lanes, "the end of the request")

    @property
    def lanes(self) -> list[int]:
        """The processes of its lanes."""
        return children(self.process.pid)

    def lane(self) -> int:
        """Return the process of its only lane, once there is one."""
        eventually(lambda: len(self.lanes) == 1, "one lane")
        return self.lanes[0]

    def login(self, shop: Installation, *arguments: str, **environment: str) -> Terminal:
        """Run a login command on a terminal of its own."""
        told = {**shop.environment, "KIOSK_TUI_LANES": str(self.socket), **environment}
        program = (*OURSELVES, *PROGRAM, "--config", str(shop.config), *arguments)
        return Terminal(environment=told, program=program)

    def end(self) -> None:
        """End it and its lanes, whatever they do."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)
            for one in (*self.lanes, self.process.pid):
                os.kill(one, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def parent(folder: Path, script: str = "", activated: tuple[str, ...] = ()) -> Iterator[Parent]:
    """Run a parent for the length of a test; `script` is a program that is one, too."""
    begun = Parent(folder, script, activated)
    try:
        yield begun
    finally:
        begun.end()


def lane_command(file: Path, program: Sequence[str], *, settings: Path, state: Path) -> None:
    """Write systemd/lane/lane as it would be with its paths in folders of the test's."""
    text = (ROOT / "systemd" / "lane" / "lane").read_text()
    for place, instead in (
        ("/usr/bin/kiosk-tui", shlex.join(program)),
        ("/etc/kiosk-tui", str(settings)),
        ("/var/lib/kiosk-lane", str(state)),
        ("/run/kiosk-tui-lanes/lanes.sock", str(file.with_name("lanes.sock"))),
    ):
        assert place in text
        text = text.replace(place, instead)
    file.write_text(text)
    file.chmod(0o755)


def children(pid: int) -> list[int]:
    """Return the processes that a process has begun, and that are not over."""
    with contextlib.suppress(OSError):
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [one for one in map(int, listed) if alive(one)]
    return []


def alive(pid: int) -> bool:
    """Whether a process is there, and more than a number that nobody has asked for."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
