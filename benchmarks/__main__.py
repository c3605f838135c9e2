"""Measures everything and prints a table; the exit code is 1 when a target is missed."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import disk, fleet, screen
from benchmarks.house import house
from benchmarks.result import Result
from benchmarks.terminal import ProgramError

UNAVAILABLE = 69


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-tui-", dir=asked.folder) as folder:
            results = list(_measure(Path(folder), quick=asked.quick))
    except (ProgramError, OSError) as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        return UNAVAILABLE
    if asked.json:
        whole = [{**asdict(one), "met": one.met} for one in results]
        sys.stdout.write(json.dumps(whole, indent=2) + "\n")
    else:
        sys.stdout.write(_table(results))
    return 0 if all(one.met for one in results) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What kiosk-tui costs, against a bare Textual app and a bare append and fsync,"
        " all measured in this run. Exit code 1: a target was missed.",
    )
    parser.add_argument("--quick", action="store_true", help="a look, in seconds: figures waver")
    parser.add_argument("--json", action="store_true", help="JSON on stdout")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108 - a folder that is on the disk, where /tmp may not be
        help="whose disk is measured (default: %(default)s)",
    )
    return parser


def _measure(folder: Path, *, quick: bool) -> Iterator[Result]:
    with house(folder) as built:
        yield from screen.first_pictures(built, rounds=2 if quick else 20)
        yield from screen.memory(built, rounds=1 if quick else 5, rest_s=1 if quick else 3)
        yield from screen.line(built, rest_s=1 if quick else 10)
        yield from screen.lane(built, rest_s=1 if quick else 10)
    yield from disk.commits(folder, starts=3 if quick else 30, payments=50 if quick else 500)
    yield from fleet.outbox(folder, payments=20 if quick else 1000)


def _table(results: Sequence[Result]) -> str:
    lines = [f"{'':26}{'kiosk':>9} {'bare':>9} {'':6}{'ratio':>6}   target"]
    for one in results:
        base = "" if one.base is None else f"{one.base:.3g}"
        against = "" if one.ratio is None else f"{one.ratio:.2f}"
        verdict = ""
        if one.target is not None:
            verdict = f"≤ {one.target:<5g} {'met' if one.met else 'MISSED'}"
        lines.append(
            f"{one.name:26}{one.kiosk:>9.3g} {base:>9} {one.unit:6}{against:>6}   {verdict}".rstrip()
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
