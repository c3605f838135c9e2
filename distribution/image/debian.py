"""The root of an image: Debian's packages and ours, as one compressed read-only file system.

Owns: which Debian (the suite and mirror of this machine's own apt), what is installed and what is set in it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from distribution.image.boards import Board
from distribution.tree import ROOT, output

HERE: Final = ROOT / "distribution" / "image"


def sources(components: Sequence[str]) -> tuple[str, list[str]]:
    """Return the suite and the lines of its archives, as this machine's apt has them."""
    listed = output(
        *("apt-get", "indextargets", "--format"),
        "$(CREATED_BY)|$(LABEL)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)",
    )
    found = [line.split("|") for line in listed.splitlines()]
    ours = sorted(
        {(one[2], one[3]) for one in found if one[0] == "Packages" and one[1][:6] == "Debian"}
    )
    suites = [suite for _, suite in ours if suite.isalpha()]
    if not suites:
        raise RuntimeError(
            "apt knows no mirror of Debian, whose packages an image is made of: apt-get update"
        )
    return suites[0], [f"deb {uri} {suite} {' '.join(components)}" for uri, suite in ours]


def root(board: Board, deb: Path, folder: Path, environment: Mapping[str, str]) -> Path:
    """Make the root; return it as a squashfs. Beside it: `boot`, and `packages.txt` that names all."""
    suite, lines = sources(board.components)
    packed, boot, modules = folder / "root.tar", folder / "boot", " ".join(board.modules)
    boot.mkdir()
    (folder / "sources").write_text("\n".join(lines) + "\n")
    hooks = (
        f'install -D -m 0644 "{deb}" "$1/root/kiosk-tui.deb"',
        f'sh "{HERE}/furnish" "$1" "{HERE}" "{boot}" {board.name} "{modules}"',
    )
    run(
        *("mmdebstrap", "--variant=minbase", f"--architectures={board.architecture}"),
        *("--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*"),
        *(f"--include={','.join(board.packages)}", *(f"--customize-hook={one}" for one in hooks)),
        *(suite, packed, folder / "sources"),
        # the kernel's package makes no initial RAM disk: `furnish` makes it, once
        environment={**environment, "INITRD": "No"},
    )
    squashed = folder / "root.squashfs"
    with packed.open("rb") as stream:
        run(
            *("sqfstar", "-comp", "zstd", "-quiet", "-no-progress", "-processors", "2", squashed),
            environment=environment,
            stdin=stream.fileno(),
        )
    packed.unlink()
    return squashed


def run(*command: str | Path, environment: Mapping[str, str], stdin: int | None = None) -> None:
    """Run a tool. Raises `RuntimeError` with its last words."""
    path = {"PATH": f"{environment.get('PATH', '')}:/usr/sbin:/sbin"}
    done = subprocess.run(
        [*map(str, command)],
        check=False,
        stdin=stdin if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**environment, **path},
    )
    if done.returncode:
        said = " / ".join(done.stdout.strip().splitlines()[-6:])
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {said}")
