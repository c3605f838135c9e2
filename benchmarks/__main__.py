"""Measures everything and prints a table; the exit code is 1 when a bar is missed."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks import answer, disk, fleet, history, instructions, lanes, screen, waiting, work
from benchmarks.house import House, house
from benchmarks.result import Result
from benchmarks.terminal import ProgramError
from kiosk_tui import __version__

UNAVAILABLE = 69


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-tui-", dir=asked.folder) as folder:
            results = list(_measure(Path(folder), asked.rooms or list(_ROOMS), quick=asked.quick))
    except (ProgramError, OSError) as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        return UNAVAILABLE
    sys.stdout.write(_json(results) if asked.json else _table(results))
    for sentence in history.dearer(results):
        sys.stderr.write(f"dearer: {sentence}\n")
    if asked.history:
        history.keep(asked.history, results)
    return 0 if all(one.met for one in results) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What kiosk-tui costs, against a bare Textual app, a bare append and fsync, and one"
        " httpx.post, all measured in this run. Exit code 1: a bar was missed.",
    )
    parser.add_argument(
        "rooms", nargs="*", type=_room, metavar="ROOM", help=f"{', '.join(_ROOMS)}; default: all"
    )
    parser.add_argument("--quick", action="store_true", help="a look, in seconds: figures waver")
    parser.add_argument("--json", action="store_true", help="JSON on stdout")
    parser.add_argument(
        "--history",
        nargs="?",
        const=f"{__version__}+{datetime.now(UTC):%Y%m%d}",
        metavar="RELEASE",
        help=f"write this release's line in benchmarks/{history.FILE.name} (default: %(const)s)",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108 - a folder that is on the disk, where /tmp may not be
        help="whose disk is measured (default: %(default)s)",
    )
    return parser


def _room(name: str) -> str:
    if name not in _ROOMS:
        raise argparse.ArgumentTypeError(f"there is no room '{name}'")
    return name


def _instructions(house: House, folder: Path, *, quick: bool) -> Iterator[Result]:
    yield from instructions.starts(house, quick=quick)
    if not quick:
        yield from work.commits(instructions.Count(house.environment), folder)


def _seconds(house: House, _folder: Path, *, quick: bool) -> Iterator[Result]:
    return screen.seconds(house, rounds=2 if quick else 20)


def _answer(house: House, folder: Path, *, quick: bool) -> Iterator[Result]:
    return answer.answers(house, folder / "answer", payments=1 if quick else 10)


def _memory(house: House, _folder: Path, *, quick: bool) -> Iterator[Result]:
    return screen.memory(house, rounds=1 if quick else 5, rest_s=1 if quick else 3)


def _line(house: House, _folder: Path, *, quick: bool) -> Iterator[Result]:
    yield from screen.line(house, rest_s=1 if quick else 10)
    yield from screen.lane(house, rest_s=1 if quick else 10)


def _lanes(house: House, folder: Path, *, quick: bool) -> Iterator[Result]:
    return lanes.lanes(house, folder, rounds=1 if quick else 10, most=2 if quick else 20)


def _disk(_house: House, folder: Path, *, quick: bool) -> Iterator[Result]:
    yield from disk.commits(folder, starts=3 if quick else 30, payments=50 if quick else 500)
    yield from disk.wear(folder, payments=50 if quick else 500)
    yield from waiting.waiting(folder / "waiting", payments=2 if quick else 10)


def _outbox(_house: House, folder: Path, *, quick: bool) -> Iterator[Result]:
    return fleet.outbox(folder, payments=20 if quick else 1000)


_ROOMS: Final = {
    "instructions": _instructions,
    "seconds": _seconds,
    "answer": _answer,
    "memory": _memory,
    "line": _line,
    "lanes": _lanes,
    "disk": _disk,
    "outbox": _outbox,
}
"""What is measured, in this order."""


def _measure(folder: Path, rooms: Sequence[str], *, quick: bool) -> Iterator[Result]:
    for room in rooms:
        own = folder / room  # what one room has sold would stand in another one's list
        own.mkdir()
        with house(own) as built:
            yield from _ROOMS[room](built, own, quick=quick)


def _json(results: Sequence[Result]) -> str:
    whole = [
        {
            **asdict(one),
            "ratio": one.ratio,
            "met": one.met,
            "target": one.target and asdict(one.target),
        }
        for one in results
    ]
    return json.dumps(whole, indent=2) + "\n"


def _table(results: Sequence[Result]) -> str:
    lines = [f"{'':32}{'kiosk':>9} {'bare':>9} {'':6}{'ratio':>6}   {'bar':>6} {'goal':>6}"]
    for one in results:
        base = "" if one.base is None else f"{one.base:.4g}"
        against = "" if one.ratio is None else f"{one.ratio:.3f}"
        bar, goal, verdict = "", "", ""
        if one.target is not None:
            bar = f"{one.target.bar:g}"
            goal = "" if one.target.goal is None else f"{one.target.goal:g}"
            verdict = "met" if one.met else "MISSED"
        lines.append(
            f"{one.name:32}{one.value:>9.4g} {base:>9} {one.unit:6}{against:>6}   {bar:>6} {goal:>6}"
            f"  {verdict}".rstrip()
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
