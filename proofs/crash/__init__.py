"""Crash points for real: the real process, a real SQLite file, real sockets, and strace.

Owns: the scenes (a command of the register and the TECS that it meets), the blows (one system call at
which the register is killed, disturbed or let down by its disk) and the trials that judge each one.

Method: an undisturbed run under strace counts the calls that write, sync, send, receive or read the
journal, by file and number. Each of them is then struck in a run of its own, up to the first number
that strikes nothing any more. A SIGKILL at the entry of a call prevents that call; what it leaves
behind is what the call before it did, so "just after call n" is "at the entry of call n + 1", and the
last call's "just after" is the undisturbed run. Then `recover` is run until it says that nothing is
left, and the journal and everything that was printed or said by an exit code are held against the
simulator's ledger. The register is forked from a process that has imported it (`fork_server`), which
spares half a second a run; it is its own process in every other way.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import Final

from proofs.crash import plan
from proofs.crash.bench import Bench
from proofs.crash.program import StraceError, started
from proofs.crash.scenes import SCENES
from proofs.crash.trial import read_case
from proofs.crash.world import traced_help
from proofs.proof import Effort, Row

CLAIM: Final = "A register that dies, or whose disk fails, at any system call loses no money."
ASSUMES: Final[Sequence[str]] = (
    "a call happens as a whole or not at all (bytes of a request: see line; torn writes: see power)",
    "between two calls nothing outlives a process but SQLite's shared index, which is built anew",
    "a register that is forked does what one that is started anew does",
    "a wake-up that a thread of the register sends to its own event loop is no point",
    "requests that have left arrive within the settle window",
)


def lacks() -> str:
    """Say that strace is missing, or may not trace here: tried, not guessed."""
    if shutil.which("strace") is None:
        return "strace is not installed: run scripts/prepare-proofs as root."
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(traced_help(Path(folder)))
    except StraceError as error:
        return f"{error} Allow ptrace (kernel.yama.ptrace_scope, the container's seccomp profile)."
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Strike at every call of the slice's scenes (`effort.whole`: of all, and with every error)."""
    rows = _rows(effort)
    with asyncio.Runner() as runner:
        try:
            while (row := runner.run(_next(rows))) is not None:
                yield row
        finally:
            runner.run(rows.aclose())


def replay(case: str) -> int:
    """Tell one case, such as `lost/sendto#3,pwrite64@journal.db-wal#5`; 0 when it held."""

    async def tell(folder: Path) -> int:
        async with started() as program:
            result = await Bench(program, folder, 1).attempt(read_case(case), tell=True)
        lines = [SCENES[result.case.scene].says, *result.story, *result.wrong]
        sys.stdout.write("\n".join([*lines, "BROKEN" if result.wrong else "held"]) + "\n")
        return 1 if result.wrong else 0

    with tempfile.TemporaryDirectory(prefix="kiosk-tui-crash-", dir="/var/tmp") as folder:
        return asyncio.run(tell(Path(folder)))


async def _rows(effort: Effort) -> AsyncGenerator[Row, None]:
    async with started() as program:
        bench = Bench(program, effort.folder, effort.workers)
        async for row in plan.rows(bench, effort):
            yield row


async def _next(rows: AsyncGenerator[Row, None]) -> Row | None:
    return await anext(rows, None)
