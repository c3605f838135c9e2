"""The full-screen app in a real terminal, its whole process group killed at any moment of a payment."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import random
import signal
from pathlib import Path

from kiosk_tui.drill.child import PROGRAM
from kiosk_tui.drill.judge import judge
from kiosk_tui.drill.stage import Stage, stage
from proofs.proof import Row

_KEYS = ("\r", "1255\r", "0")
_PAUSE_S = 0.6
_SCREEN_S = 12.0


async def killed(folder: Path, times: int, chance: random.Random) -> Row:
    """Start it, type a payment, kill, each time at another moment; recover once at the end."""
    violations = []
    async with stage(folder / "group", PROGRAM) as built:
        built.simulator.set_options(card_s=0.3, host_s=0.3)
        for _ in range(times):
            await _one(built, chance.uniform(0.0, 2.5))
        await built.recovered()
        violations += judge(built.evidence()) + built.damage()
        ends = sorted(one.state for one in built.transactions())
    return Row(
        "the app's process group is killed in its terminal",
        times,
        violations,
        note=", ".join(f"{ends.count(one)} {one}" for one in sorted(set(ends))) or "none begun",
    )


async def _one(built: Stage, kill_after_s: float) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="linux", LANG="C.UTF-8")
        config = str(built.folder / "config.toml")
        os.execvp(PROGRAM[0], [*PROGRAM, "--config", config])
    try:
        os.set_blocking(terminal, False)
        await _until_drawn(terminal)
        for keys in _KEYS:
            await asyncio.sleep(_PAUSE_S)
            with contextlib.suppress(OSError):
                os.write(terminal, keys.encode())
        await asyncio.sleep(kill_after_s)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        await asyncio.to_thread(os.waitpid, pid, 0)
        os.close(terminal)


async def _until_drawn(terminal: int) -> None:
    """Wait until the screen has been drawn and is at rest."""
    drawn, quiet = 0, 0
    for _ in range(int(_SCREEN_S / 0.1)):
        await asyncio.sleep(0.1)
        try:
            drawn += len(os.read(terminal, 65536))
            quiet = 0
        except BlockingIOError:
            quiet += 1
        except OSError:
            return
        if drawn > 500 and quiet > 8:
            return
