"""The disk of an image: four partitions, made as files without a mount, and put one behind the other.

Everything that differs from one making to the next (identities, times, order) is fixed.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from distribution.image.boards import WORDS, Board
from distribution.image.debian import HERE, run

_MIB: Final = 1024 * 1024
LABEL: Final = "6b696f73"
"""The disk's own id ("kios"); files/etc/fstab and the kernel's line name partitions by it."""
_FAT, _ROOT, _ANCHOR, _JOURNAL = 192, 640, 16, 128
"""Sizes in MiB. The journal's is the last one: it grows to the disk's end at the first boot."""
STUB: Final = Path("/usr/lib/systemd/boot/efi/linuxx64.efi.stub")
_CONFIG_TXT: Final = (
    "arm_64bit=1\nupstream_kernel=1\nkernel=vmlinuz\ninitramfs initrd.img followkernel\n"
    "disable_splash=1\nhdmi_force_hotplug=1\nenable_uart=0\n"
)


def assemble(
    board: Board, squashed: Path, folder: Path, out: Path, environment: Mapping[str, str]
) -> None:
    """Make the image of a root and what starts it."""
    if squashed.stat().st_size > _ROOT * _MIB:
        raise RuntimeError(
            f"The root has {squashed.stat().st_size >> 20} MiB: no more than {_ROOT} fit."
        )
    fat = _fat(board, folder, environment)
    anchor = _ext4(folder, "kiosk-anchor", _ANCHOR, "3", environment)
    journal = _ext4(folder, "kiosk-journal", _JOURNAL, "4", environment)
    lines, at = [f"label: dos\nlabel-id: 0x{LABEL}\n"], 1
    with out.open("wb") as image:
        image.truncate((1 + _FAT + _ROOT + _ANCHOR + _JOURNAL) * _MIB)
        for part, size, kind in (
            (fat, _FAT, "c"),
            (squashed, _ROOT, "83"),
            (anchor, _ANCHOR, "83"),
            (journal, _JOURNAL, "83"),
        ):
            image.seek(at * _MIB)
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, image, _MIB)
            lines.append(f"start={at * 2048}, size={size * 2048}, type={kind}\n")
            at += size
    table = folder / "table"
    table.write_text("".join(lines))
    with table.open("rb") as said:
        run("sfdisk", "--quiet", out, environment=environment, stdin=said.fileno())


def _fat(board: Board, folder: Path, environment: Mapping[str, str]) -> Path:
    content = folder / "fat"
    content.mkdir()
    shutil.copy(HERE / "README.txt", content)
    if board.name == "pc":
        (content / "EFI/BOOT").mkdir(parents=True)
        _unified(folder, content / "EFI/BOOT/BOOTX64.EFI", environment)
    else:
        for file in sorted((folder / "boot").iterdir()):
            shutil.copy(file, content)
        (content / "config.txt").write_text(_CONFIG_TXT)
        (content / "cmdline.txt").write_text(WORDS + "\n")
    fat = folder / "fat.img"
    with fat.open("wb") as empty:
        empty.truncate(_FAT * _MIB)
    make = ("mkfs.vfat", "--invariant", "-F", "32", "-n", "KIOSK", "-i", LABEL)
    run(*make, fat, environment=environment)
    paths = sorted(content.rglob("*"))
    for path in paths:
        where = f"::/{path.relative_to(content)}"
        command = ("mmd", "-i", fat, where) if path.is_dir() else ("mcopy", "-i", fat, path, where)
        run(*command, environment=environment)
    return fat


def _unified(folder: Path, out: Path, environment: Mapping[str, str]) -> None:
    """Make one program for UEFI of kernel, initial RAM disk and command line: no menu, no editor."""
    words = folder / "words"
    words.write_text(WORDS)
    boot = folder / "boot"
    parts = {".cmdline": words, ".linux": boot / "vmlinuz", ".initrd": boot / "initrd.img"}
    more, at = [], _end_of(STUB.read_bytes())
    for name, file in parts.items():
        more += ["--add-section", f"{name}={file}", "--change-section-vma", f"{name}=0x{at:x}"]
        at += -(-file.stat().st_size // _MIB) * _MIB
    command = ("objcopy", "--enable-deterministic-archives", *more)
    run(*command, STUB, out, environment=environment)
    with out.open(
        "r+b"
    ) as stream:  # objcopy writes the time of day, and a sum over it that UEFI does not ask for
        (header,) = struct.unpack_from("<I", stream.read(0x40), 0x3C)
        for place, value in ((8, int(environment["SOURCE_DATE_EPOCH"])), (24 + 64, 0)):
            stream.seek(header + place)
            stream.write(struct.pack("<I", value))


def _end_of(program: bytes) -> int:
    """Return the first free address behind a PE's sections, at the next MiB: where it lies differs by Debian."""
    (header,) = struct.unpack_from("<I", program, 0x3C)
    (count,) = struct.unpack_from("<H", program, header + 6)
    (optional,) = struct.unpack_from("<H", program, header + 20)
    (base,) = struct.unpack_from("<Q", program, header + 48)
    rows = (header + 24 + optional + 40 * number for number in range(count))
    ends = (sum(struct.unpack_from("<II", program, row + 8)) for row in rows)
    return int(base - (-max(ends) // _MIB) * _MIB)


def _ext4(folder: Path, label: str, size: int, number: str, environment: Mapping[str, str]) -> Path:
    file = folder / f"{label}.img"
    fixed = f"{LABEL}-0000-4000-8000-00000000000{number}"
    clock = {"E2FSPROGS_FAKE_TIME": environment["SOURCE_DATE_EPOCH"]}
    log = ("-J", "size=4") if size < _JOURNAL else ("-J", "size=16")
    run(
        *("mkfs.ext4", "-q", "-F", "-b", "4096", "-m", "1", *log, "-L", label, "-U", fixed),
        *("-E", f"hash_seed={fixed},lazy_itable_init=0,lazy_journal_init=0", file, f"{size}M"),
        environment={**environment, **clock},
    )
    return file
