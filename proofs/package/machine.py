"""A tree that dpkg installs into, and the simulated TECS that what is installed there talks to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kiosk_tui.lab.drill.line import HOST
from kiosk_tui.lab.drill.sandbox import KEY, Sandbox
from kiosk_tui.simulator.asgi import PREFIX
from proofs.vm.image import laid_over, run

STATE: Final = "var/lib/kiosk-tui"
_WAITS_S: Final = "3"


def renumbered(package: Path, old: str, new: str) -> Path:
    """Return the same package as another version: only its number differs."""
    made = package.with_name(package.name.replace(old, new))
    with tempfile.TemporaryDirectory(prefix="kiosk-tui-package-") as folder:
        run("dpkg-deb", "--raw-extract", package, folder)
        control = Path(folder, "DEBIAN", "control")
        control.write_text(control.read_text("utf-8").replace(old, new, 1), "utf-8")
        run("dpkg-deb", "--root-owner-group", "-Znone", "--build", folder, made)
    return made


@dataclass
class Machine:
    """The tree, and the two versions that can be installed into it."""

    root: Path
    sandbox: Sandbox
    first: Path
    second: Path
    _running: list[asyncio.subprocess.Process] = field(default_factory=list)

    # -- dpkg ------------------------------------------------------------------------------------

    def install(self, package: Path, *, fails: bool = False) -> str:
        """Install a version with nothing but dpkg; return what was said."""
        return self._dpkg("--install", f"/root/{package.name}", fails=fails)

    def inherit(self, old: Machine) -> None:
        """Become what an upgrade of the whole Debian leaves: the old one's package, record and settings.

        The package's Python is gone by then, so nothing of it runs any more.
        """
        run("cp", old.first, self.root / "root")
        self._dpkg("--install", "--force-depends", f"/root/{old.first.name}", fails=False)
        for name in (STATE, "etc/kiosk-tui"):
            run("cp", "--archive", "--no-target-directory", old.root / name, self.root / name)
            run("chroot", self.root, "chown", "--recursive", "kiosk-tui:", f"/{name}")

    def dpkg(self, *words: str) -> str:
        """Call dpkg."""
        return self._dpkg(*words, fails=False)

    def version(self) -> str:
        """Return which version is installed, or nothing."""
        asked = ("chroot", self.root, "dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}")
        done = subprocess.run([*map(str, asked), "kiosk-tui"], check=False, capture_output=True)
        return done.stdout.decode().removeprefix("installed ").strip()

    def _dpkg(self, *words: str, fails: bool) -> str:
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "DEBIAN_FRONTEND": "noninteractive",
            "KIOSK_TUI_WAIT_S": _WAITS_S,
        }
        command = ("chroot", str(self.root), "dpkg", *words)
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        if (done.returncode != 0) is not fails:
            raise RuntimeError(f"dpkg {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    # -- the program -----------------------------------------------------------------------------

    async def start(self, *command: str) -> asyncio.subprocess.Process:
        """Start the installed program as its own user."""
        as_user = ("chroot", str(self.root), "runuser", "-u", "kiosk-tui", "--")
        environment = ("env", f"STATE_DIRECTORY=/{STATE}", "/usr/bin/kiosk-tui")
        one = await asyncio.create_subprocess_exec(
            *as_user, *environment, *command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._running.append(one)
        return one

    async def call(self, *command: str) -> tuple[int, str]:
        """Call the installed program as its own user; return exit code and output."""
        one = await self.start(*command)
        said, _ = await one.communicate()
        return one.returncode or 0, said.decode("utf-8", "replace")

    async def journal(self) -> list[dict[str, Any]]:
        """Return the transactions that the installed program finds in its journal."""
        _, said = await self.call("journal", "list", "--json")
        return [json.loads(line) for line in said.splitlines()]

    def configure(self) -> None:
        """Name TECS and the key, in the installed machine's own places."""
        folder = self.root / "etc/kiosk-tui"
        (folder / "config.toml").write_text(
            f'[terminal]\nurl = "http://{HOST}:{self.sandbox.line.port}{PREFIX}"\n'
            'number = "88091105"\nstatus_query = false\n'
            '[auth]\nkey_file = "/etc/kiosk-tui/authkey"\n[timeouts]\nsettle_s = 3\n'
        )
        (folder / "authkey").write_text(KEY + "\n")
        run("chroot", self.root, "chown", "kiosk-tui:", "/etc/kiosk-tui/authkey")
        (folder / "authkey").chmod(0o600)

    async def stop(self) -> None:
        """Leave no process behind."""
        for one in self._running:
            with contextlib.suppress(ProcessLookupError):
                one.kill()
            await one.wait()


@contextlib.asynccontextmanager
async def machine(
    debian: Path, folder: Path, built: tuple[Path, Path], tecs: Sandbox
) -> AsyncIterator[Machine]:
    """Lay a machine over the Debian; nothing of it stays."""
    with laid_over(debian, folder) as root:
        run("mount", "-t", "proc", "proc", root / "proc")
        try:
            for one in built:
                run("cp", one, root / "root")
            made = Machine(root, tecs, *built)
            try:
                yield made
            finally:
                await made.stop()
        finally:
            run("umount", "--lazy", root / "proc")
