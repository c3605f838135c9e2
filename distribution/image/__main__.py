"""The image of a whole device: written to a disk or card, it boots into the kiosk (docs/device.md).

scripts/image pc|raspberry-pi       dist/kiosk-tui_BOARD.img, and beside it the list of its packages
scripts/image BOARD --out FILE      somewhere else
scripts/image BOARD --deb FILE      with this package of ours, instead of one built from the checkout
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from distribution.deb import foreign, pack
from distribution.image import debian, disk
from distribution.image.boards import BOARDS, Board
from distribution.tree import ROOT, Tree, make, plan

_TOOLS: Final = {
    "mmdebstrap": "mmdebstrap",
    "sqfstar": "squashfs-tools",
    "mkfs.vfat": "dosfstools",
    "mcopy": "mtools",
    "mkfs.ext4": "e2fsprogs",
    "sfdisk": "fdisk",
    "objcopy": "binutils",
}
_FOREIGN: Final = {"arch-test": "arch-test", "qemu-aarch64-static": "qemu-user-static"}
"""What runs another architecture's programs; the kernel must know of it (binfmt_misc)."""


def main() -> int:
    """Build the image and say where it is."""
    parser = argparse.ArgumentParser(
        prog="scripts/image", description="Build the image of a device."
    )
    parser.add_argument("board", choices=sorted(BOARDS))
    parser.add_argument("--out", type=Path, metavar="FILE")
    parser.add_argument(
        "--deb", type=Path, metavar="FILE", help="default: built from this checkout"
    )
    parser.add_argument("--python", default="/usr/bin/python3", metavar="PYTHON")
    asked = parser.parse_args()
    board = BOARDS[asked.board]
    lacking = lacks(board)
    if lacking:
        sys.stderr.write(lacking + "\n")
        return 69
    out = (asked.out or ROOT / "dist" / f"kiosk-tui_{board.name}.img").absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        build(board, out, asked.deb, asked.python)
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    with out.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    print(f"{out} ({out.stat().st_size / 1e6:.0f} MB, sha256 {digest})")
    return 0


def build(board: Board, out: Path, deb: Path | None, python: str) -> None:
    """Build an image. Raises `RuntimeError` with what a tool said."""
    with tempfile.TemporaryDirectory(prefix="kiosk-tui-image-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        tree = plan(folder / "stage", python, foreign=foreign(board.architecture))
        deb = deb.absolute() if deb else _package(tree, folder)
        squashed = debian.root(board, deb, folder, tree.environment)
        disk.assemble(board, squashed, folder, out, tree.environment)
        shutil.copy(folder / "packages.txt", out.with_suffix(".packages.txt"))


def _package(tree: Tree, folder: Path) -> Path:
    scratch = folder / "scratch"
    scratch.mkdir()
    make(tree, scratch)
    return pack(tree, folder)


def lacks(board: Board) -> str:
    """Say what this machine lacks for a board; empty where it has all."""
    if os.geteuid() != 0:
        return "It takes root to make an image."
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    other = foreign(board.architecture)
    tools = _TOOLS | (_FOREIGN if other else {})
    missing = [package for tool, package in tools.items() if shutil.which(tool, path=path) is None]
    missing += [] if other or disk.STUB.exists() else ["systemd-boot-efi"]
    return f"Some of Debian's packages are not installed: {' '.join(missing)}" if missing else ""


if __name__ == "__main__":
    sys.exit(main())
