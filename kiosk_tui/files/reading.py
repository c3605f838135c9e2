"""Small files that a person names: settings, keys, certificates, notes.

A name may lead to a pipe that nobody fills or to a device that never ends: what does not come within the
deadline, or is longer than such a file can be, is told as any file that cannot be read.
"""

from __future__ import annotations

import codecs
import errno
import os
import select
import stat
import time
from pathlib import Path
from typing import Final

PIPE_S: Final = 5.0
"""So long a pipe (such as a shell's `<(command)`) may take to be filled and closed."""

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),  # after UTF-32's, which begins with it
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, and what each says of the bytes behind it."""
_BLOCK: Final = 64 * 1024


def read(path: Path, most: int, within_s: float = PIPE_S) -> bytes:
    """Return what is in a file of at most `most` bytes. Raises `OSError`, with a sentence's words.

    A pipe is read to its end for up to `within_s` seconds. A folder, a device and a socket are no files.
    """
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        kind = os.fstat(file).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if not (stat.S_ISREG(kind) or stat.S_ISFIFO(kind)):
            raise OSError(errno.EINVAL, "it is a device or a socket, and no file")
        return _whole(file, most, within_s)
    finally:
        os.close(file)


def _whole(file: int, most: int, within_s: float) -> bytes:
    until = time.monotonic() + within_s
    ready = select.poll()
    ready.register(file, select.POLLIN)
    found = b""
    while len(found) <= most:
        if not ready.poll(max(0.0, until - time.monotonic()) * 1000):
            what = f"it is a pipe, and what is in it did not come within {within_s:g} s"
            raise TimeoutError(errno.ETIMEDOUT, what)
        block = os.read(file, min(_BLOCK, most + 1 - len(found)))
        if not block:
            return found
        found += block
    raise OSError(errno.EFBIG, f"it is longer than {most} bytes")


def decoded(content: bytes) -> str:
    """Return a text as editors save it: UTF-8, or what its byte order mark says.

    Raises `UnicodeDecodeError`; `bad_line` tells where.
    """
    for mark, charset in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(charset)
    return content.decode("utf-8")


def bad_line(error: UnicodeDecodeError) -> int:
    """Return the number of the line with the byte that is no text."""
    return bytes(error.object[: error.start]).count(b"\n") + 1
