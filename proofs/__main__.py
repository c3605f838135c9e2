"""Runs the proofs and prints the table of faults by points by result.

Exit codes: 0 all held and every control failed · 1 a promise was broken, or a control passed · 2
usage · 69 a proof cannot run on this machine.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Final

from proofs.proof import Effort, Proof, Row

SLICE_S: Final = {
    "simulation": 150.0,
    "power": 45.0,
    "blocks": 120.0,
    "fuzz": 15.0,
    "terminals": 60.0,
    "fleet": 30.0,
}
"""Seconds that CI gives to a proof that samples; `--minutes` gives each of them that long instead."""

NAMES: Final = (
    "exploration",
    "simulation",
    "crash",
    "power",
    "blocks",
    "line",
    "machine",
    "boot",
    "package",
    "fuzz",
    "terminals",
    "fleet",
    "tampering",
    "planted",
)

BY_NAME: Final = ("image", "vm")
"""Proofs that are run only when they are asked for: whole machines, some minutes each scene."""

_LONGEST_FIRST: Final = (
    *("line", "crash", "blocks", "boot", "simulation", "machine", "power", "package", "planted"),
    *("terminals", "tampering", "fleet", "fuzz"),
)
"""So that no core is left alone with a long one at the end; what is not named comes last."""

_WAITING: Final = frozenset({"blocks", "boot", "crash", "fleet", "line", "machine", "terminals"})
"""Proofs that wait more than they work: for mounts, lines, settle windows, cards and terminals."""

FAILED: Final = "kiosk-tui-failed"
"""The folder, beside the scratch, for cases that are kept as files."""

UNAVAILABLE: Final = 69
_MOST_SHOWN = 8


def main(arguments: Sequence[str]) -> int:
    """Prove and print; return the exit code."""
    asked = _parser().parse_args(arguments)
    if asked.replay:
        name, case = _case(asked.replay)
        return int(importlib.import_module(f"proofs.{name}").replay(case))
    names = asked.names or NAMES
    if asked.seed is None:
        asked.seed = random.SystemRandom().randrange(10**6, 10**9)
        _say(f"fresh cases begin at seed {asked.seed} (the same again: --seed {asked.seed})")
    if len(names) > 1 and asked.workers > 1 and asked.minutes is None:
        return max(_side_by_side(names, asked))
    ended = 0
    with tempfile.TemporaryDirectory(prefix="kiosk-tui-proofs-", dir=asked.folder) as folder:
        for name in names:
            scratch = Path(folder, name)
            scratch.mkdir()
            seconds = SLICE_S.get(name, 30.0) if asked.minutes is None else asked.minutes * 60
            whole = asked.minutes is not None
            failed = asked.folder / FAILED
            effort = Effort(seconds, asked.seed, asked.workers, scratch, whole, failed)
            ended = max(ended, _prove(name, effort, strict=asked.strict))
    return ended


def _case(asked: str) -> tuple[str, str]:
    """Return the proof and the case; a file is named after its proof: `blocks-....zip`."""
    if Path(asked).is_file():
        return Path(asked).name.partition("-")[0], asked
    name, _, case = asked.partition(":")
    return name, case


def _side_by_side(names: Sequence[str], asked: argparse.Namespace) -> Iterator[int]:
    """Prove one on each core and one more, in processes of their own, and tell each when it is done.

    Much of a proof uses one core only, and half of them wait more than they work: side by side, no core
    waits for the other.
    """
    order = sorted(names, key=lambda one: (*_LONGEST_FIRST, one).index(one))
    with ThreadPoolExecutor(asked.workers + 1) as lanes:
        for done in as_completed([lanes.submit(_alone, name, asked) for name in order]):
            _say(done.result().stdout.rstrip("\n"))
            yield done.result().returncode


def _alone(name: str, asked: argparse.Namespace) -> subprocess.CompletedProcess[str]:
    workers = asked.workers if name in _WAITING else 1
    command = [sys.executable, "-m", "proofs", name, f"--seed={asked.seed}", f"--workers={workers}"]
    command += [f"--folder={asked.folder}", *(["--strict"] * asked.strict)]
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def _prove(name: str, effort: Effort, *, strict: bool) -> int:
    proof: Proof = importlib.import_module(f"proofs.{name}")
    _say(f"\n{name}: {proof.CLAIM}")
    lacking = proof.lacks()
    if lacking:
        _say(f"  NOT RUN  {lacking}")
        return UNAVAILABLE if strict else 0
    began, worked = time.monotonic(), _worked_s()
    rows = [_told(row) for row in proof.prove(effort)]
    points = sum(row.points for row in rows if not row.control)
    caught = sum(row.passed for row in rows if row.control)
    controls = sum(row.control for row in rows)
    _say(
        f"  {points:,} points in {time.monotonic() - began:.0f} s"
        f" ({_worked_s() - worked:.0f} s of a core), {caught} of {controls} controls failed as they must"
    )
    for one in proof.ASSUMES:
        _say(f"  assumed: {one}")
    return 0 if rows and controls and all(row.passed for row in rows) else 1


def _worked_s() -> float:
    """Return how many seconds of a core this process and its children have used."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _told(row: Row) -> Row:
    found = len(row.violations)
    if row.control:
        verdict = f"caught ({found})" if row.passed else "NOT CAUGHT"
    else:
        verdict = "held" if row.passed else f"BROKEN ({found})" if found else "NOTHING TRIED"
    kind = "control  " if row.control else ""
    _say(f"  {verdict:<14} {row.points:>11,}  {kind}{row.fault}{'  · ' * bool(row.note)}{row.note}")
    if not row.passed:
        for violation in row.violations[:_MOST_SHOWN]:
            _say("      " + violation.replace("\n", "\n      "))
    return row


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./prove",
        description="Tries to make kiosk-tui lose money, in every way that we could think of."
        " Without --minutes it does the slice that CI does.",
    )
    parser.add_argument(
        "names", nargs="*", metavar="PROOF", help=f"of {', '.join(NAMES + BY_NAME)}"
    )
    parser.add_argument("--minutes", type=float, help="the long version: for each sampling proof")
    parser.add_argument("--seed", type=int, help="where fresh cases begin (default: by chance)")
    parser.add_argument(
        "--replay", metavar="PROOF:CASE", help="tell one case as a story; or the file of one"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--strict", action="store_true", help="fail when a proof cannot run here")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108 - a folder that is on the disk, where /tmp may not be
        help="scratch on a real disk (default: %(default)s)",
    )
    return parser


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
