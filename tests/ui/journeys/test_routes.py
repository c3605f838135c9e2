"""Which journey takes which message: one table, and nothing that a screen tells gets lost."""

from __future__ import annotations

import inspect
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

from support.showcase import SETTINGS

from kiosk_tui.session.settings import Mode
from kiosk_tui.ui import messages
from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.app_message import AppMessage
from kiosk_tui.ui.journeys.technician import TechnicianJourney
from kiosk_tui.ui.other_loop import OtherLoop


def _all() -> set[type[AppMessage]]:
    return {
        one
        for _, one in inspect.getmembers(messages, inspect.isclass)
        if issubclass(one, AppMessage) and one is not AppMessage
    }


async def test_a_journey_takes_each_message() -> None:
    app = KioskApp()
    app.configure(replace(SETTINGS, mode=Mode.LANE))
    examination: Any = SimpleNamespace()
    app.journeys.equip(partial(TechnicianJourney, examination, OtherLoop.here()))
    assert app.journeys.takes() == _all()
    assert len(_all()) > 1


async def test_what_a_technician_wants_is_nobodys_where_there_is_none() -> None:
    app = KioskApp()
    app.configure(SETTINGS)
    assert messages.CheckAsked not in app.journeys.takes()
    await app.journeys.take(messages.CheckAsked(None))


async def test_what_a_cashier_wants_is_nobodys_at_a_kiosk() -> None:
    app = KioskApp()
    app.configure(replace(SETTINGS, mode=Mode.KIOSK))
    assert messages.EntryAsked not in app.journeys.takes()
