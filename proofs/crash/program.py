"""Runs the register, under strace when it is to be struck: real processes from the fork server."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import proofs

ROOT: Final = Path(proofs.__file__).parents[1]
LONGEST_S: Final = 120.0
"""No run takes a tenth of this, even on a busy machine; one that does hangs, and is ended."""


class StraceError(Exception):
    """strace did not take hold of a process; the text is a sentence."""


Meanwhile = Callable[[int], Coroutine[None, None, None]]
"""What happens to a running register from outside, given its pid."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code (minus the signal that killed it) and what it printed.

    `traced` is strace's log; `hung` says that it had to be ended from outside.
    """

    pid: int
    code: int
    told: str
    complained: str
    traced: str
    hung: bool

    @property
    def killed(self) -> bool:
        """Whether SIGKILL ended it."""
        return self.code == -signal.SIGKILL


class Program:
    """The fork server, and what it forked. Use `started`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count()
        self._begun: dict[int, asyncio.Future[int]] = {}
        self._ended: dict[int, asyncio.Future[int]] = {}

    async def run(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        *,
        tracing: Sequence[str] = (),
        meanwhile: Meanwhile | None = None,
    ) -> Ended:
        """Run `kiosk-tui` to its end; its output goes to `told` and `complained` in `folder`."""
        log = folder.with_name("strace")
        pid = await self._begin(arguments, folder, environment, held=bool(tracing))
        end = self._ended[pid]
        outside = asyncio.create_task(meanwhile(pid)) if meanwhile else None
        strace = None
        try:
            if tracing:
                strace = await _attached(pid, log, tracing)
                os.kill(pid, signal.SIGCONT)
            done, _ = await asyncio.wait({end}, timeout=LONGEST_S)
        finally:
            if outside is not None:
                outside.cancel()
                await asyncio.gather(outside, return_exceptions=True)
            if not end.done():
                os.kill(pid, signal.SIGKILL)
            status = await end
            del self._ended[pid]
            if strace is not None:
                await strace.wait()
        return Ended(
            pid=pid,
            code=os.waitstatus_to_exitcode(status),
            told=_read(folder / "told"),
            complained=_read(folder / "complained"),
            traced=_read(log) if tracing else "",
            hung=not done,
        )

    async def _begin(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        *,
        held: bool,
    ) -> int:
        number = next(self._numbers)
        begun = self._begun[number] = asyncio.get_running_loop().create_future()
        order = {
            "number": number,
            "arguments": list(arguments),
            "environment": dict(environment),
            "told": str(folder / "told"),
            "complained": str(folder / "complained"),
            "held": held,
        }
        if self._process.stdin is None:
            raise RuntimeError("the fork server takes no orders")
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        pid: int = await begun
        return pid

    async def listen(self) -> None:
        """Hear what the fork server says, for as long as it lives."""
        if self._process.stdout is None:
            raise RuntimeError("the fork server says nothing")
        loop = asyncio.get_running_loop()
        while line := await self._process.stdout.readline():
            what, first, second = line.split()
            if what == b"began":
                self._ended[int(second)] = loop.create_future()
                self._begun.pop(int(first)).set_result(int(second))
            else:
                self._ended[int(first)].set_result(int(second))
        for waiting in (*self._begun.values(), *self._ended.values()):
            if not waiting.done():
                waiting.set_exception(RuntimeError("the fork server has ended"))


@contextlib.asynccontextmanager
async def started() -> AsyncIterator[Program]:
    """Start the fork server of this very tree; nothing that it forked outlives the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "proofs.crash.fork_server",
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    program = Program(process)
    listening = asyncio.create_task(program.listen())
    try:
        yield program
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
        await listening


async def _attached(pid: int, log: Path, options: Sequence[str]) -> asyncio.subprocess.Process:
    """Put strace on a process that is stopped; it ends with it. Raises `StraceError`."""
    strace = await asyncio.create_subprocess_exec(
        "strace",
        *("-o", str(log), "-p", str(pid)),
        *options,
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    if strace.stderr is None:
        raise RuntimeError("strace says nothing")
    said = await strace.stderr.readline()
    if b"attached" not in said:
        await strace.wait()
        raise StraceError(f"strace may not trace here ({said.decode().strip()}).")
    return strace


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
