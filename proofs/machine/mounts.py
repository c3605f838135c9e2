"""A small ext4 of its own, in a file, that can be filled, made read-only, or broken while it is used."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SIZE: Final = 32 * 1024 * 1024
_FAILED: Final = 4
"""What e2fsck's exit code is at least when it could not mend the file system."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A mounted file system. `image` is the file that it lies in."""

    image: Path
    where: Path

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """Take all the room there is, to the last byte."""
        filler = self.where / "filler"
        for size in (65_536, 512):
            with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
        try:
            yield
        finally:
            filler.unlink()

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """Remount it; only possible while no file is open for writing."""
        _run("mount", "-o", "remount,ro", str(self.where))
        try:
            yield
        finally:
            _run("mount", "-o", "remount,rw", str(self.where))

    @contextlib.contextmanager
    def broken(self) -> Iterator[None]:
        """Tell the kernel that it found an error: nothing is written from now on, open files or not.

        Afterwards it is mended and mounted anew, as a reboot would do.
        """
        device = _run("findmnt", "--noheadings", "--output", "SOURCE", str(self.where)).strip()
        with contextlib.suppress(OSError):  # says that the file system is read-only: it worked
            Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error").write_text("1")
        if _writable(self.where):
            raise RuntimeError("the kernel did not make the broken file system read-only")
        try:
            yield
        finally:
            _run("umount", str(self.where))
            checked = subprocess.run(
                ["e2fsck", "-fy", str(self.image)], check=False, capture_output=True
            )
            if checked.returncode >= _FAILED:
                raise RuntimeError(f"e2fsck gave up: {checked.stdout.decode('utf-8', 'replace')}")
            self.mount()

    def mount(self) -> None:
        """Mount it; the loop device goes with the mount."""
        _run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.where))


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Make a file system and mount it; nothing of it is left afterwards."""
    disk = Disk(folder / "image", folder / "disk")
    disk.where.mkdir(parents=True)
    with disk.image.open("wb") as file:
        file.truncate(_SIZE)
    _run("mkfs.ext4", "-q", "-m", "0", str(disk.image))
    disk.mount()
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk.where)], check=False, capture_output=True)


def lacks() -> str:
    """Say why such a file system cannot be mounted here: tried, not guessed."""
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            small_disk(Path(folder)) as disk,
            disk.broken(),
        ):
            return ""
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        return f"{error} It takes root and a loop device."


def _writable(folder: Path) -> bool:
    try:
        (folder / "probe").touch()
    except OSError:
        return False
    return True


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
