"""A small Debian with this program in it, made once and kept outside of the checkout.

Owns: where it comes from (the mirror that this machine's own apt uses), and its name, which says what
is in it: packages, suite, locked libraries. The program itself is put in afterwards, for each boot.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("ca-certificates", "dbus", "python3", "systemd", "systemd-sysv")
LIBRARIES: Final = "/usr/lib/kiosk-tui/site"
_RECIPE: Final = "1"
"""Another number makes everybody's tree anew."""

_GLIBC: Final = ("manylinux_2_17", "manylinux2014", "manylinux_2_28")


@dataclass(frozen=True, slots=True)
class Mirror:
    """Where this machine gets its Debian from."""

    suite: str
    address: str


def mirror() -> Mirror | None:
    """Return the mirror of this machine's apt, or None where it has none of Debian's."""
    if shutil.which("apt-get") is None:
        return None
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(LABEL)|$(COMPONENT)|$(CODENAME)|$(SITE)"],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in listed.stdout.splitlines():
        label, component, suite, address = line.split("|")
        if (label, component) == ("Debian", "main") and suite.isalpha():
            return Mirror(suite, address)
    return None


def lacks(why_root: str, tools: Mapping[str, str], path: str | None = None) -> str:
    """Say what this machine lacks of root, tools (each with its Debian package) and a mirror.

    `path` is where tools are looked for; None is this process's own.
    """
    if os.geteuid() != 0:
        return f"It takes root to {why_root}."
    for tool, package in tools.items():
        if shutil.which(tool, path=path) is None:
            return f"{tool} is not installed (Debian: {package})."
    return "" if mirror() is not None else "apt knows no mirror of Debian."


def kept(of: Mirror, packages: Sequence[str], kind: str, more: bytes = b"") -> Path:
    """Return where a tree of these packages is kept; another list, or `more`, is another place."""
    said = "\n".join((_RECIPE, of.suite, platform.machine(), *packages)).encode() + more
    cache = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser()
    name = f"{kind}-{of.suite}-{hashlib.sha256(said).hexdigest()[:16]}"
    return cache / "kiosk-tui" / "trees" / name


def once(place: Path, make: Callable[[Path], None]) -> Path:
    """Return what is kept at a place; make it when it is not there yet, and forget its elders."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once would both fetch it
        if not place.exists():
            fresh = place.with_name("fresh")
            shutil.rmtree(fresh, ignore_errors=True)
            make(fresh)
            for old in place.parent.glob(f"{place.name.rpartition('-')[0]}-*"):
                shutil.rmtree(old, ignore_errors=True)
            fresh.rename(place)
    return place


def place(of: Mirror) -> Path:
    """Return where the tree of this checkout is kept."""
    lock = (ROOT / "requirements" / "runtime.txt").read_bytes()
    return kept(of, PACKAGES, "container", lock)


def tree(of: Mirror) -> Path:
    """Return the tree; make it when it is not there yet, which takes a minute or two."""
    return once(place(of), lambda folder: _make(of, folder))


def bootstrap(of: Mirror, folder: Path, packages: Sequence[str]) -> None:
    """Fetch a small Debian with these packages."""
    include = f"--include={','.join(packages)}"
    _run("debootstrap", "--variant=minbase", include, of.suite, folder, of.address)
    shutil.rmtree(folder / "var/cache/apt", ignore_errors=True)


def _make(of: Mirror, folder: Path) -> None:
    bootstrap(of, folder, PACKAGES)
    version = _run(
        *("chroot", folder, "python3", "-c"), "import sys; print('%d.%d' % sys.version_info[:2])"
    ).strip()
    _run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--target", f"{folder}{LIBRARIES}", "--no-compile", *locked_for(version)),
        *("--requirement", ROOT / "requirements" / "runtime.txt"),
    )
    _run("chroot", folder, "python3", "-m", "compileall", "-q", LIBRARIES)


def locked_for(version: str) -> tuple[str, ...]:
    """Return how pip is asked for the locked wheels of another Python (such as "3.13") than its own."""
    return (
        *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("--implementation", "cp", "--python-version", version),
        *("--abi", f"cp{version.replace('.', '')}", "--abi", "abi3", "--abi", "none"),
        *(word for one in _GLIBC for word in ("--platform", f"{one}_{platform.machine()}")),
    )


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-5:]
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {' / '.join(said)}")
    return done.stdout
