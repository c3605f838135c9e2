"""Whether a stream shows colours, and the few renditions that commands use."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TextIO

from kiosk_tui.start.abilities import DUMB


class Rendition(StrEnum):
    """How text looks: the parameters of ECMA-48's SELECT GRAPHIC RENDITION."""

    HEAD = "1"
    NAME = "36"
    DIM = "2"
    GOOD = "32"
    BAD = "31"
    LOOK = "33"


def coloured(stream: TextIO) -> bool:
    """Say whether a stream shows colours: a terminal does, unless $NO_COLOR or $TERM say not.

    $FORCE_COLOR makes a pipe coloured, for pagers such as `less -R`.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM", "") not in DUMB


def styled(text: str, rendition: Rendition, *, colours: bool) -> str:
    """Return a text in a rendition, or as it is where there are no colours."""
    return f"\x1b[{rendition}m{text}\x1b[m" if colours and text else text
