"""A blow: one system call of a register at which it is killed, disturbed, or let down by its disk.

A blow is named like `pwrite64@journal.db-wal#23` (SIGKILL), `sendto#2!SIGTERM`,
`fdatasync@journal.db-wal#3!EIO` or, when the disk fails from then on, `pwrite64@*#5!ENOSPC+`.
Without a file it is a call of the main thread on its sockets; `*` is every file of the folder.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WRITES: Final = frozenset(
    [
        "write",
        "writev",
        "pwrite64",
        "pwritev",
        "pwritev2",
        "ftruncate",
        "fallocate",
        "openat",
        "unlink",
        "unlinkat",
        "rename",
        "renameat",
        "renameat2",
        "mkdir",
        "copy_file_range",
    ]
)
SYNCS: Final = frozenset({"fsync", "fdatasync", "sync_file_range", "msync"})
SENDS: Final = frozenset({"connect", "sendto", "sendmsg", "sendmmsg", "shutdown"})
RECEIVES: Final = frozenset({"recvfrom", "recvmsg", "recvmmsg"})
READS: Final = frozenset({"read", "readv", "pread64", "preadv", "flock"})
"""What is read from the journal's files, and its lock."""

CALLS: Final = WRITES | SYNCS | SENDS | RECEIVES | READS
ALL_FILES: Final = "*"
KILL: Final = "SIGKILL"

FILES: Final = (
    "journal.db",
    "journal.db-wal",
    "journal.db-shm",
    "journal.db-journal",
    "journal.db.lock",
    "kiosk-tui.log",
    ".",
)
"""Everything that lies in the journal's folder, and the folder itself."""

_NAME: Final = re.compile(
    r"(?P<call>\w+)(?:@(?P<file>[^#]+))?#(?P<number>\d+)(?:!(?P<what>[A-Z]\w+)(?P<lasting>\+)?)?"
)
_LINE: Final = re.compile(r"(?P<thread>\d+) +(?P<call>\w+)\((?P<rest>.*)")
_HANDLE: Final = re.compile(r"\d+<(?P<path>[^>]*)>")
_QUOTED: Final = re.compile(r'[^"]*"(?P<path>[^"]*)"')


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a blow may fall: a system call on a file of the folder, or on the main thread's line."""

    call: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Blow:
    """The `number`th call at a place, counted from 1, and what happens to it.

    `what` is a signal, which comes before the call and, when it kills, instead of it; or an error
    that the call returns without having done anything, once or (`lasting`) from then on.
    """

    place: Place
    number: int
    what: str = KILL
    lasting: bool = False

    def __str__(self) -> str:
        file = f"@{self.place.file}" if self.place.file else ""
        what = "" if self.what == KILL else f"!{self.what}{'+' * self.lasting}"
        return f"{self.place.call}{file}#{self.number}{what}"

    def fell(self, log: str) -> bool:
        """Say whether it fell, by strace's own log."""
        return any(
            sign in log for sign in ("(INJECTED)", f"--- {self.what} ", f"killed by {self.what} ")
        )

    def options(self, folder: Path) -> list[str]:
        """Return what makes strace strike it, on a register whose journal lies in `folder`."""
        call = self.place.call
        kind = "signal" if self.what.startswith("SIG") else "error"
        when = f"{self.number}{'+' * self.lasting}"
        options = ["-e", f"trace={call}", "-e", f"inject={call}:{kind}={self.what}:when={when}"]
        if not self.place.file:
            return options  # not followed: the sockets are the main thread's
        names = FILES if self.place.file == ALL_FILES else (self.place.file,)
        # a path that does not exist yet is matched by its name, an open file by what it is.
        return ["-f", *options, *(part for name in names for part in ("-P", _path(folder, name)))]


def read_blow(name: str) -> Blow:
    """Read a blow's name. Raises `ValueError`."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"'{name}' is not a blow: write it like pwrite64@journal.db-wal#23!EIO.")
    place = Place(found["call"], found["file"] or "")
    return Blow(place, int(found["number"]), found["what"] or KILL, bool(found["lasting"]))


def watch() -> list[str]:
    """Return what makes strace write down every call at which a blow could fall."""
    return ["-f", "-y", "-s", "0", "-e", "trace=" + ",".join(f"?{call}" for call in sorted(CALLS))]


def places(log: str, main: int, folder: Path) -> Counter[Place]:
    """Count the calls in strace's log of a whole, undisturbed run, by where they fall.

    Left out: what other threads say to wake the main one, and what is read from `/dev/urandom` or
    from Python's own files. Nothing outside the process changes by these.
    """
    found: Counter[Place] = Counter()
    for line in log.splitlines():
        told = _LINE.match(line)
        if told is None or told["call"] not in CALLS:
            continue
        file = _file(told["rest"], folder)
        if file is not None:
            found[Place(told["call"], file)] += 1
        elif told["call"] in SENDS | RECEIVES and int(told["thread"]) == main:
            found[Place(told["call"])] += 1
    return found


def _file(arguments: str, folder: Path) -> str | None:
    named = _QUOTED if arguments.startswith(('"', "AT_FDCWD")) else _HANDLE
    told = named.match(arguments)
    if told is None:
        return None
    path = Path(told["path"])
    if path == folder:
        return "."
    return path.name if path.parent == folder else None


def _path(folder: Path, name: str) -> str:
    return str(folder if name == "." else folder / name)
