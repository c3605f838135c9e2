"""The Debians that are supported: a tree of each, and this checkout at work in it.

Owns: what a tree holds before anything of ours is in it (what the README asks for, made once and kept
outside of the checkout), and that nothing is fetched in it: the machine's own pip fetches the locked
wheels, and the tree's pip takes them from a folder.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proofs.boot import tree
from proofs.boot.tree import ROOT, Mirror
from proofs.vm.image import laid_over, run

SUITES: Final = {"bookworm": "3.11", "trixie": "3.13"}
"""Each Debian with its Python, the older one first."""

_PACKAGES: Final = ("ca-certificates", "git", "python3", "python3-pip", "python3-venv", "systemd")
_CHECKOUT: Final = "root/checkout"
_WHEELS: Final = "root/wheels"


@dataclass(frozen=True, slots=True)
class Debian:
    """One of them: its tree, which nobody changes, and the wheels that its Python takes."""

    suite: str
    tree: Path
    wheels: Path


def debians(mirror: Mirror, locks: Sequence[str]) -> list[Debian]:
    """Return all of them, the older one first; what is not there yet takes a minute or two each."""
    return [_debian(dataclasses.replace(mirror, suite=suite), locks) for suite in SUITES]


def _debian(of: Mirror, locks: Sequence[str]) -> Debian:
    files = [ROOT / "requirements" / f"{name}.txt" for name in locks]
    held = b"".join(file.read_bytes() for file in files)
    return Debian(
        of.suite,
        tree.once(
            tree.kept(of, _PACKAGES, "checkout"), lambda to: tree.bootstrap(of, to, _PACKAGES)
        ),
        tree.once(
            tree.kept(of, locks, f"wheels_{len(locks)}", held),
            lambda to: _fetch(SUITES[of.suite], files, to),
        ),
    )


def _fetch(version: str, locks: Sequence[Path], to: Path) -> None:
    fetch = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
    wanted = (word for lock in locks for word in ("--requirement", lock))
    run_as_is(*fetch, "--dest", to, *tree.locked_for(version), *wanted)


@contextlib.contextmanager
def checked_out(debian: Debian, folder: Path) -> Iterator[Path]:
    """Lay this checkout, as its files are now, over a Debian; return its root."""
    with laid_over(debian.tree, folder) as root:
        checkout, wheels = root / _CHECKOUT, root / _WHEELS
        run_as_is("git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", checkout)
        listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout
        pack = ("tar", "--create", "--null", "--ignore-failed-read", "--files-from=-")
        packed = subprocess.run(pack, cwd=ROOT, input=names, check=True, capture_output=True)
        subprocess.run(("tar", "--extract"), cwd=checkout, input=packed.stdout, check=True)
        wheels.mkdir()
        run("mount", "--bind", debian.wheels, wheels)
        run("mount", "-t", "proc", "proc", root / "proc")
        try:
            yield root
        finally:
            run("umount", "--lazy", root / "proc")
            run("umount", wheels)


def command(root: Path, *words: str) -> list[str]:
    """Return the command that calls something of the checkout in its tree."""
    settings = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "TERM": "linux",
        "LANG": "C.UTF-8",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": f"/{_WHEELS}",
    }
    said = (f"{name}={value}" for name, value in settings.items())
    return ["chroot", str(root), "env", "-i", *said, f"/{_CHECKOUT}/{words[0]}", *words[1:]]


def package(root: Path, revision: str, to: Path) -> Path:
    """Build the package with the tree's own Python; return where it lies outside."""
    run_as_is(*command(root, "scripts/package", "--revision", revision, "--output", "/root/built"))
    (file,) = (root / "root/built").glob(f"*+{revision}~*.deb")
    to.mkdir(parents=True, exist_ok=True)
    return Path(run_as_is("cp", "--verbose", file, to) and to / file.name)


def run_as_is(*command: str | Path) -> str:
    """Run a command with this machine's own settings. Raises `RuntimeError` with its last words."""
    done = subprocess.run(
        [*map(str, command)], check=False, capture_output=True, text=True, env=dict(os.environ)
    )
    if done.returncode:
        said = " / ".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {said}")
    return done.stdout
