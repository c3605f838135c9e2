"""Logs what Python would print over a screen: uncaught exceptions of threads and destructors, warnings."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

log = logging.getLogger(__name__)


def log_uncaught() -> None:
    """Log from now on what nothing in this process catches; print none of it."""
    threading.excepthook = _of_thread
    sys.unraisablehook = _unraisable
    logging.captureWarnings(capture=True)
    # until the log is open, what comes is not printed either: the screen is there before it
    logging.getLogger().addHandler(logging.NullHandler())


def _of_thread(what: threading.ExceptHookArgs) -> None:
    name = what.thread.name if what.thread is not None else "?"
    error = what.exc_value
    log.error("the thread %s failed", name, exc_info=error)


def _unraisable(what: UnraisableHookArgs) -> None:
    log.error("%s", what.err_msg or "a fault that nobody can catch", exc_info=what.exc_value)
