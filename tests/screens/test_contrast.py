"""Every character can be read on the Linux console: contrast of at least 4.5 in its 16 colours."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from rich.segment import Segment
from support.fakes import EUR, PLACE
from support.virtual import START

from kiosk_tui.app import KioskApp
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.transaction import Operation, Order, Place, Transaction
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.screens.amount import Amount
from kiosk_tui.screens.out_of_service import OutOfService
from kiosk_tui.screens.result import Result
from kiosk_tui.screens.service.menu import Menu
from kiosk_tui.screens.service.pin import Pin, Tries
from kiosk_tui.screens.service.settle import Settle
from kiosk_tui.screens.settings import Mode, ScreenSettings
from kiosk_tui.screens.starting import Starting
from kiosk_tui.screens.tip import Tip
from kiosk_tui.screens.tip_typed import TipTyped
from kiosk_tui.screens.waiting import Waiting
from kiosk_tui.screens.welcome import Welcome

LEAST = 4.5
VT = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0)),
    *((0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)),
    *((85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)),
)
"""The palette of the Linux console. A bold dark colour is shown as its bright one."""

SETTINGS = ScreenSettings(
    mode=Mode.KIOSK,
    demo=True,
    kiosk_id="museum",
    place=Place("88091105", "1"),
    amount_min=Money(100, EUR),
    amount_max=Money(50_000, EUR),
    tip=TipPolicy(),
    languages=("en",),
    idle_s=60,
    pin_fits="0000".__eq__,
    pin_hint="Demo: the PIN is 0000.",
)
DONE = Transaction(
    id="20261123140102345",
    order=Order(Operation.SALE, Money(1255, EUR), PLACE),
    state=State.APPROVED,
    amount_sent=Money(1255, EUR),
    created_at=START,
    updated_at=START,
    answer=Answer("0", fields={"card_number": "411111******1111"}),
    why="No answer came in time.",
)
EURO = Money(1255, EUR)
STAFF = replace(DONE, state=State.NEEDS_STAFF)
SCREENS = {
    "starting": Starting,
    "welcome": lambda: Welcome(SETTINGS, due=2),
    "amount": lambda: Amount(SETTINGS, EURO),
    "tip": lambda: Tip(SETTINGS, EURO),
    "tip_typed": lambda: TipTyped(SETTINGS, EURO),
    "waiting": lambda: Waiting(SETTINGS, EURO, lambda: 9.0),
    **{f"result_{state}": partial(Result, SETTINGS, replace(DONE, state=state)) for state in State},
    "out_of_service": lambda: OutOfService(
        SETTINGS, Readiness(Obstacle.CLOCK, "The clock is wrong.", START), interrupted=True
    ),
    "pin": lambda: Pin(SETTINGS, Tries()),
    "menu": lambda: Menu(SETTINGS, (), (STAFF,), said="It did not work."),
    "settle": lambda: Settle(SETTINGS, STAFF),
}


def _luminance(colour: tuple[int, int, int]) -> float:
    red, green, blue = (
        one / 255 / 12.92 if one / 255 <= 0.04045 else ((one / 255 + 0.055) / 1.055) ** 2.4
        for one in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(segment: Segment) -> float:
    style = segment.style
    assert style is not None
    assert style.color is not None
    assert style.bgcolor is not None
    front, back = style.color.number, style.bgcolor.number
    assert front is not None
    assert back is not None, "only the 16 colours of the console"
    assert back < 8, "the console has no bright backgrounds"
    if style.bold and front < 8:
        front += 8
    light, dark = sorted((_luminance(VT[front]), _luminance(VT[back])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", SCREENS)
async def test_every_character_can_be_read(name: str) -> None:
    app = KioskApp()
    app.configure(SETTINGS)
    async with app.run_test(size=(80, 24)) as pilot:
        build: Any = SCREENS[name]
        app.push_screen(build())
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
    seen = [part for strip in strips for part in strip if part.text.strip()]
    assert seen
    for part in seen:
        assert _contrast(part) >= LEAST, f"{part.text.strip()!r} is hard to read"


def test_the_yardstick_knows_what_cannot_be_read() -> None:
    from rich.style import Style  # noqa: PLC0415

    assert _contrast(Segment("x", Style.parse("black on green"))) > LEAST
    assert _contrast(Segment("x", Style.parse("bold black on green"))) < LEAST
