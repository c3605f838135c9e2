"""A folder, a TECS of its own and the registers that run in it: nothing is shared between trials."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import HostReply, Simulator
from proofs.crash.lasting import VARIABLE as LASTING
from proofs.crash.program import Ended, Meanwhile, Program, started
from proofs.crash.sabotage import VARIABLE
from proofs.crash.scenes import GOODS_S, RECOVER, SALE, SETTLE_S, Before, Scene

KEY: Final = "k3y-that-must-not-leak"


class Tecs(Simulator):
    """A simulator that says when a request has come, and when its answer is made."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene.options)
        self.queue(scene.behaviour)
        self.heard = asyncio.Event()
        self.decided = asyncio.Event()

    async def make_transaction(self, authorization: str | None, body: bytes) -> HostReply:
        """Answer a request."""
        self.heard.set()
        try:
            return await super().make_transaction(authorization, body)
        finally:
            self.decided.set()

    async def calm(self) -> None:
        """Wait until no card flow runs: what is booked now stays booked."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class World:
    """Where one trial happens."""

    program: Program
    scene: Scene
    tecs: Tecs
    state: Path
    config: Path
    sabotage: str = ""

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.state / "journal.db"

    async def command(self, tracing: Sequence[str] = ()) -> Ended:
        """Run the scene's command."""
        return await self.run(self.scene.command, tracing, self._interrupt())

    async def recover(self, tracing: Sequence[str] = ()) -> Ended:
        """Start again, as systemd would."""
        return await self.run(RECOVER, tracing)

    async def run(
        self,
        command: Sequence[str],
        tracing: Sequence[str] = (),
        meanwhile: Meanwhile | None = None,
    ) -> Ended:
        """Run a command of the register to its end."""
        environment = {"LANG": "C.UTF-8", "HOME": str(self.state), "KIOSK_TUI_AUTH__KEY": KEY}
        if self.scene.lasting:
            environment[LASTING] = "1"
        if self.sabotage:
            environment[VARIABLE] = self.sabotage
        return await self.program.run(
            ["--config", str(self.config), *command],
            self.state,
            environment,
            tracing=tracing,
            meanwhile=meanwhile,
        )

    async def prepare(self) -> None:
        """Bring about what the scene begins with."""
        if self.scene.before is Before.NOTHING:
            return
        if self.scene.before is Before.JOURNAL:
            made = await self.run(RECOVER)
            if made.code:
                raise RuntimeError(f"no journal was made: {made.complained}")
            return

        async def kill(pid: int) -> None:
            await self.tecs.decided.wait()
            os.kill(pid, signal.SIGKILL)

        cut_short = await self.run(SALE, meanwhile=kill)
        if not self.tecs.ledger.entries:
            raise RuntimeError(f"the sale was not charged: {cut_short.complained}")

    def _interrupt(self) -> Meanwhile | None:
        number = self.scene.interrupt
        if number is None:
            return None

        async def interrupt(pid: int) -> None:
            await self.tecs.heard.wait()
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

        return interrupt


async def traced_help(folder: Path) -> None:
    """Trace the smallest run that there is. Raises `StraceError` when that is not allowed."""
    state = folder / "state"
    state.mkdir()
    async with started() as program:
        await program.run(["recover", "--help"], state, {}, tracing=["-e", "trace=none"])


def _goods(scene: Scene) -> str:
    if not scene.goods:
        return ""
    return f'[goods]\ncommand = ["/bin/sh", "-c", "{scene.goods}"]\nwait_s = {GOODS_S}\n'


@contextlib.asynccontextmanager
async def opened(
    program: Program, scene: Scene, folder: Path, *, sabotage: str = ""
) -> AsyncIterator[World]:
    """Make a world for one trial; it is gone afterwards."""
    state, config = folder / "state", folder / "config.toml"
    state.mkdir(parents=True, mode=0o700)
    tecs = Tecs(scene)
    try:
        async with served(tecs) as url:
            config.write_text(
                f'[terminal]\nurl = "{url}"\nnumber = "88091105"\nstatus_query = false\n'
                f"[timeouts]\nsettle_s = {SETTLE_S}\nanswer_s = 20\ngive_up_s = 1\n"
                f'[journal]\npath = "{state / "journal.db"}"\n[log]\nto = "file"\n' + _goods(scene)
            )
            yield World(program, scene, tecs, state, config, sabotage)
    finally:
        shutil.rmtree(folder)
