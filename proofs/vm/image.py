"""A disk image that boots: a small Debian with a kernel, our package installed, locked down.

Owns: what is on the disk. The Debian is made once and kept outside of the checkout; the package is
built from this checkout and installed by dpkg, without a network, as on a customer's machine.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kiosk_tui.lab.drill.sandbox import KEY
from proofs.boot import tree
from proofs.boot.tree import ROOT, Mirror

PACKAGES: Final = (
    *("ca-certificates", "console-setup", "dbus", "e2fsprogs", "iproute2", "kbd", "kmod"),
    *("linux-image-amd64", "python3", "systemd-sysv", "udev"),
)
_SIZE: Final = "1536M"

_NETWORK: Final = "[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n"

# Only this image has it: what stands on the console goes out on the serial line, once a second.
_EYES: Final = """[Unit]
Description=What the console shows, on the serial line
[Service]
ExecStart=/bin/sh -c 'while sleep 1; do fold -w $$(stty -F /dev/tty1 size | cut -d" " -f2) \\
    </dev/vcs1; echo; echo =====; done >/dev/ttyS0'
[Install]
WantedBy=multi-user.target
"""


def debian(mirror: Mirror) -> Path:
    """Return the Debian, made when it is not there yet: some minutes, and half a gigabyte."""
    kept = tree.kept(mirror, PACKAGES, "vm")
    return tree.once(kept, lambda folder: tree.bootstrap(mirror, folder, PACKAGES))


def package(folder: Path) -> Path:
    """Build the package of this checkout."""
    built = [sys.executable, "-m", "distribution.deb", "--output", str(folder)]
    subprocess.run(built, check=True, cwd=ROOT, capture_output=True)
    (file,) = folder.glob("*.deb")
    return file


@contextlib.contextmanager
def laid_over(debian_tree: Path, folder: Path) -> Iterator[Path]:
    """Lay a folder over the Debian, so that nothing is changed in it."""
    upper, work, root = (folder / name for name in ("upper", "work", "root"))
    for one in (upper, work, root):
        one.mkdir(parents=True)
    options = f"lowerdir={debian_tree},upperdir={upper},workdir={work}"
    run("mount", "-t", "overlay", "overlay", "-o", options, root)
    try:
        yield root
    finally:
        run("umount", root)
        shutil.rmtree(folder)


def furnish(root: Path, deb: Path, url: str) -> None:
    """Install the package and lock the machine down, as the README says; then name TECS and the key."""
    shutil.copy(deb, root / "root/kiosk-tui.deb")
    run("chroot", root, "dpkg", "--install", "/root/kiosk-tui.deb")
    (root / "root/kiosk-tui.deb").unlink()
    run(root / "usr/share/kiosk-tui/systemd/lockdown/lockdown", "install", "--root", root)
    configure(root, url)
    key = root / "etc/credstore/kiosk-tui.authkey"
    key.parent.mkdir(0o700, exist_ok=True)
    key.touch(0o600)
    key.write_text(KEY + "\n")
    for name, text in {
        "etc/systemd/network/wired.network": _NETWORK,
        "etc/systemd/system/eyes.service": _EYES,
        "etc/fstab": "/dev/vda / ext4 defaults,errors=remount-ro 0 1\n",
        "etc/hostname": "kiosk\n",
    }.items():
        (root / name).write_text(text)
    enabled = ("kiosk-tui@tty1.service", "systemd-networkd.service", "eyes.service")
    run("chroot", root, "systemctl", "enable", *enabled)


def configure(root: Path, url: str) -> None:
    """Write the configuration of the kiosk."""
    settings = root / "etc/kiosk-tui/config.toml"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(
        f'[terminal]\nurl = "{url}"\nallow_http = true\nnumber = "88091105"\n'
        "status_query = false\n[timeouts]\nsettle_s = 120\nanswer_s = 90\n"
    )


def disk(root: Path, file: Path) -> None:
    """Make a disk of the tree, without mounting anything."""
    run("mkfs.ext4", "-q", "-F", "-d", root, file, _SIZE)


def boot_files(root: Path) -> tuple[Path, Path]:
    """Return kernel and initial RAM disk."""
    (kernel,), (ram,) = ((root / "boot").glob(name) for name in ("vmlinuz-*", "initrd.img-*"))
    return kernel, ram


@contextlib.contextmanager
def opened(file: Path, where: Path, *, mend: bool = True) -> Iterator[Path]:
    """Mount a disk, after its file system has replayed its own log, as a boot would have it."""
    if mend:
        subprocess.run(["/usr/sbin/e2fsck", "-fy", file], check=False, capture_output=True)
    where.mkdir(exist_ok=True)
    run("mount", "-o", "loop", file, where)
    try:
        yield where
    finally:
        run("umount", where)


def run(*command: str | Path) -> str:
    """Run a tool of the machine. Raises `RuntimeError` with its last words."""
    path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    more = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [*map(str, command)], check=False, capture_output=True, text=True, env=path | more
    )
    if done.returncode:
        said = " / ".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {said}")
    return done.stdout
