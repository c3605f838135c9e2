"""A container that boots its own systemd from a tree, with whatever was laid over it.

Its processes, files and users are its own; it shares the network, so that a TECS on our loopback is on
its loopback. Never the machine's own root: systemd empties the /tmp of whatever it boots from.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proofs.boot.console import until
from proofs.boot.tree import LIBRARIES, ROOT

UNIT: Final = "kiosk-tui@tty1.service"
SIGN: Final = "kiosk-tui-sign@tty1.service"
RECOVER: Final = "kiosk-tui-recover.service"

_PROGRAM: Final = f"""#!/usr/bin/python3 -I
import sys
sys.path.insert(0, "{LIBRARIES}")
from kiosk_tui.__main__ import main
sys.exit(main())
"""


@dataclass
class Machine:
    """A tree with an overlay, switched on and off."""

    root: Path
    leader: int = 0
    _nspawn: asyncio.subprocess.Process | None = None

    async def switch_on(self, binds: Mapping[str, str]) -> None:
        """Boot, with these places of ours (keys) at places of its own; return when it is up."""
        self._nspawn = await asyncio.create_subprocess_exec(
            # whatever becomes of us, nothing of it runs on
            *("setpriv", "--pdeathsig", "KILL", "--"),
            *("systemd-nspawn", "--boot", "--quiet", "--register=no", "--keep-unit"),
            *("--console=pipe", "--link-journal=no", f"--directory={self.root}"),
            *(f"--bind={ours}:{its}" for ours, its in binds.items()),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await until(self._answers, "the container's systemd")

    async def cut(self) -> None:
        """Take its power: every process of it is gone at once."""
        if self._nspawn is None:
            return
        for pid in filter(None, (self.leader, self._nspawn.pid)):
            # the first process takes all the others of its namespace along
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await self._nspawn.wait()
        self._nspawn, self.leader = None, 0

    async def run(self, *command: str) -> str:
        """Run a command in it; return what it said, whatever its exit code is."""
        one = await asyncio.create_subprocess_exec(
            *("nsenter", "--target", str(self.leader), "--all", "--", *command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await one.communicate()
        return said.decode("utf-8", "replace").strip()

    async def systemctl(self, *words: str) -> str:
        """Ask its systemd."""
        return await self.run("systemctl", *words)

    async def show(self, what: str, unit: str = UNIT) -> str:
        """Return one property of a unit."""
        return await self.systemctl("show", "--value", f"--property={what}", "--", unit)

    async def alter(self, unit: str, lines: str) -> None:
        """Give a unit a drop-in; empty lines take it away."""
        place = self.root / f"etc/systemd/system/{unit}.d/proof-control.conf"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(lines)
        await self.systemctl("daemon-reload")

    async def _answers(self) -> bool:
        # at first its child is one that only prepares, and ends
        children = _children(self._nspawn.pid) if self._nspawn else []
        self.leader = int(children[0]) if children else 0
        if not self.leader:
            return False
        return await self.systemctl("is-system-running") in {"running", "degraded", "starting"}


@contextlib.asynccontextmanager
async def machine(tree: Path, folder: Path) -> AsyncIterator[Machine]:
    """Lay a machine with this checkout's program and units over the tree; nothing of it stays."""
    upper, work, root = (folder / name for name in ("upper", "work", "root"))
    for one in (upper, work, root):
        one.mkdir(parents=True)
    options = f"lowerdir={tree},upperdir={upper},workdir={work}"
    await asyncio.to_thread(_mount, options, root)
    built = Machine(root)
    try:
        await asyncio.to_thread(_install, root)
        yield built
    finally:
        await built.cut()
        await asyncio.to_thread(_unmount, root)


def lacks(folder: Path) -> str:
    """Say why no overlay can be mounted here: tried, not guessed."""
    for name in ("lower", "upper", "work", "root"):
        (folder / name).mkdir()
    options = f"lowerdir={folder}/lower,upperdir={folder}/upper,workdir={folder}/work"
    try:
        _mount(options, folder / "root")
    except subprocess.CalledProcessError as error:
        return f"{error} {error.stderr.strip()} It takes root and overlayfs."
    _unmount(folder / "root")
    return ""


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _unmount(where: Path) -> None:
    subprocess.run(["umount", "--lazy", where], check=False, capture_output=True)


def _mount(options: str, where: Path) -> None:
    command = ("mount", "-t", "overlay", "overlay", "-o", options, str(where))
    subprocess.run(command, check=True, capture_output=True, text=True)


def _install(root: Path) -> None:
    """Put in what a package would: the program, its units, its user; and choose tty1 for it."""
    package = root / LIBRARIES.lstrip("/") / "kiosk_tui"
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "kiosk_tui", package, ignore=leave)
    shutil.copytree(ROOT / "styles", package / "styles")
    program = root / "usr/bin/kiosk-tui"
    program.write_text(_PROGRAM)
    program.chmod(0o755)
    chrooted = ("chroot", str(root))
    installer = str(ROOT / "systemd/install")
    commands: tuple[tuple[str, ...], ...] = (
        (installer, "--root", str(root), "--units-in", "/usr/lib/systemd/system"),
        (*chrooted, "python3", "-m", "compileall", "-q", f"{LIBRARIES}/kiosk_tui"),
        (*chrooted, "systemd-sysusers"),
        (*chrooted, "systemctl", "disable", "getty@tty1.service"),
        (*chrooted, "systemctl", "enable", "kiosk-tui@tty1.service"),
    )
    for command in commands:
        subprocess.run(command, check=True, capture_output=True)
