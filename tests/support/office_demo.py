"""The demo of head office as a process, and its pages in a real browser.

`python -m support.office_demo docs/pictures` photographs them for the documents.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from support.browser import Browser, browser

PROGRAM: Final = Path(sys.executable).with_name("kiosk-tui")
PAGES: Final = {
    "office": "/",
    "office-disagreements": "/disagreements",
    "office-kiosk": "/kiosks/kiosk-7",
}
"""What the documents show, by the picture's name."""
WIDTH, HEIGHT = 1280, 940
_PATIENCE_S: Final = 150.0


@dataclass(frozen=True, slots=True)
class Demo:
    """One that runs, with what it printed as its account."""

    url: str
    name: str
    password: str
    settings: Path


@contextlib.contextmanager
def demo(folder: Path, kiosks: int = 20) -> Iterator[Demo]:
    """Run a demo until the block ends; it ends as a person ends it."""
    address = f"127.0.0.1:{_three_free_ports()}"
    command = [str(PROGRAM), "office", "demo", "--folder", str(folder), "--address", address]
    running = subprocess.Popen(
        [*command, "--kiosks", str(kiosks)], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    try:
        for line in running.stdout:
            found = re.search(r"(http://\S+) +\(name (\S+), password ([^;]+);", line)
            if found:
                yield Demo(found[1], found[2], found[3], folder / "office.toml")
                break
        else:
            raise AssertionError("the demo ended before it was there")
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate()
    assert running.returncode == 0


@contextlib.contextmanager
def folder_for_a_demo() -> Iterator[Path]:
    """Return a folder that PostgreSQL's user may pass to, and whose name is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="office-", dir="/tmp") as name:
        os.chmod(name, 0o755)  # noqa: PTH101, S103
        yield Path(name) / "demo"


def log_in(one: Browser, at: Demo) -> None:
    """Log in as a person does."""
    one.open(at.url)
    one.type("[name=name]", at.name)
    one.type("[name=password]", at.password)
    one.click("button")


def shown(one: Browser, url: str, words: str) -> str:
    """Look at a page again and again until it shows these words; return what it shows."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        one.open(url)
        text = one.text("main")
        if re.search(words, text):
            return text
        assert time.monotonic() < deadline, f"{url} does not show {words!r}:\n{text}"
        time.sleep(1)


def _three_free_ports() -> int:
    """Return a port that is free with the two after it: pages, kiosks, pushes."""
    while True:
        with contextlib.ExitStack() as held:
            first = held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
            with contextlib.suppress(OSError):
                for port in (first + 1, first + 2):
                    held.enter_context(socket.create_server(("127.0.0.1", port)))
                return int(first)


def main(folder: Path) -> None:
    """Photograph the pages once they have something to show."""
    with (
        folder_for_a_demo() as place,
        demo(place) as at,
        tempfile.TemporaryDirectory() as profile,
        browser(Path(profile)) as one,
    ):
        log_in(one, at)
        shown(one, f"{at.url}/disagreements", r"42\.00")
        shown(one, f"{at.url}/silent", "kiosk-4")
        for name, path in PAGES.items():
            one.open(at.url + path)
            one.picture(folder / f"{name}.png", WIDTH, HEIGHT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
