"""A line of figures for each release, kept in the repository: what got dearer is seen the day it does."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.result import Result

FILE: Final = Path(__file__).with_name("history.csv")

_RELEASE: Final = "release"
_BEYOND: Final = 1.02


def lines(file: Path = FILE) -> list[dict[str, str]]:
    """Return the releases' lines, oldest first."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def keep(release: str, results: Sequence[Result], file: Path = FILE) -> None:
    """Write a release's line, in the place of one of the same name; rows that were not measured stay."""
    before = lines(file)
    line = next((one for one in before if one[_RELEASE] == release), None)
    if line is None:
        line = {_RELEASE: release}
        before.append(line)
    line |= {one.name: f"{one.judged:.4g}" for one in results}
    names = list(dict.fromkeys(name for one in before for name in one))
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(before)


def dearer(results: Sequence[Result], file: Path = FILE) -> list[str]:
    """Return a sentence for each row that costs more than in the last release, by more than 2 %."""
    last = (lines(file) or [{}])[-1]
    told = []
    for one in results:
        before = last.get(one.name)
        if before and one.judged > float(before) * _BEYOND:
            told.append(f"{one.name}: {one.judged:.4g}, in {last[_RELEASE]} it was {before}")
    return told
