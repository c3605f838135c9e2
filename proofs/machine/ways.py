"""Ways to spoil the path of a journal, each undone at the end of its block."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final


@contextlib.contextmanager
def gone(path: Path) -> Iterator[None]:
    """Take the journal away with everything that SQLite keeps beside it."""
    with contextlib.ExitStack() as back:
        for one in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            if one.exists():
                aside = one.with_name("aside-" + one.name)
                one.rename(aside)
                back.callback(aside.rename, one)
        yield


@contextlib.contextmanager
def folder(path: Path) -> Iterator[None]:
    with gone(path):
        path.mkdir()
        yield
        path.rmdir()


@contextlib.contextmanager
def _file(path: Path, content: bytes) -> Iterator[None]:
    with gone(path):
        path.write_bytes(content)
        yield
        for one in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            one.unlink(missing_ok=True)


@contextlib.contextmanager
def _link(path: Path, target: str) -> Iterator[None]:
    with gone(path):
        path.symlink_to(target)
        yield
        path.unlink()


@contextlib.contextmanager
def _pipe(path: Path) -> Iterator[None]:
    with gone(path):
        os.mkfifo(path)
        yield
        path.unlink()


@contextlib.contextmanager
def _foreign(path: Path) -> Iterator[None]:
    with _file(path, b""):
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE songs (name TEXT)")
        connection.close()
        yield


@contextlib.contextmanager
def _mode(path: Path, mode: int) -> Iterator[None]:
    before = path.stat().st_mode & 0o7777
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


Way = Callable[[Path], contextlib.AbstractContextManager[None]]

WAYS: Final[dict[str, Way]] = {
    "a folder": folder,
    "a link to itself": lambda path: _link(path, path.name),
    "a link to nowhere": lambda path: _link(path, "nowhere/journal.db"),
    "a pipe": _pipe,
    "another program's database": _foreign,
    "a text": lambda path: _file(path, b"Dear diary, today I took 12.55.\n" * 200),
    "no permission": lambda path: _mode(path, 0o000),
    "no permission to write": lambda path: _mode(path, 0o400),
    "no permission for the lock": lambda path: _mode(path.with_name(path.name + ".lock"), 0o000),
}

READABLE: Final = {"no permission to write", "no permission for the lock"}
"""Where whoever only reads the journal still may."""
