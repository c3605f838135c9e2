"""Where log lines go: a file or journald's socket, never a stream.

Textual draws on stderr, so a line there would tear the screen, and a unit that keeps stderr shows a
black one. Tracebacks are written without local variables.
"""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def to_file(path: Path) -> None:
    """Log into a file of at most 1 MB, and one older one. A disk that refuses costs only the log."""
    root = logging.getLogger("kiosk_tui")
    root.setLevel(logging.INFO)
    root.propagate = False
    logging.raiseExceptions = False
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(handler)


def quiet() -> None:
    """Log nothing: for commands whose output is for programs."""
    root = logging.getLogger("kiosk_tui")
    root.propagate = False
    root.addHandler(logging.NullHandler())
