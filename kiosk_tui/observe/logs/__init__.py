"""Where log lines go: journald's socket, else a file; never a stream.

Textual draws on stderr, so a line there would tear the screen, and a unit that keeps stderr shows a
black one. Tracebacks are written without local variables. A line that comes again and again is
written seldom, and with its count.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from kiosk_tui.files.writing import make_folder
from kiosk_tui.observe.logs.journald import SOCKET, JournaldHandler, takes_lines
from kiosk_tui.observe.logs.rate_limit import RateLimit

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
_OURS: Final = ("kiosk_tui", "asyncio", "py.warnings")
"""What asyncio has to say are faults of ours: a task that failed and that nobody asked about."""


def begin(path: Path, socket: Path = SOCKET, *, to: str = "auto") -> None:
    """Log to journald where there is one, else, or where `to` is "file", into the file `path`."""
    if to != "file" and takes_lines(socket):
        _to(JournaldHandler(socket))
    else:
        to_file(path)


def to_file(path: Path) -> None:
    """Log into a file of at most 1 MB, and one older one. A disk that refuses costs only the log."""
    from kiosk_tui.observe.logs.file import LogFile  # noqa: PLC0415 - 30 ms, for pickles and queues

    try:
        make_folder(path.parent)
    except OSError:
        handler: logging.Handler = logging.NullHandler()
    else:
        handler = LogFile(path)
    handler.setFormatter(logging.Formatter(_FORMAT))
    _to(handler)


def quiet() -> None:
    """Log nothing: for commands whose output is for programs."""
    root = logging.getLogger("kiosk_tui")
    root.propagate = False
    root.addHandler(logging.NullHandler())
    logging.getLogger().addHandler(logging.NullHandler())


def loggers() -> list[logging.Logger]:
    """Return those whose lines are kept, made ready for it: for a process that logs nothing itself, too.

    To make one, and to set its level, looks at each logger that there is.
    """
    found = [logging.getLogger(name) for name in _OURS]
    for logger in found:
        logger.propagate = False
        if logger.level != logging.INFO:
            logger.setLevel(logging.INFO)
    return found


def _to(handler: logging.Handler) -> None:
    handler.addFilter(RateLimit())
    logging.raiseExceptions = False
    for logger in loggers():
        logger.addHandler(handler)
    # what other libraries say is not kept, and must not reach stderr by logging's last resort
    logging.getLogger().addHandler(logging.NullHandler())
