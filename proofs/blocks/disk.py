"""A real ext4 file system on a block device that remembers its writes.

Owns: mounts, loop devices and the storage daemon. All of it lives in a mount namespace of this process
alone, so the kernel takes it away whenever and however the process ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

SIZES: Final = {4096: 160 << 20, 1024: 32 << 20}
"""Bytes of the file system by the size of its blocks: two groups of them at least, because only then
is there a second superblock, as on every real disk."""

SUPERBLOCK: Final = range(1024, 2048)
"""Where ext4 keeps it, in bytes: two sectors, whatever the size of blocks."""

_MAGIC: Final = 0xEF53
_WROTE: Final = 0x30
_JOURNAL: Final = bytes.fromhex("c03b399800000004")
_NEW_MOUNTS: Final = 0x00020000
_PATIENCE_S: Final = 20.0
_COMMANDS: Final = {
    "qemu-storage-daemon": "qemu-system-common",
    "mkfs.ext4": "e2fsprogs",
    "e2fsck": "e2fsprogs",
    "mount": "mount",
    "setpriv": "util-linux",
}
_SEARCH: Final = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


class CannotMountError(Exception):
    """The kernel refuses an image; the text is what `mount` says."""


def lacks() -> str:
    """Say what this machine lacks to record and mount block devices."""
    for command, package in _COMMANDS.items():
        if shutil.which(command, path=_SEARCH) is None:
            return f"{command}: apt-get install {package} (scripts/prepare-proofs does)"
    if os.geteuid() != 0:
        return "root, to mount file systems"
    for device in ("/dev/fuse", "/dev/loop-control"):
        if not os.access(device, os.R_OK | os.W_OK):
            return f"the device {device}"
    trial = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True,
        check=False,
    )
    return (
        "" if trial.returncode == 0 else "the right to mount (a container without CAP_SYS_ADMIN?)"
    )


def own_mounts(folder: Path) -> None:
    """Give this process mounts of its own, and `folder` a memory file system only it can see."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_MOUNTS) != 0:
        raise OSError(ctypes.get_errno(), "No mounts of our own")
    _do("mount", "--make-rprivate", "/")
    _do("mount", "-t", "tmpfs", "none", str(folder))


def make(image: Path, block: int) -> None:
    """Make an empty ext4 with a journal and blocks of that many bytes, else by its own defaults."""
    with image.open("wb") as file:
        file.truncate(SIZES[block])
    # Written at once: what is written later, in the background, is not what is under test.
    now = "lazy_itable_init=0,lazy_journal_init=0"
    _do("mkfs.ext4", "-q", "-b", str(block), "-N", "512", "-E", now, str(image))


def write(image: Path, size: int, *contents: Mapping[int, bytes | bytearray]) -> None:
    """Write an image anew, zeros, then these contents by their offset in bytes: in a file of its own.

    `mount` takes a loop device that is still bound to the same file, with what it remembers of that.
    """
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(size)
        for content in contents:
            for at, data in content.items():
                os.pwrite(file.fileno(), data, at)


@contextlib.contextmanager
def mounted(image: Path) -> Iterator[Path]:
    """Mount an image; the kernel replays its journal, as when a machine starts."""
    point = image.with_suffix(".mnt")
    point.mkdir(exist_ok=True)
    try:
        _do("mount", "-o", "loop,noatime", str(image), str(point))
    except OSError as error:
        raise CannotMountError(str(error)) from error
    try:
        yield point
    finally:
        _do("umount", str(point))


@contextlib.contextmanager
def recorded(image: Path, log: Path) -> Iterator[Path]:
    """Yield a device with the content of `image` that writes down each write and flush in `log`."""
    export = image.with_suffix(".export")
    log.touch()
    export.touch()
    daemon = subprocess.Popen(
        [
            *("setpriv", "--pdeathsig", "KILL", "qemu-storage-daemon"),
            *("--blockdev", f"driver=file,node-name=disk,filename={image}"),
            *("--blockdev", f"driver=file,node-name=log,filename={log}"),
            *("--blockdev", "driver=blklogwrites,node-name=logged,file=disk,log=log"),
            *("--export", f"fuse,id=export,node-name=logged,mountpoint={export},writable=on"),
        ]
    )
    try:
        end = time.monotonic() + _PATIENCE_S
        while export.stat().st_size == 0:
            if daemon.poll() is not None or time.monotonic() > end:
                raise RuntimeError("The storage daemon did not start.")
            time.sleep(0.01)
        yield export
    finally:
        daemon.terminate()
        daemon.wait(_PATIENCE_S)


def superblock_is_torn(image: Path) -> bool:
    """Say whether an image's superblock is not as the kernel has written it: its checksum is wrong.

    The kernel does not mount it then, and e2fsck takes a copy of the superblock that was written when the
    file system was made, and that does not know of a journal to be replayed.
    """
    with image.open("rb") as file:
        found = os.pread(file.fileno(), SUPERBLOCK.stop - SUPERBLOCK.start, SUPERBLOCK.start)
    magic = int.from_bytes(found[0x38:0x3A], "little")
    return magic != _MAGIC or _crc32c(found[:-4]) != int.from_bytes(found[-4:], "little")


def journal_of(chunks: Mapping[int, bytes]) -> int:
    """Return where the superblock of ext4's own journal lies in a file system that was just made."""
    for at, chunk in chunks.items():
        inside = chunk.find(_JOURNAL)
        if inside >= 0:
            return at + inside
    raise ValueError("This is no ext4 with a journal.")


def rewritten(superblock: bytes) -> bytes:
    """Return a superblock as the kernel writes it a little later: another time of writing, a new checksum."""
    wrote = int.from_bytes(superblock[_WROTE : _WROTE + 4], "little") + 5
    changed = superblock[:_WROTE] + wrote.to_bytes(4, "little") + superblock[_WROTE + 4 : -4]
    return changed + _crc32c(changed).to_bytes(4, "little")


def _crc32c(data: bytes) -> int:
    """Return the checksum of ext4's superblock (Castagnoli's polynomial, not inverted at the end)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc


def mend(image: Path) -> None:
    """Repair what the kernel does not mount, as a machine does that starts after a power cut."""
    # A file of its own, as above: the mount that failed may not have let go of the other one yet.
    fresh = image.with_suffix(".mended")
    shutil.copyfile(image, fresh)
    fresh.replace(image)
    # Its exit code says what was mended; whether it helped is seen when the image is mounted.
    subprocess.run(
        ["e2fsck", "-fy", str(image)], env={"PATH": _SEARCH}, capture_output=True, check=False
    )


def _do(*command: str) -> None:
    done = subprocess.run(
        command, env={"PATH": _SEARCH}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
