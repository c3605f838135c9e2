"""A simulator on a socket in a thread of its own, and a configuration that points to it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from support import warm

KEY = "k3y-that-must-not-leak"


@dataclass
class Installation:
    """A folder with a configuration, and the TECS that it names."""

    folder: Path
    simulator: Simulator
    url: str
    stop: Callable[[], None] = lambda: None
    """Takes the simulator off the network."""

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.folder),
            "STATE_DIRECTORY": str(self.folder),
        }

    def configure(self, **sections: str) -> None:
        """Write the configuration; a section's text is added to what every one needs."""
        key = self.folder / "authkey"
        key.write_text(KEY + "\n")
        key.chmod(0o600)
        lines = {
            "kiosk": "",
            "terminal": f'url = "{self.url}"\nnumber = "88091105"\nstatus_query = false',
            "auth": f'key_file = "{key}"',
            "timeouts": "settle_s = 0\nconnect_s = 2",
            "log": 'to = "file"',
        }
        for name, text in sections.items():
            lines[name] = f"{lines.get(name, '')}\n{text}"
        self.config.write_text("".join(f"[{name}]\n{text}\n" for name, text in lines.items()))

    @property
    def states(self) -> list[State]:
        """How the transactions of the journal stand, the newest first."""
        reader = Reader(self.journal)
        try:
            return [one.state for one in reader.transactions()]
        finally:
            reader.close()

    def run(
        self, *arguments: str, stdin: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of the program to its end."""
        told = ["--config", str(self.config), *arguments]
        return warm.run(told, self.environment | more, stdin)

    def json(self, *arguments: str, **more: str) -> tuple[int, Any]:
        """Run a command with `--json`; return its exit code and what it printed."""
        done = self.run(*arguments, "--json", **more)
        return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None


@contextmanager
def installed(folder: Path, options: Options | None = None) -> Iterator[Installation]:
    """Serve a simulator for the length of a test."""
    simulator = Simulator(options or Options(card_s=0, host_s=0))
    ready: list[str] = []
    up, down = threading.Event(), threading.Event()

    async def serve() -> None:
        async with served(simulator) as url:
            ready.append(url)
            up.set()
            while not down.is_set():
                await asyncio.sleep(0.02)

    def stop() -> None:
        down.set()
        thread.join()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert up.wait(10)
        built = Installation(folder, simulator, ready[0], stop)
        built.configure()
        yield built
    finally:
        stop()
