"""Coverage-guided fuzzing of what reads other people's bytes: answers, configuration files, HTTP bodies.

Owns: the targets and their small corpora. The rule of each target is written down independently of the
code that it judges: any bytes lead to exactly one outcome, never to an exception; "approved" and
"declined" are only said of an answer that is complete and names the transaction; any file leads to a
configuration or to one sentence; any body of an order to the order that it says, or to a problem.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from proofs.fuzz.targets import TARGETS
from proofs.proof import Effort, Row

CLAIM = "No bytes of a peer or of a file make the program stumble, or say what was not said."
ASSUMES = ("the fuzzer's time was enough to find what is there to find",)

CORPUS: Final = Path(__file__).parent / "corpus"
_CHILD: Final = Path(__file__).with_name("child.py")
_ROOT: Final = Path(__file__).parents[2]
_MOST_BYTES: Final = 4096
_EXECUTIONS = re.compile(rb"stat::number_of_executed_units: (\d+)|#(\d+)\s+DONE")


def lacks() -> str:
    if find_spec("atheris") is None:
        return (
            f"atheris is not installed (there is none for {platform.machine()} with Python"
            f" {platform.python_version()}): use x86_64 and Python 3.11 to 3.13"
        )
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Fuzz each target in a process of its own; the controls must fall."""
    honest = [one for one in TARGETS.values() if not one.control]
    seconds = max(5.0, effort.seconds / len(honest))
    for name, target in TARGETS.items():
        yield _fuzzed(name, effort, min(seconds, 20.0) if target.control else seconds)


def replay(case: str) -> int:
    """Run one input again: `answers:/path/to/crash`, or a file that was kept, whose name tells."""
    name, _, path = case.partition(":")
    if not path:
        name, path = Path(case).name.split("-")[1], case
    TARGETS[name].run(Path(path).read_bytes())
    print("Nothing happened: the input is handled.")
    return 0


def _fuzzed(name: str, effort: Effort, seconds: float) -> Row:
    target = TARGETS[name]
    found = effort.folder / name
    found.mkdir()
    corpus = CORPUS / target.corpus
    done = subprocess.run(
        [
            sys.executable,
            str(_CHILD),
            name,
            f"-seed={effort.seed % 2**31}",
            f"-max_total_time={int(seconds)}",
            f"-max_len={_MOST_BYTES}",
            "-timeout=20",
            "-print_final_stats=1",
            f"-artifact_prefix={found}/",
            str(found),
            str(corpus),
        ],
        env=os.environ | {"FUZZ_FOLDER": str(effort.folder), "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        timeout=seconds + 120,
        check=False,
    )
    counts = [int(one or two) for one, two in _EXECUTIONS.findall(done.stderr)]
    crashes = sorted(found.glob("crash-*")) + sorted(found.glob("timeout-*"))
    violations = [f"{crash.read_bytes()[:300]!r}: {_last_line(done.stderr)}" for crash in crashes]
    if not target.control:
        again = [_kept(crash, name, effort.failed) for crash in crashes]
        violations = [
            f"{one} (./prove --replay {path})" for one, path in zip(violations, again, strict=True)
        ]
    if done.returncode and not crashes:
        violations.append(f"the fuzzer ended with {done.returncode}: {_last_line(done.stderr)}")
    points = max(counts, default=len(crashes))
    return Row(f"{name}: {target.rule}", points, violations, control=target.control)


def _kept(crash: Path, name: str, folder: Path) -> Path:
    """Keep an input where it is found again: the scratch goes with the run."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(crash, folder / f"fuzz-{name}-{crash.name}"))


def _last_line(text: bytes) -> str:
    lines = [line for line in text.decode("utf-8", "replace").splitlines() if "Error" in line]
    return lines[0].strip() if lines else ""
