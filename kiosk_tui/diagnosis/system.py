"""Facts about the machine that support asks for first. Nothing secret, and nothing is changed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import kiosk_tui
from kiosk_tui.text.times import local

LIBRARIES: Final = ("textual", "httpx", "httpcore", "truststore", "pydantic", "babel", "uvicorn")
_LOCALE: Final = ("TERM", "LANG", "LC_ALL", "LC_CTYPE", "COLORTERM", "TZ")
_UNSYNCHRONISED: Final = 5
"""What adjtimex(2) returns when nothing keeps the clock right (TIME_ERROR)."""
_TIMEX_BYTES: Final = 512
"""More than the kernel's struct timex, on every machine."""


def facts(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what is known of this machine; `folder` is where the journal lies."""
    return dict(_facts(folder, environment))


def _facts(folder: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "time", local(datetime.now(UTC)).isoformat(timespec="seconds")
    yield "kiosk-tui", f"{kiosk_tui.__version__} in {Path(kiosk_tui.__file__).parent}"
    yield "python", f"{platform.python_version()}, {sys.executable}"
    yield "libraries", ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    yield "kernel", f"{platform.release()} {platform.version()} {platform.machine()}"
    yield "release", _field(Path("/etc/os-release"), r'PRETTY_NAME="?([^"\n]*)')
    yield "debian", _first_line(Path("/etc/debian_version"))
    model = _field(Path("/proc/cpuinfo"), r"model name\s*: (.*)")
    yield "processor", f"{os.cpu_count()} x {model}"
    yield "memory", _memory()
    yield "up since", f"{_first_line(Path('/proc/uptime')).partition('.')[0]} s"
    yield "load", _first_line(Path("/proc/loadavg"))
    yield "disk", _disk(folder)
    yield "clock", _clock()
    yield "user", f"{os.geteuid()}, groups {' '.join(map(str, os.getgroups()))}"
    yield "keyboard", _field(Path("/etc/default/keyboard"), r'XKBLAYOUT="?([^"\n]*)')
    for name in _LOCALE:
        yield name, environment.get(name, "")
    # their names only: a value may be a key
    yield "variables", " ".join(sorted(one for one in environment if one.startswith("KIOSK_TUI_")))
    yield (
        "under systemd",
        " ".join(
            one
            for one in ("INVOCATION_ID", "STATE_DIRECTORY", "CREDENTIALS_DIRECTORY")
            if one in environment
        ),
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def _read(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text("utf-8", "replace")
    return ""


def _first_line(path: Path) -> str:
    return _read(path).partition("\n")[0]


def _field(path: Path, pattern: str) -> str:
    found = re.search(pattern, _read(path))
    return found[1].strip() if found else ""


def _memory() -> str:
    told = dict(re.findall(r"(\w+): *(\d+) kB", _read(Path("/proc/meminfo"))))
    names = ("MemTotal", "MemAvailable", "SwapTotal", "SwapFree")
    return ", ".join(f"{name} {int(told[name]) // 1024} MB" for name in names if name in told)


def _disk(folder: Path) -> str:
    folder = next((one for one in (folder, *folder.parents) if one.is_dir()), Path("/"))
    room = os.statvfs(folder)
    size, free = room.f_blocks * room.f_frsize, room.f_bavail * room.f_frsize
    return f"{folder}: {free // 2**20} of {size // 2**20} MB free, {room.f_favail} inodes"


def _clock() -> str:
    """Say whether the kernel believes that something keeps its clock right."""
    with contextlib.suppress(OSError, AttributeError):
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
        return "not synchronised" if state == _UNSYNCHRONISED else "synchronised"
    return "unknown"
