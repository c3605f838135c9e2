"""The signals that ask for the end of a session."""

from __future__ import annotations

import signal
from typing import Final

ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
"""Whoever sends one of these wants the program to end, in order."""
