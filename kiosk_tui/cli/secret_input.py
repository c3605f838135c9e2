"""What must not stand on a command line, which every user of a machine can see: PINs, card references.

They come from the keyboard, unseen, or as a line of standard input, or from a file.
"""

from __future__ import annotations

import os
import select
import sys
import time
from pathlib import Path
from typing import Final

from kiosk_tui.cli.asking import LONGEST, ask_unseen
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.files.reading import decoded, read

LINE_S: Final = 60.0
"""So long standard input may take for a line where nobody types."""


def given(text: str, what: str) -> str:
    """Return what an argument stands for: `-` a line of standard input, `@FILE` what is in it.

    Raises `CommandError`.
    """
    if text == "-":
        return line(f"{what}: ", what)
    if not text.startswith("@"):
        return text
    path = Path(text[1:]).expanduser()
    try:
        return decoded(read(path, LONGEST)).strip()
    except OSError as error:
        told = f"{what}: {path} cannot be read: {error.strerror}."
        raise CommandError(Exit.USAGE, told) from error
    except UnicodeDecodeError as error:
        raise CommandError(Exit.USAGE, f"{what}: {path} is not text.") from error


def line(prompt: str, what: str) -> str:
    """Return a line that somebody types unseen, or the next one of standard input.

    Raises `CommandError` where none comes.
    """
    if sys.stdin.isatty():
        return ask_unseen(prompt).strip()
    until, found = time.monotonic() + LINE_S, b""
    keyboard = sys.stdin.fileno()
    while len(found) <= LONGEST:
        ready, _, _ = select.select([keyboard], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            told = f"{what}: standard input gave no line within {LINE_S:g} s."
            raise CommandError(Exit.USAGE, told)
        # byte by byte: what follows is the next line's
        byte = os.read(keyboard, 1)
        if byte in (b"", b"\n"):
            return found.decode("utf-8", "replace").strip()
        found += byte
    raise CommandError(Exit.USAGE, f"{what}: that line is too long.")
