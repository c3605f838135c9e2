"""A device's disk while the device is off, as a laptop has it: nothing is mounted, and root is not needed.

What is on an ext4 is read from a copy whose log was replayed first, as a boot would do it.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from proofs.vm.image import run

FAT, ROOT, ANCHOR, JOURNAL = 1, 2, 3, 4
FONT: Final = "usr/share/consolefonts/Uni2-TerminusBold24x12.psf.gz"
_SECTOR: Final = 512
_TABLE: Final = 446
_ROW: Final = 16
_CHUNK: Final = 1024 * 1024


class Part(NamedTuple):
    """Where a partition lies, in bytes."""

    start: int
    size: int


class Disk:
    """The file that a device boots from."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def part(self, number: int) -> Part:
        """Return where a partition lies by the table that is there now."""
        with self.file.open("rb") as stream:
            stream.seek(_TABLE + (number - 1) * _ROW + 8)
            start, size = struct.unpack("<II", stream.read(8))
        return Part(start * _SECTOR, size * _SECTOR)

    def chunks(self, number: int) -> Iterator[bytes]:
        """Yield what is in a partition, byte by byte."""
        start, left = self.part(number)
        with self.file.open("rb") as stream:
            stream.seek(start)
            while left:
                yield (chunk := stream.read(min(_CHUNK, left)))
                left -= len(chunk)

    def holds(self, number: int, secret: bytes) -> bool:
        """Whether these bytes stand anywhere in a partition, also outside of its files."""
        tail = b""
        for chunk in self.chunks(number):
            if secret in tail + chunk:
                return True
            tail = chunk[-len(secret) :]
        return False

    def put(self, name: str, text: str, scratch: Path) -> None:
        """Write a file onto the FAT partition."""
        source = scratch / "put"
        source.write_text(text)
        run("mcopy", "-o", "-i", self._fat, source, f"::/{name}")

    def remove(self, name: str) -> None:
        """Remove a file of the FAT partition."""
        run("mdel", "-i", self._fat, f"::/{name}")

    def listed(self) -> list[str]:
        """Return the names of the FAT partition's own files and folders."""
        said = run("mdir", "-b", "-i", self._fat, "::/")
        return sorted(line.removeprefix("::/").rstrip("/") for line in said.splitlines() if line)

    def read(self, name: str) -> str:
        """Return what a file of the FAT partition says."""
        return run("mtype", "-i", self._fat, f"::/{name}")

    @contextmanager
    def tree(self, number: int, scratch: Path) -> Iterator[Path]:
        """Have a copy of all that lies on one of the ext4 partitions."""
        folder, copy = scratch / f"part-{number}", scratch / f"part-{number}.ext4"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self._copy(number, copy)
        run("debugfs", "-R", f'rdump / "{folder}"', copy)
        yield folder
        copy.unlink()
        shutil.rmtree(folder)

    def erase(self, number: int, path: str, scratch: Path) -> None:
        """Remove files of an ext4 partition, of a folder there, by the beginning of their names.

        Raises `RuntimeError` if there was none, or one is left: debugfs itself does not fail.
        """
        copy = scratch / f"part-{number}.ext4"
        self._copy(number, copy)
        found = _begins(copy, path)
        for one in found:
            run("debugfs", "-w", "-R", f'rm "{one}"', copy)
        if not found or _begins(copy, path):
            raise RuntimeError(f"{path} of partition {number} was not erased: {found}")
        subprocess.run(["/usr/sbin/e2fsck", "-fy", copy], check=False, capture_output=True)
        self.write(number, copy)

    def write(self, number: int, source: Path) -> None:
        """Put a file system into a partition, in place of what was there."""
        with source.open("rb") as content, self.file.open("r+b") as stream:
            stream.seek(self.part(number).start)
            shutil.copyfileobj(content, stream, _CHUNK)
        source.unlink()

    def fetch(self, name: str, to: Path) -> Path:
        """Copy a file of the FAT partition."""
        run("mcopy", "-o", "-i", self._fat, f"::/{name}", to)
        return to

    def font(self) -> bytes:
        """Return the font that the root has for its console."""
        start = self.part(ROOT).start
        command = ["unsquashfs", "-o", str(start), "-cat", str(self.file), FONT]
        return subprocess.run(command, check=True, capture_output=True).stdout

    @property
    def _fat(self) -> str:
        return f"{self.file}@@{self.part(FAT).start}"

    def _copy(self, number: int, copy: Path) -> None:
        with copy.open("wb") as stream:
            for chunk in self.chunks(number):
                if chunk.count(0) == len(chunk):
                    stream.seek(len(chunk), 1)
                else:
                    stream.write(chunk)
            stream.truncate(self.part(number).size)
        subprocess.run(["/usr/sbin/e2fsck", "-fy", copy], check=False, capture_output=True)


def _begins(copy: Path, path: str) -> list[str]:
    """Return the files of an ext4 whose paths begin so, in one folder."""
    folder, _, begin = f"/{path}".rpartition("/")
    said = run("debugfs", "-R", f'ls -p "{folder or "/"}"', copy)
    names = [line.split("/")[5] for line in said.splitlines() if line.count("/") > 5]
    return [f"{folder}/{name}" for name in names if name.startswith(begin)]
