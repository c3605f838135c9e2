"""What the app shows of a payment is how it stands: news may overtake the answer to who began it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import cast

from support.showcase import in_state

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.payment.register import Register
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.register_link import RegisterLink
from kiosk_tui.ui.screens.lane.shift import Shift

DUE = in_state(State.CANCEL_DUE)
CANCELLED = replace(
    in_state(State.CANCELLED), id=DUE.id, updated_at=DUE.updated_at + timedelta(milliseconds=80)
)


class Told:
    """As much of a register as is listened to."""

    readiness = Readiness(None)

    def __init__(self) -> None:
        self.listeners: list[Callable[[Notification], None]] = []

    def listen(self, listener: Callable[[Notification], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def tell(self, notification: Notification) -> None:
        for listener in self.listeners:
            listener(notification)


async def test_what_a_register_does_at_once_is_not_missed_however_late_a_screen_comes() -> None:
    register, queue = Told(), list[Notification]()
    link = RegisterLink(cast("Register", register), OtherLoop.here())
    link.follow(queue.append)  # a screen's thread has not even begun to take from it
    register.tell(TransactionChanged(CANCELLED))
    assert queue == [ReadinessChanged(register.readiness), TransactionChanged(CANCELLED)]
    link.let_go()
    register.tell(TransactionChanged(DUE))
    assert len(queue) == 2


async def test_news_that_came_before_the_answer_is_what_is_shown() -> None:
    register, heard = Told(), list[Notification]()
    link = RegisterLink(cast("Register", register), OtherLoop.here())
    link.follow(heard.append)
    register.tell(TransactionChanged(CANCELLED))
    assert link.as_it_stands(DUE) is CANCELLED


async def test_an_answer_that_is_newer_or_about_something_else_is_shown_as_it_came() -> None:
    register, heard = Told(), list[Notification]()
    link = RegisterLink(cast("Register", register), OtherLoop.here())
    assert link.as_it_stands(DUE) is DUE
    link.follow(heard.append)
    register.tell(TransactionChanged(CANCELLED))
    # kept in memory only, where the disk refused it: nobody was told of that
    later = replace(DUE, updated_at=CANCELLED.updated_at + timedelta(milliseconds=1))
    other = replace(DUE, id=TransactionId("20261123140130346"))
    refused = NotStarted(Refusal.BUSY, "")
    for one in (later, other, refused):
        assert link.as_it_stands(one) is one


def test_a_lane_keeps_what_it_knows_of_later() -> None:
    shift = Shift("anna", Readiness(None), {}, set(), shown=DUE)
    shift.note(CANCELLED)
    shift.shown = DUE  # as the answer has it
    shift.note(DUE)
    assert shift.shown is shift.today[DUE.id] is CANCELLED
    again = replace(DUE, updated_at=CANCELLED.updated_at + timedelta(seconds=1))
    shift.note(again)
    assert shift.shown is shift.today[DUE.id] is again
