"""Why nobody can pay at the moment, in words for customers."""

from __future__ import annotations

from kiosk_tui.domain.one_line import one_line
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.text.texts import _, language_of
from kiosk_tui.text.times import format_time


def reason(obstacle: Obstacle | None) -> str:
    """Say what keeps the register closed."""
    if obstacle is Obstacle.STARTING:
        return _("One moment, please.")
    if obstacle is Obstacle.UNREACHABLE:
        return _("The payment service cannot be reached.")
    if obstacle is Obstacle.CANCELLATION_DUE:
        return _("An earlier payment is still being reversed.")
    if obstacle is Obstacle.GOODS_DUE:
        return _("An earlier payment is not finished yet.")
    if obstacle is Obstacle.CLOCK:
        return _("The clock of this machine is wrong.")
    if obstacle is Obstacle.FAULT:
        return _("A fault was found. It is being dealt with.")
    if obstacle is Obstacle.CLOSED_BY_OFFICE:
        return _("This machine is closed at the moment.")
    return _("This machine cannot keep records at the moment.")


def notice(readiness: Readiness, locale: str) -> str:
    """Return what head office tells customers of a register that it keeps closed; empty where nothing."""
    told = readiness.notice
    if told is None:
        return ""
    return one_line(told.by_language.get(language_of(locale), told.sentence))


def told(readiness: Readiness, locale: str) -> str:
    """Say what keeps the register closed, in head office's words where that has closed it."""
    if readiness.obstacle is Obstacle.CLOSED_BY_OFFICE:
        return notice(readiness, locale) or reason(readiness.obstacle)
    return reason(readiness.obstacle)


def since(readiness: Readiness, locale: str) -> str:
    """Say since when, or nothing where nobody knows."""
    if readiness.since is None:
        return ""
    return _("Since {time}.").format(time=format_time(readiness.since, locale))
