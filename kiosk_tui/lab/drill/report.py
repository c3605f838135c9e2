"""What is told of a drill: a table for a console of 80 columns, and the same for programs."""

from __future__ import annotations

import os
import platform
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import kiosk_tui
from kiosk_tui.journal.reader import ENGINE
from kiosk_tui.lab.drill.drill import CaseResult, at_once
from kiosk_tui.text.wording.states import in_words

COLUMNS: Final = 79
"""A line of 80 would make some consoles leave an empty one."""

_INDENT: Final = "    "
_LIBRARIES: Final = ("httpx", "uvicorn", "starlette", "textual")
_RULE: Final = "─" * COLUMNS


def facts(folder: Path, now: datetime) -> dict[str, str]:
    """Return what a reader of the report must know of the machine; nothing secret."""
    return {
        "time": now.isoformat(timespec="seconds"),
        "kiosk-tui": f"{kiosk_tui.__version__} in {Path(kiosk_tui.__file__).parent}",
        "python": f"{platform.python_version()}, {sys.executable}",
        "system": platform.platform(),
        "processors": f"{os.cpu_count()}, {at_once()} cases at once",
        "journal": f"{ENGINE} on {file_system(folder)}",
        "libraries": ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES),
        "scratch": str(folder),
    }


def file_system(folder: Path) -> str:
    """Return the kind of file system that a folder lies on, such as `ext4`."""
    device = os.stat(folder).st_dev  # noqa: PTH116 - the device number, nothing else
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return "an unknown file system"
    kinds = [line.partition(" - ")[2].split()[0] for line in mounts if line.split()[2] == wanted]
    return kinds[-1] if kinds else "an unknown file system"


def heading(known: dict[str, str], cases: int) -> Iterator[str]:
    """Yield what stands above the table."""
    yield from _wrapped(
        f"kiosk-tui drill: {cases} payments on this machine, each with a fault. The register is the"
        " real program, TECS a simulator on loopback. No money moves, and the real journal is not"
        " touched."
    )
    yield ""
    for name, value in known.items():
        yield from _wrapped(f"{name:<12}{value}", after=" " * 12)
    yield ""
    yield from _wrapped(
        "A number after `sale` or `recover` is its exit code: 0 done, 1 declined, 69 not sent,"
        " 75 not completed and being cancelled."
    )
    yield ""
    yield f"{'':>3} {'step':<36} {'fault':<27} result"
    yield _RULE


def lines(row: CaseResult) -> Iterator[str]:
    """Yield a row of the table."""
    mark = "FAILED" if not row.passed else "caught" if row.control else "ok"
    yield f"{row.number:>3} {row.step:<36} {row.fault:<27} {mark}"
    yield from _wrapped(in_words(f"{told(row.happened)}: {row.money}"), _INDENT)
    if row.passed and row.control:
        yield from _wrapped(f"Caught, as it must be: {in_words(' '.join(row.found))}", _INDENT)
    if not row.passed:
        reasons = (*row.found, *row.trouble)
        if row.control and not row.found:
            reasons = (
                *reasons,
                "The judge found nothing: a drill that cannot fail proves nothing.",
            )
        for reason in reasons:
            yield from _wrapped(in_words(reason), _INDENT)
        yield from _wrapped(f"The evidence is in {row.evidence}", _INDENT)


def verdict(rows: Sequence[CaseResult], seconds: float) -> Iterator[str]:
    """Yield what stands below the table."""
    failed = [row for row in rows if not row.passed]
    yield _RULE
    if failed:
        yield from _wrapped(
            f"FAILED: {len(failed)} of {len(rows)} in {seconds:.0f} s. Take no payments with this"
            " register before it is known why, and keep the report and the evidence."
        )
        return
    caught = sum(row.control for row in rows)
    yield from _wrapped(
        f"PASSED: {len(rows)} of {len(rows)} in {seconds:.0f} s. Nobody was charged without a"
        " record, and nothing stayed charged that was not completed, but for what a person is told"
        f" to settle (a task). {caught} of these were registers broken on purpose, and were"
        " caught."
    )


def text(known: dict[str, str], rows: Sequence[CaseResult], seconds: float) -> str:
    """Return the whole report for people."""
    told_rows = (line for row in rows for line in lines(row))
    return "\n".join([*heading(known, len(rows)), *told_rows, *verdict(rows, seconds), ""])


def described(row: CaseResult) -> dict[str, Any]:
    """Return a row for programs. Names are added, never changed."""
    return {
        "number": row.number,
        "step": row.step,
        "fault": row.fault,
        "happened": row.happened,
        "money": row.money,
        "passed": row.passed,
        "control": row.control,
        "found": row.found,
        "trouble": row.trouble,
        "seconds": row.seconds,
        "evidence": None if row.evidence is None else str(row.evidence),
    }


def summary(known: dict[str, str], rows: Sequence[CaseResult], seconds: float) -> dict[str, Any]:
    """Return the verdict for programs."""
    failed = sum(not row.passed for row in rows)
    return {
        "verdict": "failed" if failed else "passed",
        "cases": len(rows),
        "failed": failed,
        "seconds": round(seconds, 1),
        "facts": known,
    }


def told(happened: Sequence[str]) -> str:
    """Say what happened, repetitions in one: `sale killed, recover killed 4 times, recover 0`."""
    groups = [(what, len(list(times))) for what, times in groupby(happened)]
    return ", ".join(what if times == 1 else f"{what} {times} times" for what, times in groups)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _wrapped(sentence: str, before: str = "", after: str | None = None) -> list[str]:
    return textwrap.wrap(
        sentence,
        COLUMNS,
        initial_indent=before,
        subsequent_indent=before if after is None else after,
        break_long_words=False,
        break_on_hyphens=False,
    )
