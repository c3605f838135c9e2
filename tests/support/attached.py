"""An app that works with a register of the same loop, as a session's front attaches it."""

from __future__ import annotations

from kiosk_tui.payment.register import Register
from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.register_link import RegisterLink


def attach(app: KioskApp, register: Register) -> None:
    """Let the app work with it, and hear its news."""
    link = RegisterLink(register, OtherLoop.here())
    app.attach(link)
    link.follow(app.hear)
