"""What versions before the link left beside the journal: two sockets, which this one does not use.

It can go once no kiosk is upgraded from such a version any more.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from kiosk_tui.remote.sockets.places import SocketError, connected

_SUFFIXES: Final = (".watch", ".control")


def listens(journal: Path) -> bool:
    """Say whether an older version of this program holds the register."""
    try:
        made = connected(journal.with_name(journal.name + _SUFFIXES[0]))
    except SocketError:  # it stands still
        return True
    if made is None:
        return False
    made.close()
    return True


def clear(journal: Path) -> None:
    """Remove what it left. Only for whoever holds the register."""
    for suffix in _SUFFIXES:
        left = journal.with_name(journal.name + suffix)
        with contextlib.suppress(OSError):
            if left.is_socket():
                left.unlink()
