"""The programs that are compared, and what they need around them: a simulator, a configuration."""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import bare
from benchmarks.terminal import DEADLINE_S, ROOT, ProgramError

FIRST_PICTURE = "One moment, please"
OPEN = "Press any key to start"
TYPING = "How much would you like to pay?"
LANE = "Capture"

_CONFIGURATION = """\
[terminal]
url = "{url}"
number = "88091105"

[auth]
key_file = "{folder}/authkey"

[journal]
path = "{folder}/journal.db"
"""


@dataclass(frozen=True)
class Program:
    """Something to run on a terminal, and the text that tells that its first picture is there."""

    name: str
    command: tuple[str, ...]
    first_picture: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """What is told to our program."""
        return self.command[3:]


@dataclass(frozen=True)
class House:
    """The programs, and the environment that they all have."""

    bare: Program
    kiosk: Program
    demo: Program
    lane: Program
    environment: Mapping[str, str]
    url: str


@contextlib.contextmanager
def house(folder: Path) -> Iterator[House]:
    """Serve a simulator in a process of its own, as TECS is on a machine of its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "STATE_DIRECTORY": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "SSH_TTY": "/dev/pts/0",  # where a byte is dear
    }
    kiosk = (sys.executable, "-m", "kiosk_tui")
    with _simulator((*kiosk, "simulator", "--port", "0"), environment) as url:
        key = folder / "authkey"
        key.write_text("benchmark\n", encoding="ascii")
        key.chmod(0o600)
        configuration = folder / "config.toml"
        configuration.write_text(_CONFIGURATION.format(url=url, folder=folder), encoding="utf-8")
        yield House(
            bare=Program("bare", (sys.executable, "-m", "benchmarks.bare"), bare.TEXT),
            kiosk=Program("kiosk", (*kiosk, "--config", str(configuration)), FIRST_PICTURE),
            demo=Program("demo", (*kiosk, "--demo"), FIRST_PICTURE),
            lane=Program(
                "lane", (*kiosk, "--config", str(configuration), "--mode", "lane"), FIRST_PICTURE
            ),
            environment=environment,
            url=url,
        )


@contextlib.contextmanager
def _simulator(command: tuple[str, ...], environment: Mapping[str, str]) -> Iterator[str]:
    # into a pipe, Python would keep the line to itself until it has more
    at_once = {**environment, "PYTHONUNBUFFERED": "1"}
    # S603: the command is the one above
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=at_once, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            found = re.search(r"http://\S+", _first_line(process))
            if found is None:
                raise ProgramError("the simulator did not say where it serves")
            yield found[0]
        finally:
            process.kill()


def _first_line(process: subprocess.Popen[str]) -> str:
    if process.stdout is None:
        return ""
    told, _, _ = select.select([process.stdout], [], [], DEADLINE_S)
    return process.stdout.readline() if told else ""
