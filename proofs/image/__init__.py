"""A whole device: the image of `scripts/image pc`, booted by UEFI as it is, used, and robbed of its power.

Owns: the making of the image from this checkout, and its life under qemu. Nothing is added to it: keys go
in, and the console is read off pictures of its screen. `./prove image` does each scene once; `--minutes`
also builds the image a second time and compares the bytes; `./prove --replay image:FILE` plays the scenes
with an image that is there already, also a Raspberry Pi's, `image:FILE:PATTERN` those with such a name. With
a folder in `KIOSK_TUI_PICTURES` it leaves pictures there.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

from distribution.image.__main__ import lacks as lacks_to_build
from distribution.image.boards import BOARDS
from kiosk_tui.lab.drill.child import PROGRAM
from kiosk_tui.lab.drill.sandbox import KEY, sandbox
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.local_database import programs
from proofs.boot import tree
from proofs.image import story
from proofs.image.console import Font
from proofs.image.disk import ROOT as ROOT_PARTITION
from proofs.image.disk import Disk
from proofs.image.story import Device
from proofs.proof import Effort, Row, one_by_one, played
from proofs.vm.image import package

CLAIM = "A device takes its key once, boots to its kiosk whatever happened, and loses no payment."
ASSUMES = (
    "qemu's disk keeps what the guest flushed, and loses the rest only by the guest's own caches",
    "a PC that boots by UEFI; of a Raspberry Pi's image the root and its kernel, but none of its own devices",
)

_TOOLS: Final = {
    "qemu-system-x86_64": "qemu-system-x86",
    "debugfs": "e2fsprogs",
    "unsquashfs": "squashfs-tools",
    "dpkg-deb": "dpkg",
}
_FIRMWARE: Final = Path("/usr/share/OVMF/OVMF_CODE_4M.fd")
_VARIABLES: Final = Path("/usr/share/OVMF/OVMF_VARS_4M.fd")
_KVM: Final = Path("/dev/kvm")
_PROCESSOR: Final = Path("/proc/cpuinfo")
_DISK: Final = "1536M"
_CMDLINE: Final = "cmdline.txt"
"""On the FAT partition of a Raspberry Pi only."""
Act = Callable[[Device], Awaitable[list[str]]]

_ACTS: Final[tuple[tuple[str, Act], ...]] = (
    ("it boots with a key on its FAT partition, and a customer pays", story.first_boot),
    ("the power goes while the card is awaited", story.cut_waiting),
    ("head office's code is put onto the FAT partition", story.enrolled),
    ("there is no configuration", story.no_configuration),
    ("the journal is deleted between two boots", story.journal_lost),
    ("another key is put onto the FAT partition", story.later_key),
    ("the journal's partition cannot be read", story.partition_lost),
    ("the power goes while a cancellation is under way", story.cut_cancelling),
)
_CONTROL: Final[tuple[str, Act]] = (
    "journal and anchor are deleted between two boots",
    story.forgets,
)


def lacks() -> str:
    """Say what this machine lacks: firmware, PostgreSQL, tools, root, or a mirror of Debian."""
    if not (_FIRMWARE.exists() and _VARIABLES.exists()):
        return "There is no UEFI firmware for qemu (Debian: ovmf)."
    try:
        programs()
    except OfficeError as error:
        return str(error)
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    return tree.lacks("make the image", _TOOLS, path) or lacks_to_build(BOARDS["pc"])


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each thing that happens to the device, then the control."""
    return one_by_one(_rows(effort))


def replay(case: str) -> int:
    """Play scenes with an image that is there already, such as `image:dist/kiosk-tui_pc.img:deleted`.

    After the first one, which takes the key, only those whose name the pattern behind it finds.
    """

    async def play(folder: Path) -> list[Row]:
        rows = []
        async for row in _scenes(Path(image), folder, scene):
            verdict = "held" if not row.violations else "caught" if row.control else "BROKEN"
            print("\n".join([row.fault, *row.violations, verdict]), flush=True)
            rows.append(row)
        return rows

    image, _, scene = case.partition(":")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        rows = asyncio.run(play(Path(folder)))
    return 0 if rows and all(row.passed for row in rows) else 1


async def _rows(effort: Effort) -> AsyncIterator[Row]:
    deb = await asyncio.to_thread(package, effort.folder)
    image = await asyncio.to_thread(_built, deb, effort.folder / "pc.img")
    if effort.whole:
        again = await asyncio.to_thread(_built, deb, effort.folder / "again.img")
        same = await asyncio.to_thread(_same, image, again)
        yield Row("it is built twice", 1, [] if same else ["The bytes differ."])
        again.unlink()
    async for row in _scenes(image, effort.folder):
        yield row


def _fast() -> bool:
    """Whether the processor itself can run a guest; a KVM that emulates parts of it cannot start this firmware."""
    flags = _PROCESSOR.read_text().split() if _PROCESSOR.exists() else []
    return os.access(_KVM, os.R_OK | os.W_OK) and ("vmx" in flags or "svm" in flags)


def _built(deb: Path, out: Path) -> Path:
    command = [sys.executable, "-m", "distribution.image", "pc"]
    command += ["--deb", str(deb), "--out", str(out)]
    done = subprocess.run(command, check=False, cwd=tree.ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return out


def _same(one: Path, other: Path) -> bool:
    return subprocess.run(["cmp", "--silent", one, other], check=False).returncode == 0


async def _scenes(image: Path, folder: Path, scene: str = "") -> AsyncIterator[Row]:
    first, *others = (*_ACTS, _CONTROL)
    async with _device(image, folder) as one:
        for fault, act in (first, *(other for other in others if re.search(scene, other[0]))):
            yield await played(fault, act(one), control=act is _CONTROL[1])


def _pc(variables: Path) -> tuple[str, ...]:
    return (
        *("qemu-system-x86_64", "-vga", "std"),
        *("-machine", f"q35,accel={'kvm' if _fast() else 'tcg'}"),
        *("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={_FIRMWARE}"),
        *("-drive", f"if=pflash,format=raw,unit=1,file={variables}"),
    )


def _arm(card: Disk, folder: Path) -> tuple[str, ...]:
    """Return a machine with a Pi's processor and none of its devices: qemu starts what its firmware would."""
    kernel, ram = (card.fetch(name, folder / name) for name in ("vmlinuz", "initrd.img"))
    return (
        *("qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a72"),
        *("-device", "virtio-gpu-pci,xres=1280,yres=800", "-device", "virtio-keyboard-pci"),
        *("-kernel", str(kernel), "-initrd", str(ram), "-append", card.read(_CMDLINE).strip()),
    )


@contextlib.asynccontextmanager
async def _device(image: Path, folder: Path) -> AsyncIterator[Device]:
    """Write an image onto a disk that is larger, and its configuration and key onto the FAT partition."""
    disk, variables = folder / "disk.raw", folder / "variables.fd"
    await asyncio.to_thread(story.larger, image, disk, _DISK)
    shutil.copy(_VARIABLES, variables)
    card = Disk(disk)
    font, on_fat = Font(card.font()), card.listed()
    hardware = _arm(card, folder) if _CMDLINE in on_fat else _pc(variables)
    pictures = os.environ.get("KIOSK_TUI_PICTURES")
    async with sandbox(folder / "sandbox", PROGRAM) as built:
        one = Device(
            built,
            disk,
            (*hardware, "-drive", f"file={disk},if=virtio,format=raw,cache=none"),
            folder,
            Path(pictures) if pictures else None,
            make=lambda process, where: story.Screen(process, where, font),
            state=story.REGISTER,
            root=await asyncio.to_thread(story.digest, card, ROOT_PARTITION),
            on_fat=sorted([*on_fat, "config.toml"]),
        )
        story.configure(one)
        one.card.put("authkey", KEY + "\r\n", folder)
        yield one
