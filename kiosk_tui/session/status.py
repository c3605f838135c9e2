"""One sentence to systemd, where it asked to be told: nothing is loaded elsewhere."""

from __future__ import annotations

import os


def last_word(sentence: str) -> None:
    """Leave why this process ends, for whoever shows it on the console."""
    tell_status(f"ended: {sentence}")


def tell_status(sentence: str) -> None:
    """Tell systemd how things stand, where it asked to be told."""
    if os.environ.get("NOTIFY_SOCKET"):
        from kiosk_tui.observe.watchdog.notify import notify  # noqa: PLC0415

        notify(os.environ, STATUS=sentence)
