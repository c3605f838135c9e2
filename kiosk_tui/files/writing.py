"""Files and folders of ours: nobody else may write them, and no link leads them elsewhere.

Their modes are given each time, so that they hold under any umask; `guard` is the belt beside these
braces, for what libraries make.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600
GROUP_READS: Final = 0o640
FOLDER: Final = 0o700
PASSED: Final = 0o755

_NO_LINK: Final = "it is a link to elsewhere, which is not followed"


def guard() -> None:
    """Let nothing that this process makes be anybody else's, whatever umask it was started with."""
    os.umask(0o077)


def opened(path: Path, flags: int, mode: int = PRIVATE) -> int:
    """Open a file of ours for writing; return its descriptor. Raises `OSError`.

    The last part of the name must be no link, and what it names a file: a pipe would be waited for.
    """
    ways = flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    try:
        file = os.open(path, ways, mode)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, _NO_LINK) from None
        raise
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "it is no file")
    return file


def write(path: Path, text: str, mode: int = PRIVATE, *, durable: bool = False) -> None:
    """Put a text into a file of ours, made anew or emptied. Raises `OSError`.

    What others may do with a file that is there already is taken from them.
    """
    file = opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(file, "w", encoding="utf-8", errors="replace") as stream:
        os.fchmod(stream.fileno(), mode)
        stream.write(text)
        stream.flush()
        if durable:
            os.fsync(stream.fileno())


def replace(path: Path, text: str, mode: int = PRIVATE) -> None:
    """Put a durable text in the place of the one before, at once and whole. Raises `OSError`.

    After a power cut there is the old one or the new one.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(draft, text, mode, durable=True)
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    sync(path.parent)


def make_folder(folder: Path, mode: int = FOLDER) -> None:
    """Make a private folder with its parents, which others may only pass; each safe on the disk.

    SQLite, and whoever syncs a file, syncs only the innermost. Raises `OSError`.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent, PASSED)
    try:
        folder.mkdir(mode, exist_ok=True)
    except OSError as error:
        exists = error.errno == errno.EEXIST
        why = "it is there already, and no folder" if exists else error.strerror
        raise OSError(error.errno, f"the folder {folder} cannot be made: {why}") from error
    sync(folder.parent)


def sync(folder: Path) -> None:
    """Put a folder's names on the disk: what was made, renamed or removed in it. Raises `OSError`."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(held)
    finally:
        os.close(held)
