#!/usr/bin/python3 -I
"""What a device does at each boot before its kiosk starts: `device prepare`; `device enrolled` afterwards.

The FAT partition is what a laptop can write. It is mounted read-only, and writable only for the moment in
which something is erased or reported there. From it come, at each boot, the configuration; once in a
device's life, secrets; and a code for enrolment, until it was used.

A secret is taken in an order that a power cut cannot turn against it: it is marked as being taken, stored and
synced on the journal's partition, erased from FAT, and only then is the mark removed. Without a mark and with
a stored secret, the file on FAT is never opened again. Erased means overwritten in place, unlinked, and the
partition's free space overwritten, where an editor may have left a copy. What flash memory keeps behind its
wear levelling is out of reach.

Standard library only: it runs before anything else of ours.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SECRETS: Final = {
    "authkey": "kiosk-tui.authkey",
    "client_secret": "kiosk-tui.client_secret",
}
"""Files on FAT, and what systemd's credential store calls them."""

CONFIG: Final = "config.toml"
CODE: Final = "enrolment-code"
REPORT: Final = "REPORT.txt"
FILLER: Final = "ERASING.TMP"
_MOST_BYTES: Final = 256 * 1024
_GROWS_BY: Final = 8 * 1024 * 1024
"""Less than this at the end of the disk is not worth a change of its table."""

_NO_CONFIG: Final = (
    "There is no configuration: write config.toml onto the partition KIOSK of this device's disk, as its"
    " README.txt tells, and start the device again."
)
_NO_FAT: Final = (
    "The partition KIOSK cannot be read: write the image anew, or put the disk into a laptop."
)
_NO_JOURNAL: Final = (
    "The journal's partition cannot be used: nothing is paid until somebody has looked at this disk. Do"
    " not erase it, it holds the record of every payment."
)
_NO_ANCHOR: Final = (
    "The partition of the journal's anchor cannot be used: somebody must look at this disk."
)

Run = Callable[[Sequence[str]], object]


def _run(command: Sequence[str]) -> object:
    return subprocess.run(command, check=True, capture_output=True)


class UnusableError(Exception):
    """The kiosk must not start; the text is a sentence for its screen."""


@dataclass
class Device:
    """The places of a device, and how commands are run in it."""

    root: Path = Path("/")
    run: Run = _run
    mounted: Callable[[Path], bool] = os.path.ismount
    told: list[str] = field(default_factory=list)

    @property
    def fat(self) -> Path:
        """What a laptop can write."""
        return self.root / "boot/kiosk"

    @property
    def kept(self) -> Path:
        """The journal's partition."""
        return self.root / "var/lib/kiosk-tui-device"

    @property
    def anchor(self) -> Path:
        """The partition of the journal's anchor."""
        return self.root / "var/lib/kiosk-tui-anchor"

    @property
    def fresh(self) -> Path:
        """What this boot has found."""
        return self.root / "run/kiosk-tui-device"

    # -- a boot --------------------------------------------------------------------------------------

    def prepare(self) -> int:
        """Make everything ready; 1 where the kiosk must stay closed, and then `why` has the sentence."""
        self.fresh.mkdir(mode=0o755, parents=True, exist_ok=True)
        why = self.fresh / "why"
        why.unlink(missing_ok=True)
        try:
            self._prepare()
        except (UnusableError, OSError, subprocess.SubprocessError) as error:
            sentence = (
                str(error) if isinstance(error, UnusableError) else f"It cannot start: {error}"
            )
            why.write_text(sentence + "\n", "utf-8")
            _say(sentence)
            return 1
        return 0

    def _prepare(self) -> None:
        if not self.mounted(self.kept):
            raise UnusableError(_NO_JOURNAL)
        if not self.mounted(self.anchor):
            raise UnusableError(_NO_ANCHOR)
        self._grow()
        self._bind("register", "var/lib/kiosk-tui", 0o700, owner="kiosk-tui")
        self._bind("credstore", "etc/credstore", 0o700)
        self._bind("timesync", "var/lib/systemd/timesync", 0o755, owner="systemd-timesync")
        _give(self.anchor, "kiosk-tui", 0o700)
        if not self.mounted(self.fat):
            raise UnusableError(_NO_FAT)
        for name, stored in SECRETS.items():
            self._take(name, self.kept / "credstore" / stored)
        self._code()
        self._network()
        self._report()
        self._configure()

    def _bind(self, name: str, place: str, mode: int, owner: str | None = None) -> None:
        source, target = self.kept / name, self.root / place
        source.mkdir(mode=mode, exist_ok=True)
        _give(source, owner, mode)
        if not self.mounted(target):
            target.mkdir(parents=True, exist_ok=True)
            self.run(("mount", "--bind", str(source), str(target)))

    def _configure(self) -> None:
        source = self._found(CONFIG)
        if source is None:
            raise UnusableError(_NO_CONFIG)
        content = _bounded(source).removeprefix(b"\xef\xbb\xbf")
        _write(self.root / "etc/kiosk-tui" / CONFIG, content, 0o644)

    def _network(self) -> None:
        """Take a description of the wired network (systemd.network), where there is one."""
        source = self._found("wired.network")
        if source is not None:
            folder = self.root / "run/systemd/network"
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / "10-wired.network", _bounded(source), 0o644)

    # -- secrets -------------------------------------------------------------------------------------

    def _take(self, name: str, stored: Path) -> None:
        mark = self.kept / f".{name}.erasing"
        source = self._found(name)
        if not stored.exists() and source is not None:
            secret = _bounded(source).removeprefix(b"\xef\xbb\xbf").strip()
            if not secret or not secret.isascii() or len(secret.split()) != 1:
                raise UnusableError(
                    f"{source.name} on the partition KIOSK is no key: one line of letters, digits and signs."
                )
            _write(mark, b"", 0o600)
            _write(stored, secret + b"\n", 0o600)
        if mark.exists() and stored.exists():
            self._erase(name)
            mark.unlink()
            _sync(self.kept)
            _say(f"{name} was taken, and erased from the partition KIOSK.")
        elif source is not None:
            self.told.append(
                f"{source.name} lies here, but the device has one already: it was not read. Remove it."
            )

    def _erase(self, name: str) -> None:
        """Overwrite and unlink a file of FAT, and overwrite what deleted files have left there."""
        with self._writable():
            while (file := self._found(name)) is not None:
                with file.open("r+b") as stream:
                    stream.write(bytes(file.stat().st_size))
                    stream.flush()
                    os.fsync(stream.fileno())
                file.unlink()
            filler = self.fat / FILLER
            try:
                with suppress(OSError), filler.open("wb", buffering=0) as stream:
                    self._fill(stream.write)
                    os.fsync(stream.fileno())
                os.sync()
            finally:
                filler.unlink(missing_ok=True)

    def _fill(self, write: Callable[[bytes], object]) -> None:
        for _ in range(shutil.disk_usage(self.fat).free // 2**16 + 1):
            write(bytes(2**16))

    # -- enrolment -----------------------------------------------------------------------------------

    @property
    def _enrolled(self) -> bool:
        return (self.kept / "register/fleet/office.json").exists()

    def _code(self) -> None:
        source = self._found(CODE)
        if source is None:
            return
        if self._enrolled:
            self.enrolled()
            return
        code = self.fresh / CODE
        _write(code, _bounded(source).removeprefix(b"\xef\xbb\xbf").strip() + b"\n", 0o600)
        _give(code, "kiosk-tui", 0o600)

    def enrolled(self) -> int:
        """Erase a code that was used."""
        if self._enrolled and self._found(CODE) is not None:
            self._erase(CODE)
        (self.fresh / CODE).unlink(missing_ok=True)
        return 0

    # -- the disk ------------------------------------------------------------------------------------

    def _grow(self) -> None:
        """Let the journal's partition, which is the last one, end where the disk does."""
        device = Path(str(self.run(("findmnt", "-no", "SOURCE", str(self.kept))) or "").strip())
        block = self.root / "sys/class/block" / device.name
        if not (block / "partition").exists():
            return
        disk, number = block.resolve().parent, (block / "partition").read_text().strip()
        size, start, length = (
            int(file.read_text()) for file in (disk / "size", block / "start", block / "size")
        )
        if (size - start - length) * 512 >= _GROWS_BY:
            table = (
                "sfdisk",
                "--no-reread",
                "--force",
                "--wipe=never",
                "-N",
                number,
                f"/dev/{disk.name}",
            )
            self.run(("sh", "-c", 'echo ", +" | "$@"', "-", *table))
            self.run(("partx", "--update", "--nr", number, f"/dev/{disk.name}"))
        self.run(("resize2fs", str(device)))

    # -- FAT -----------------------------------------------------------------------------------------

    def _found(self, name: str) -> Path | None:
        """Return a file of FAT, also with the ending that some editors add."""
        for one in (self.fat / name, self.fat / f"{name}.txt"):
            if one.is_file():
                return one
        return None

    @contextmanager
    def _writable(self) -> Iterator[None]:
        self.run(("mount", "-o", "remount,rw", str(self.fat)))
        try:
            yield
        finally:
            os.sync()
            self.run(("mount", "-o", "remount,ro", str(self.fat)))

    def _report(self) -> None:
        """Leave on FAT what its owner must know; written only when it is something else than before."""
        for one in self.told:
            _say(one)
        report = self.fat / REPORT
        said = "".join(f"{one}\r\n" for one in self.told).encode()
        if said != (report.read_bytes() if report.exists() else b""):
            with self._writable():
                _write(report, said, 0o644)


def _bounded(file: Path) -> bytes:
    with file.open("rb") as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise UnusableError(f"{file.name} on the partition KIOSK is too long.")
    return content


def _write(file: Path, content: bytes, mode: int) -> None:
    """Write a file whole or not at all, durably."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:  # noqa: PTH123
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _give(path: Path, owner: str | None, mode: int) -> None:
    if owner is not None and os.geteuid() == 0:
        with suppress(LookupError):
            shutil.chown(path, owner, owner)
    path.chmod(mode)


def _say(sentence: str) -> None:
    """Say it to the log, as a warning of one line without control characters."""
    sys.stderr.write("<4>" + re.sub(r"[\x00-\x1f\x7f]", " ", sentence) + "\n")


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; return the exit code."""

    def run(command: Sequence[str]) -> object:
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    act = {"prepare": Device.prepare, "enrolled": Device.enrolled}.get(" ".join(arguments))
    if act is None:
        sys.stderr.write("usage: device prepare|enrolled\n")
        return 2
    return act(Device(run=run))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
