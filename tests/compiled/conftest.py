"""The file that an installation would write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def write(file: Path) -> Path:
    """Write it in a process of its own, as an installation does."""
    command = [sys.executable, "-m", "kiosk_tui.compiled", str(file)]
    subprocess.run(command, check=True, env={"PYTHONHASHSEED": "0"})
    return file


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that an installation would write."""
    return write(tmp_path_factory.mktemp("compiled") / "compiled")
