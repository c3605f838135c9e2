"""Why nobody can pay at the moment, in words for customers."""

from __future__ import annotations

from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_time


def reason(obstacle: Obstacle | None) -> str:
    """Say what keeps the register closed."""
    if obstacle is Obstacle.STARTING:
        return _("One moment, please.")
    if obstacle is Obstacle.UNREACHABLE:
        return _("The payment service cannot be reached.")
    if obstacle is Obstacle.CANCELLATION_DUE:
        return _("An earlier payment is still being reversed.")
    if obstacle is Obstacle.CLOCK:
        return _("The clock of this machine is wrong.")
    if obstacle is Obstacle.FAULT:
        return _("A fault was found. It is being dealt with.")
    return _("This machine cannot keep records at the moment.")


def since(readiness: Readiness, locale: str) -> str:
    """Say since when, or nothing where nobody knows."""
    if readiness.since is None:
        return ""
    return _("Since {time}.").format(time=format_time(readiness.since, locale))
