"""The benchmarks run. What they measure is not judged here: a busy machine would break the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import history
from benchmarks.result import Result

ROOT = Path(__file__).parents[2]
MET, MISSED = 0, 1
ZERO = {"a screen at rest", "a bare screen at rest", "lane at rest"}


@pytest.mark.journey
@pytest.mark.timeout(
    600
)  # every room of the benchmarks, one after the other: beside other tests it takes minutes
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
    told = {"splash", "memory at rest", "a digit, median", "commit, log growing"}
    assert told | {"two commits, enrolled", "a payment, enrolled"} <= results.keys()
    assert all(one["value"] > 0 for name, one in results.items() if name not in ZERO)
    assert not list(tmp_path.iterdir())


def test_a_release_keeps_its_line_and_what_got_dearer_is_told(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    history.keep(
        "1.0", [Result("splash", 8, "M", 100), Result("a digit, median", 56, "bytes")], file
    )
    history.keep("1.1", [Result("splash", 9, "M", 100)], file)
    history.keep("1.1", [Result("sale, the whole process", 150, "M", 100)], file)

    assert [list(one.values()) for one in history.lines(file)] == [
        ["1.0", "0.08", "56", ""],
        ["1.1", "0.09", "", "1.5"],
    ]
    assert history.dearer([Result("splash", 9.1, "M", 100)], file) == []
    assert history.dearer([Result("splash", 9.5, "M", 100)], file) == [
        "splash: 0.095, in 1.1 it was 0.09"
    ]


def test_only_a_figure_above_its_bar_misses_it() -> None:
    assert Result("splash", 10, "M", 100).met
    assert not Result("splash", 10.1, "M", 100).met
    assert Result("a figure that nothing is asked of", 1e9, "M").met
