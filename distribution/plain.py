"""A plain installation, for systems without dpkg: the same tree, put in place by the same steps.

sudo distribution/install             install, or upgrade what is there
sudo distribution/install --remove    take it away; the journal and the configuration stay
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from distribution.tree import HOME, ROOT, Tree, make, plan

SCRIPTS: Final = ROOT / "distribution" / "scripts"
LIST: Final = HOME / "installed"
"""The files that an installation has put in place, a line each, so that they can be taken away."""


def main() -> int:
    """Install or remove."""
    arguments = _arguments()
    root: Path = arguments.root
    if os.geteuid() != 0 and root == Path("/"):
        print("This writes into /usr: run it as root (sudo distribution/install).", file=sys.stderr)
        return 77
    if shutil.which("dpkg-query") and _owned_by_dpkg(root):
        print("The Debian package is installed here: upgrade or remove that.", file=sys.stderr)
        return 69
    if arguments.remove:
        return _remove(root)
    with tempfile.TemporaryDirectory(prefix="kiosk-tui-install-") as folder:
        tree = plan(Path(folder) / "stage", arguments.python)
        make(tree, Path(folder))
        upgrade = (root / LIST).exists()
        if upgrade and not _script(root, "prerm", "upgrade", tree.version):
            return 75
        before = _listed(root)
        now = _put(tree, root)
        _take_away(root, before - now)
        _script(root, "postinst", "configure", *(["before"] if upgrade else []))
    print(f"kiosk-tui {tree.version} is installed. Next: kiosk-tui config init")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="distribution/install", description=__doc__)
    parser.add_argument("--remove", action="store_true")
    parser.add_argument("--python", default="/usr/bin/python3", metavar="PYTHON")
    parser.add_argument(
        "--root", type=Path, default=Path("/"), help="another tree than this machine"
    )
    return parser.parse_args()


def _owned_by_dpkg(root: Path) -> bool:
    asked = ["dpkg-query", f"--admindir={root / 'var/lib/dpkg'}", "--status", "kiosk-tui"]
    found = subprocess.run(asked, check=False, capture_output=True, text=True)
    return "install ok" in found.stdout


def _script(root: Path, name: str, *arguments: str) -> bool:
    """Run what dpkg would run; in another tree there is nobody to be stopped or started."""
    if root != Path("/"):
        return True
    return subprocess.run([SCRIPTS / name, *arguments], check=False).returncode == 0


def _put(tree: Tree, root: Path) -> set[str]:
    """Put every file in place, each by a rename: whoever starts the program meanwhile finds it whole."""
    for path in sorted(tree.stage.rglob("*")):
        target = root / path.relative_to(tree.stage)
        if path.is_dir() and not path.is_symlink():
            target.mkdir(parents=True, exist_ok=True)
            continue
        draft = target.with_name(f".{target.name}.new")
        draft.unlink(missing_ok=True)
        shutil.copy2(path, draft, follow_symlinks=False)
        draft.replace(target)
    there = {str(path.relative_to(tree.stage)) for path in tree.stage.rglob("*")}
    (root / LIST).write_text("".join(f"{name}\n" for name in sorted(there)))
    return there


def _remove(root: Path) -> int:
    if not (root / LIST).exists():
        print("kiosk-tui is not installed here.", file=sys.stderr)
        return 69
    if not _script(root, "prerm", "remove"):
        return 75
    _take_away(root, _listed(root) | {str(LIST)})
    _script(root, "postrm", "remove")
    print("kiosk-tui is removed; /var/lib/kiosk-tui and /etc/kiosk-tui stay.")
    return 0


def _listed(root: Path) -> set[str]:
    list_ = root / LIST
    return set(list_.read_text("utf-8").splitlines()) if list_.exists() else set()


def _take_away(root: Path, names: set[str]) -> None:
    """Take away files, then the folders that are empty without them."""
    for name in sorted(names, reverse=True):
        path = root / name
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(OSError):
                path.rmdir()
        else:
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
