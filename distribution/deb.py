"""The Debian package: one file that needs no network to install.

scripts/package                     dist/kiosk-tui_VERSION_ARCH.deb
scripts/package --office            dist/kiosk-tui-office_VERSION_ARCH.deb: head office's machine
scripts/package --output FOLDER     somewhere else
scripts/package --python PYTHON     for another one than /usr/bin/python3; the package depends on its
                                    minor version
scripts/package --architecture ARCH for another one than this machine's: amd64, arm64
scripts/package --revision TEXT     instead of one made of the commit
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from distribution.tree import ROOT, Tree, copy, make, output, plan, settle

SCRIPTS: Final = {
    "kiosk-tui": ROOT / "distribution" / "scripts",
    "kiosk-tui-office": ROOT / "distribution" / "office-scripts",
}
"""What dpkg has to know of each package, and what it runs before and after."""


def main() -> int:
    """Build the package and say where it is."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="kiosk-tui-build-") as folder:
        tree = plan(
            Path(folder) / "stage",
            arguments.python,
            arguments.revision,
            office=arguments.office,
            foreign=foreign(arguments.architecture),
        )
        make(tree, Path(folder))
        file = pack(tree, arguments.output.absolute())
    size = file.stat().st_size / 1e6
    print(f"{file} ({size:.1f} MB, sha256 {_sum(file, 'sha256')})")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/package", description="Build the Debian package of kiosk-tui."
    )
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--office", action="store_true", help="head office instead of a kiosk")
    parser.add_argument("--architecture", choices=("amd64", "arm64"), default="")
    parser.add_argument("--python", default="/usr/bin/python3", metavar="PYTHON")
    parser.add_argument("--revision", metavar="TEXT", help="default: the commit's time and hash")
    return parser.parse_args()


def foreign(architecture: str) -> str:
    """Return an architecture if it is another one than this machine's, otherwise nothing."""
    return "" if architecture == output("dpkg", "--print-architecture") else architecture


def pack(tree: Tree, folder: Path) -> Path:
    """Pack a tree that is made; return the package's file."""
    architecture = tree.foreign or output("dpkg", "--print-architecture")
    _control(tree, architecture)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{_name(tree)}_{tree.version}_{architecture}.deb"
    how = ("--root-owner-group", "-Zzstd", "-z15")
    output("dpkg-deb", *how, "--build", str(tree.stage), str(file), environment=tree.environment)
    return file


def _name(tree: Tree) -> str:
    return "kiosk-tui-office" if tree.office else "kiosk-tui"


def _control(tree: Tree, architecture: str) -> None:
    """Write what dpkg has to know, and what it runs before and after."""
    folder = tree.stage / "DEBIAN"
    folder.mkdir(exist_ok=True)
    files = list(_files(tree.stage))
    values = {
        "VERSION": tree.version,
        "ARCHITECTURE": architecture,
        "SIZE": str(sum(file.stat().st_size for file in files) // 1024),
        "PYTHON": f"3.{tree.minor}",
        "NEXT_PYTHON": f"3.{tree.minor + 1}",
    }
    for source in sorted(SCRIPTS[_name(tree)].iterdir()):
        copy(source, folder / source.name)
    control = folder / "control"
    control.write_text(
        re.sub(r"@([A-Z_]+)@", lambda found: values[found[1]], control.read_text("utf-8"))
    )
    sums = (f"{_sum(file, 'md5')}  {file.relative_to(tree.stage)}\n" for file in files)
    (folder / "md5sums").write_text("".join(sums))
    settle(tree, folder, *folder.iterdir(), tree.stage)


def _files(stage: Path) -> Iterator[Path]:
    for file in sorted(stage.rglob("*")):
        if file.is_file() and not file.is_symlink() and "DEBIAN" not in file.parts:
            yield file


def _sum(file: Path, kind: str) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, kind).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
