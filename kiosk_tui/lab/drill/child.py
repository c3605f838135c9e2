"""The register as a real process, which the drill kills.

It runs in a session of its own, so that Ctrl-C reaches the drill alone, and never sees the settings
or secrets of the real register: those of the environment are taken away.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from kiosk_tui.isolation import program

PROGRAM: Final = program()
"""How the program under test is started; a test hands in a broken one."""

LONGEST_S: Final = 60.0
"""How long a command may take on the slowest machine."""

_OURS: Final = ("KIOSK_TUI_", "CREDENTIALS_DIRECTORY", "STATE_DIRECTORY")


class UnexpectedError(Exception):
    """The drill could not do what it set out to do; the text is a sentence."""


class Child:
    """One command of the program, running."""

    def __init__(self, process: asyncio.subprocess.Process, command: str, said: Path) -> None:
        self._process = process
        self.command = command
        self.said = said

    async def ended(self) -> int:
        """Wait for its own end; return the exit code."""
        try:
            async with asyncio.timeout(LONGEST_S):
                return await self._process.wait()
        except TimeoutError:
            raise UnexpectedError(f"{self.command} did not end in {LONGEST_S:g} s.") from None

    def complaint(self) -> str:
        """Return what it ended with, and its last words on stderr."""
        errors = self.said.with_suffix(".err").read_text(errors="replace").strip()
        return f"{errors} ({self.command} ended with {self._process.returncode})"

    async def kill(self) -> None:
        """Kill it (SIGKILL) where it stands. Raises `UnexpectedError` when it ended before."""
        if self._process.returncode is not None:
            raise UnexpectedError(
                f"{self.command} ended with {self._process.returncode} before it could be killed."
            )
        await self.stop()

    async def stop(self) -> None:
        """Make sure that nothing of it is left."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    async def freeze(self) -> None:
        """Let it not run one more instruction; what comes in for it stays in the kernel."""
        self._process.send_signal(signal.SIGSTOP)
        tasks = Path(f"/proc/{self._process.pid}/task")
        while not all(_stopped(one) for one in tasks.iterdir()):
            await asyncio.sleep(0.001)


async def start(
    program: Sequence[str],
    command: Sequence[str],
    config: Path,
    said: Path,
    stdout: int | None = None,
) -> Child:
    """Start a command. It says into `said`, or into the file number `stdout`."""
    with said.open("wb") as out, said.with_suffix(".err").open("wb") as err:
        target: IO[bytes] | int = out if stdout is None else stdout
        process = await asyncio.create_subprocess_exec(
            *program,
            "--config",
            str(config),
            *command,
            env=_environment(config.parent),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=target,
            stderr=err,
            start_new_session=True,
        )
    return Child(process, command[0], said)


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {"STATE_DIRECTORY": str(folder)}


def _stopped(task: Path) -> bool:
    # the state follows the name, which stands in brackets and may hold anything
    return (task / "stat").read_text().rpartition(")")[2].split()[0] in "Tt"
