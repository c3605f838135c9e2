"""This machine: its disk, its console, its keyboard."""

from __future__ import annotations

import asyncio
import contextlib
import locale
import os
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.diagnosis.console.judgement import Fit, advise, missing
from kiosk_tui.diagnosis.findings import Finding, bad, good, left_out, look
from kiosk_tui.diagnosis.subject import Subject
from kiosk_tui.text.glyphs import DRAWN

LITTLE_BYTES: Final = 200 * 1024 * 1024
"""Below this much room somebody should look what fills the disk."""

SLOW_S: Final = 0.25
"""A payment waits for three of these."""

_TIMES: Final = 5
_BLOCK: Final = bytes(4096)
_BUS_KEYBOARD: Final = "kbd"
_LOCK: Final = {
    None: "",
    True: ", NumLock on",
    False: ", NumLock off (the numpad works all the same)",
}


async def disk(subject: Subject) -> Finding:
    """See whether there is room where the journal lies, and how long a write takes to be safe."""
    return await asyncio.to_thread(_disk, subject)


def _disk(subject: Subject) -> Finding:
    folder = _existing(subject.folder)
    try:
        room = os.statvfs(folder)
        free = room.f_bavail * room.f_frsize
        took = _fsync(folder)
    except OSError as error:
        return bad(
            Link.DISK,
            f"{folder} cannot be written: {error.strerror}.",
            "Make room, or see with `mount` whether the disk is read-only, or whose folder it is.",
        )
    if free < subject.least_free_bytes:
        return bad(
            Link.DISK,
            f"The disk of {folder} is full: {_size(free)} left. No payment starts.",
            f"Make room: `du -xh {folder}` and `journalctl --vacuum-size=50M` help.",
        )
    text = f"{_size(free)} free at {folder}, safe on the disk in {took * 1000:.1f} ms"
    if free < LITTLE_BYTES:
        return look(Link.DISK, text, "See what fills the disk before it is full.")
    if took > SLOW_S:
        return look(Link.DISK, text, "This disk is slow, or worn out: look at `dmesg`.")
    return good(Link.DISK, text)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there already."""
    folder = folder.absolute()
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def _fsync(folder: Path) -> float:
    """Write a small file several times, each safe on the disk; return the middle time in seconds."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(_TIMES):
            began = time.monotonic()
            file.write(_BLOCK)
            file.flush()
            os.fsync(file.fileno())
            took.append(time.monotonic() - began)
    return median(took)


def _size(count: int) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1024:  # noqa: PLR2004 - the next unit
            return f"{count:.0f} {unit}"
        count //= 1024
    return f"{count:.0f} GB"


async def console(subject: Subject) -> Finding:
    """See what this console can draw."""
    facts = await asyncio.to_thread(subject.console)
    frozen = await asyncio.to_thread(subject.frozen)
    if frozen:
        return bad(
            Link.CONSOLE,
            f"{frozen} takes no output: nobody sees what is shown there.",
            "Press Scroll Lock or Ctrl-Q there; let a stopped SSH client or screen go on, or close it.",
        )
    unknown = await asyncio.to_thread(_unknown_locale)
    if unknown:
        return look(
            Link.CONSOLE,
            f"The locale {unknown} is not on this machine: umlauts and signs may be replaced",
            "Set LANG=C.UTF-8, or one that `locale -a` names.",
        )
    if not facts.terminal:
        return left_out(Link.CONSOLE, "there is none: the output is a pipe or a file")
    advice = advise(facts)
    kind = "the Linux console" if facts.linux_console else f"a terminal ({facts.term})"
    text = f"{kind}, {facts.columns or '?'} x {facts.rows or '?'}"
    lacking = missing(facts, "".join(sorted(DRAWN)))
    if lacking:
        return look(
            Link.CONSOLE,
            f"{text}; it cannot show {' '.join(lacking) if facts.mapped else 'all characters'}",
            "Set LANG to a UTF-8 locale, load a font: setfont Uni2-Terminus16; `kiosk-tui console`.",
        )
    if advice.fit is Fit.PLAIN:
        return look(Link.CONSOLE, text, advice.sentence)
    return good(Link.CONSOLE, f"{text}, theme {advice.fit}")


def _unknown_locale() -> str:
    """Return the locale that this process was given and the machine does not have, or nothing."""
    try:
        locale.setlocale(locale.LC_CTYPE, "")  # as Python did when it started
    except locale.Error:
        names = (os.environ.get(one, "") for one in ("LC_ALL", "LC_CTYPE", "LANG"))
        return next((one for one in names if one), "of this process")
    return ""


async def keyboard(subject: Subject) -> Finding:
    """See whether somebody can type: at the Linux console a keyboard is attached to this machine."""
    facts = await asyncio.to_thread(subject.console)
    names = await asyncio.to_thread(_keyboards, subject.devices)
    if not facts.linux_console:
        attached = f"; attached to this machine: {', '.join(names)}" if names else ""
        if not facts.terminal:
            return left_out(Link.KEYBOARD, f"nobody types here{attached}")
        return good(Link.KEYBOARD, f"at the other end of this line{attached}")
    if not names:
        return bad(
            Link.KEYBOARD,
            "No keyboard is attached to this machine.",
            "Plug one in; if one is, try another socket and look at `dmesg`.",
        )
    return good(Link.KEYBOARD, f"{', '.join(names)}{_LOCK[facts.num_lock]}")


def _keyboards(devices: Path) -> list[str]:
    """Return the names of the keyboards that the kernel has found."""
    found: list[str] = []
    with contextlib.suppress(OSError):
        for block in devices.read_text("utf-8", "replace").split("\n\n"):
            lines = block.splitlines()
            if not any(
                _BUS_KEYBOARD in one.split("=", 1)[-1].split() for one in lines if one[:1] == "H"
            ):
                continue
            if not any(_letters(one) for one in lines):
                continue
            name = next((one for one in lines if one.startswith("N: Name=")), "")
            found.append(name.partition("=")[2].strip().strip('"') or "one without a name")
    return found


def _letters(line: str) -> bool:
    """Say whether a device's map of keys has more than a few: a power button has one."""
    if not line.startswith("B: KEY="):
        return False
    return sum(int(word, 16).bit_count() for word in line[7:].split()) >= 10  # noqa: PLR2004
