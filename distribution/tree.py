"""The tree of files that a machine gets: a virtual environment of its own, units, papers.

Owns: what lies where. The same commit gives the same bytes, on whatever day and in whatever folder it
is made: every time in it is the commit's, and no path of the making is left in it. It needs git, pip
and the package index for the libraries, each of which must have the hash that requirements/ names.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from distribution.licences import third_party_licences

ROOT: Final = Path(__file__).resolve().parent.parent
HOME: Final = Path("usr/lib/kiosk-tui")
"""Where the program lies on the machine."""


_LOCKED: Final = ("--require-hashes", "--only-binary", ":all:")
_MACHINES: Final = {"amd64": "x86_64", "arm64": "aarch64"}
"""Debian's name of an architecture, and that of wheels."""
_GLIBC: Final = range(17, 37)
"""The minor versions of glibc 2 whose wheels run on Debian 12."""


@dataclass(frozen=True)
class Tree:
    """What is made, where, for which Python, and with which moment in it (seconds since 1970).

    `office` is head office's own machine: its libraries and units instead of a kiosk's. `foreign` is another
    architecture than this machine's, as Debian calls it.
    """

    stage: Path
    python: str
    minor: int
    version: str
    moment: int
    office: bool = False
    foreign: str = ""

    @property
    def home(self) -> Path:
        """The virtual environment, inside of the tree."""
        return self.stage / HOME

    @property
    def packages(self) -> Path:
        """Where the libraries lie."""
        return self.home / "lib" / f"python3.{self.minor}" / "site-packages"

    @property
    def lock(self) -> Path:
        """The libraries, each with its version and hashes."""
        return ROOT / "requirements" / ("office.txt" if self.office else "package.txt")

    @property
    def environment(self) -> dict[str, str]:
        """What every command of the making sees: nothing that differs from one day to the next."""
        return {
            **os.environ,
            "SOURCE_DATE_EPOCH": str(self.moment),
            "PYTHONHASHSEED": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, *command: str | Path, **more: str) -> None:
        """Run a command in the checkout; `more` goes into its environment."""
        environment = self.environment | more
        subprocess.run([*map(str, command)], check=True, env=environment, cwd=ROOT)


def plan(
    stage: Path,
    python: str,
    revision: str | None = None,
    *,
    office: bool = False,
    foreign: str = "",
) -> Tree:
    """Say what will be made for this Python; the commit's time and hash are the revision."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    moment = int(os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct"))
    # the time first: a later commit is a later version
    of_commit = _git("log", "-1", "--date=format-local:%Y%m%d%H%M%S", "--format=%cd.g%h")
    asked = "import sys; print(sys.version_info.minor, sys.executable)"
    minor, executable = output(python, "-c", asked).split(maxsplit=1)
    return Tree(
        stage=stage,
        python=executable,
        minor=int(minor),
        version=f"{project['version']}+{revision or of_commit}~py3{minor}",
        moment=moment,
        office=office,
        foreign=foreign,
    )


def make(tree: Tree, scratch: Path) -> None:
    """Make the whole tree; `scratch` is a folder for what is not part of it."""
    _environment(tree)
    _libraries(tree, scratch)
    _command(tree)
    _compile(tree)
    if tree.foreign:
        _exchange(tree, scratch)
    _units(tree)
    _papers(tree)
    _share(tree)
    _settle(tree)


def _environment(tree: Tree) -> None:
    """Make the virtual environment, without what only whoever types in it needs."""
    home = tree.home
    tree.run(tree.python, "-m", "venv", "--without-pip", "--symlinks", home)
    for name in ("bin", "include"):
        shutil.rmtree(home / name, ignore_errors=True)
    (home / "lib64").unlink(missing_ok=True)
    (home / "bin").mkdir()
    own = f"python3.{tree.minor}"
    real = Path(tree.python).resolve()
    (home / "bin" / "python").symlink_to(real)
    for name in ("python3", own):
        (home / "bin" / name).symlink_to("python")
    (home / "pyvenv.cfg").write_text(
        f"home = {real.parent}\ninclude-system-site-packages = false\nversion = 3.{tree.minor}\n"
    )


def _libraries(tree: Tree, scratch: Path) -> None:
    """Install what the lock names, and this program as a wheel."""
    mine = (sys.executable, "-m", "pip", "-qq")
    into = (*mine, "--python", tree.home / "bin" / "python", "install")
    quiet = ("--no-deps", "--no-compile", "--no-warn-script-location", "--root-user-action=ignore")
    locked = (*quiet, *_LOCKED)
    building = ROOT / "requirements" / "build.txt"
    tree.run(*into, *locked, "-r", tree.lock)
    tools = scratch / "tools"
    tree.run(*mine, "install", *locked, "--target", tools, "-r", building)
    call = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    tree.run(sys.executable, "-c", call, scratch, PYTHONPATH=str(tools))
    (wheel,) = scratch.glob("*.whl")
    tree.run(*into, *quiet, "--no-index", wheel)
    if not tree.office:
        shutil.rmtree(tree.packages / "kiosk_tui" / "office")
    for info in tree.packages.glob("*.dist-info"):
        for name in (
            "RECORD",
            "INSTALLER",
            "REQUESTED",
            "direct_url.json",
        ):  # pip's, with our paths
            (info / name).unlink(missing_ok=True)
    for script in (tree.home / "bin").iterdir():
        if not script.is_symlink():  # a library's own command, with our path in its first line
            script.unlink()


def _command(tree: Tree) -> None:
    command = tree.home / "bin" / "kiosk-tui"
    # Here the place of Python is known: no shell is needed. -I: nothing of other programs' environment;
    # -B: all is compiled already; -S: the libraries are found when the first picture stands.
    _, python = (ROOT / "distribution" / "kiosk-tui").read_text("utf-8").split("\n'''\n")
    command.write_text(f"#!/{HOME}/bin/python -IBS\n{python}")
    command.chmod(0o755)
    link = tree.stage / "usr/bin/kiosk-tui"
    link.parent.mkdir(parents=True)
    link.symlink_to(Path("..") / HOME.relative_to("usr") / "bin/kiosk-tui")


def _compile(tree: Tree) -> None:
    """Compile all modules, and what they compile at each start: without, the first start takes almost four times as long.

    They are never held against their sources again, so that no file's time matters.
    """
    how = ("-q", "-j", "1", "--invalidation-mode", "unchecked-hash", "-s", tree.stage, "-p", "/")
    tree.run(tree.home / "bin" / "python", "-m", "compileall", *how, tree.home / "lib")
    # some patterns are joined from sets, whose order hangs on this seed
    tree.run(tree.home / "bin" / "python", "-BPs", "-m", "kiosk_tui.compiled", PYTHONHASHSEED="0")


def _exchange(tree: Tree, scratch: Path) -> None:
    """Take another architecture's machine code in place of ours; all else of a library is the same for both.

    Python's own compiled code, which `_compile` made, hangs on Python's version alone.
    """
    other, machine = scratch / "foreign", _MACHINES[tree.foreign]
    wheels = (
        *(f"--platform=manylinux_2_{minor}_{machine}" for minor in _GLIBC),
        *(f"--platform=manylinux2014_{machine}", f"--python-version=3.{tree.minor}"),
    )
    pip = (sys.executable, "-m", "pip", "-qq", "install", "--no-deps", "--no-compile")
    tree.run(*pip, *_LOCKED, *wheels, "--target", other, "-r", tree.lock)
    for ours in _machine_code(tree.packages):
        ours.unlink()
    for theirs in _machine_code(other):
        target = tree.packages / theirs.relative_to(other)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(theirs, target)
    for theirs in other.glob("*.dist-info/WHEEL"):
        shutil.copy(theirs, tree.packages / theirs.relative_to(other))
    for theirs in other.rglob("*.py"):
        ours = tree.packages / theirs.relative_to(other)
        if ours.read_bytes() != theirs.read_bytes():
            raise RuntimeError(f"{ours.name} of a library differs by architecture: {ours}")


def _machine_code(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if ".so" in file.suffixes and file.is_file()]


def _units(tree: Tree) -> None:
    folder = ROOT / "systemd" / "office" if tree.office else ROOT / "systemd"
    tree.run(folder / "install", "--root", tree.stage, "--units-in", "/usr/lib/systemd/system")
    # what the machine's owner may add: the lane for SSH, the lock-down, drop-ins; nginx, alert rules
    for top in (ROOT / "distribution" / "office",) if tree.office else (folder,):
        for source in sorted(top.rglob("*")):
            if source.is_file() and not source.is_relative_to(ROOT / "systemd" / "office"):
                copy(source, tree.stage / "usr/share/kiosk-tui" / source.relative_to(ROOT))


def _papers(tree: Tree) -> None:
    folder = tree.stage / "usr/share/doc/kiosk-tui"
    papers = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.*")))
    for source in papers:
        copy(source, folder / source.relative_to(ROOT))
    copy(ROOT / "LICENSE", folder / "copyright")  # under Debian's name for it
    (folder / "THIRD_PARTY_LICENSES").write_text(third_party_licences(tree.packages), "utf-8")


def _share(tree: Tree) -> None:
    """Put manual pages and completions where man and shells look: not inside of the environment."""
    for path in sorted((tree.home / "share").rglob("*kiosk-tui*")):
        target = tree.stage / "usr" / path.relative_to(tree.home)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    shutil.rmtree(tree.home / "share")  # the manual of a library's command, which is not there
    zsh = Path("usr/share/zsh")
    debian = (
        tree.stage / zsh / "vendor-completions/_kiosk-tui"
    )  # Debian's zsh reads no site-functions
    debian.parent.mkdir()
    debian.symlink_to("../site-functions/_kiosk-tui")


def _settle(tree: Tree) -> None:
    """Give every file the mode and the moment that it has in every making."""
    settle(tree, tree.stage, *tree.stage.rglob("*"))


def settle(tree: Tree, *paths: Path) -> None:
    """Give files and folders their mode and moment."""
    for path in paths:
        if not path.is_symlink():
            runs = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (tree.moment, tree.moment), follow_symlinks=False)


def copy(source: Path, target: Path) -> None:
    """Copy a file with its mode, as one that anybody may read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o755 if os.access(source, os.X_OK) else 0o644)


def output(*command: str, environment: Mapping[str, str] | None = None) -> str:
    """Return what a command printed."""
    whole = {**os.environ, **(environment or {})}
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=whole)
    return ran.stdout.strip()


def _git(*arguments: str) -> str:
    return output("git", "-C", str(ROOT), *arguments, environment={"TZ": "UTC"})
