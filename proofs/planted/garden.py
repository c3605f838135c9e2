"""A copy of the program and its tests, in which a fault can be planted without harm."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from proofs.planted.faults import Fault

_CHECKOUT: Final = Path(__file__).parents[2]
_COPIED: Final = ("kiosk_tui", "tests", "proofs", "styles", "pyproject.toml", "README.md", "docs")
_FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_LONGEST_S: Final = 240


class Garden:
    """The copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "checkout"
        for name in _COPIED:
            source, target = _CHECKOUT / name, self._folder / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                self._folder.mkdir(exist_ok=True)
                shutil.copy(source, target)

    @contextlib.contextmanager
    def planted(self, fault: Fault) -> Iterator[None]:
        """Have a fault in the program for the length of a block."""
        file = self._folder / "kiosk_tui" / fault.file
        right = file.read_text("utf-8")
        file.write_text(fault.plant(right), "utf-8")
        try:
            yield
        finally:
            file.write_text(right, "utf-8")

    def failures(self, *tests: str) -> list[str]:
        """Return the tests that fail, the first few; how pytest ended where none could run."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--maxfail=3",
            "--timeout=60",
            "-p",
            "no:cacheprovider",
            *tests,
        ]
        try:
            done = subprocess.run(
                command,
                cwd=self._folder,
                env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                timeout=_LONGEST_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [f"the tests do not end ({_LONGEST_S} s)"]
        found = _FAILED.findall(done.stdout)
        if done.returncode and not found:
            raise RuntimeError(f"pytest ended with {done.returncode}: {done.stdout[-2000:]}")
        return found
