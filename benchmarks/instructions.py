"""What a start costs in instructions: a count that repeats to a fiftieth of a percent on any machine.

Valgrind counts them, until the write that holds a text. A program is started as it is installed, but
for a few lines before it that watch what it writes and end it there.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks import bare
from benchmarks.house import FIRST_PICTURE, OPEN, House
from benchmarks.result import Result
from benchmarks.terminal import ProgramError, running

_INSTALLED: Final = Path(sys.executable).with_name("kiosk-tui")
"""A shell's line that starts Python on this very file."""

_UNIT: Final = "M"
"""Millions."""

_UNTIL_WRITTEN: Final = """
import posix, sys
text, write, told = {text!r}, posix.write, bytearray()
def watched(fd, data):
    written = write(fd, data)
    if fd == 2:
        told.extend(data[:written])
        if text.encode() in told:
            posix._exit(0)
        del told[:-100]
    return written
posix.write = watched
if "os" in sys.modules:
    sys.modules["os"].write = watched
class Stream:
    def __init__(self, stream):
        self.stream = stream
    def __getattr__(self, name):
        return getattr(self.stream, name)
    def write(self, data):
        written = self.stream.write(data)
        if text in data:
            self.stream.flush()
            posix._exit(0)
        return written
sys.stderr = sys.__stderr__ = Stream(sys.__stderr__)
"""
"""Ends the process in the write that holds the text, to a file or to the stream that Textual draws on."""

_UNTIL_DRAWN: Final = """
import os, sys
from importlib.machinery import PathFinder
class Driver:
    def find_spec(self, name, path=None, target=None):
        if name != "kiosk_tui.ui.driver.driver":
            return None
        found = PathFinder.find_spec(name, path)
        load = found.loader.exec_module
        def loaded(module):
            load(module)
            write = module.LeanDriver.write
            def watched(self, data):
                write(self, data)
                if {text!r} in data:
                    os._exit(0)
            module.LeanDriver.write = watched
        found.loader.exec_module = loaded
        return found
sys.meta_path.insert(0, Driver())
"""
"""Ends the process when Textual has drawn the text: of what stands there already, nothing is written."""

_RUN: Final = """
import sys
sys.argv[:] = {arguments!r}
with open(sys.argv[0], encoding="utf-8") as file:
    exec(compile(file.read(), sys.argv[0], "exec"), {{"__name__": "__main__", "__file__": sys.argv[0]}})
"""

_BARE: Final = """
from benchmarks.bare import Bare
Bare().run()
"""

_POST: Final = """
import httpx
httpx.post({url!r}, json={{"amount": "1255"}}, timeout=5.0)
"""


def starts(house: House, *, quick: bool = False) -> Iterator[Result]:
    """Count until the first bytes, Textual's first picture, and the open register; and a whole `sale`.

    `quick`: the first of them.
    """
    count = Count(house.environment)
    run = _RUN.format(arguments=(str(_INSTALLED), *house.kiosk.arguments))
    base = count.of(_UNTIL_WRITTEN.format(text=bare.TEXT) + _BARE)
    for name, until in (
        ("splash", _UNTIL_WRITTEN.format(text=FIRST_PICTURE)),
        ("first picture", _UNTIL_DRAWN.format(text=FIRST_PICTURE)),
        ("open for customers, cold", _UNTIL_WRITTEN.format(text=OPEN)),
    ):
        yield Result(name, count.of(until + run, *_options()), _UNIT, base)
        if quick:
            return
    sale = (str(_INSTALLED), "sale", "--amount", "12.55", *house.kiosk.arguments)
    yield Result(
        "sale, the whole process",
        count.of(_RUN.format(arguments=sale), *_options()),
        _UNIT,
        count.of(_POST.format(url=house.url)),
    )


def _options() -> list[str]:
    """Return the options that the installed command gives to Python."""
    found = re.search(r'/python" ((?:-\w+ )*)"\$me"', _INSTALLED.read_text(encoding="utf-8"))
    if found is None:
        raise ProgramError(f"{_INSTALLED} starts Python in a way that is not known here")
    return found[1].split()


class Count:
    """Counts on a terminal. Raises `ProgramError`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        # Debian's wrapper of that name sets LD_LIBRARY_PATH, which our program leaves behind by beginning anew
        valgrind = shutil.which("valgrind.bin") or shutil.which("valgrind")
        if valgrind is None:
            raise ProgramError("instructions are counted by valgrind: apt install valgrind")
        self._valgrind = (valgrind, "--tool=cachegrind", "--cache-sim=no")
        self._environment = {**environment, "PYTHONHASHSEED": "0"}

    def of(self, code: str, *options: str) -> float:
        """Return the millions of instructions of a Python that runs this until it ends."""
        with tempfile.TemporaryDirectory(prefix="kiosk-tui-") as folder:
            log = Path(folder, "log")
            told = (f"--log-file={log}", "--cachegrind-out-file=/dev/null")
            command = (*self._valgrind, *told, sys.executable, *options, "-c", code)
            with running(command, self._environment) as terminal:
                terminal.wait_for_end()
            text = log.read_text(encoding="utf-8", errors="replace")
        found = re.search(r"I\s+refs:\s+([\d,]+)", text)
        if found is None:
            raise ProgramError(f"valgrind did not count: {text[-300:]!r}")
        return int(found[1].replace(",", "")) / 1e6
