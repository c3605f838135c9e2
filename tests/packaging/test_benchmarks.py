"""The benchmarks run. What they measure is not judged here: a busy machine would break the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
MET, MISSED = 0, 1
ZERO = {"a screen at rest", "lane at rest"}


def test_a_quick_look_measures_everything(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--json", "--folder", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {MET, MISSED}, done.stderr
    results = {one["name"]: one for one in json.loads(done.stdout)}
    told = {"first picture", "memory at rest", "a digit typed, median", "commit, log growing"}
    assert told | {"two commits, enrolled", "a payment, enrolled"} <= results.keys()
    assert all(one["kiosk"] > 0 for name, one in results.items() if name not in ZERO)
    assert not list(tmp_path.iterdir())
