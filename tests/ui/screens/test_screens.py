"""Every screen: only characters that a console has, nothing cut, at each size."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.attached import attach
from support.fakes import EUR, LOST, NO, Bench
from support.showcase import DONE, SETTINGS
from support.virtual import START
from textual.widgets import Static

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.payment.notifications import ReadinessChanged, TransactionChanged
from kiosk_tui.payment.policy import Timeouts
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.amount import Amount
from kiosk_tui.ui.screens.base import ASK_S
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.screens.out_of_service import OutOfService
from kiosk_tui.ui.screens.result import Result
from kiosk_tui.ui.screens.tip import TipScreen
from kiosk_tui.ui.screens.tip_typed import TipTyped
from kiosk_tui.ui.screens.waiting import Waiting
from kiosk_tui.ui.screens.welcome import Welcome
from kiosk_tui.ui.widgets.sentence import Sentence


def _app(settings: ScreenSettings) -> KioskApp:
    app = KioskApp()
    app.configure(settings)
    return app


async def _shown(screen: Frame, size: tuple[int, int]) -> tuple[list[str], KioskApp]:
    app = KioskApp()
    async with app.run_test(size=size) as pilot:
        app.configure(getattr(screen, "settings", SETTINGS))
        app.push_screen(screen)
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        lines = [strip.text for strip in strips]
        seen = [one for one in screen.query(Static) if one.region.area]
        wanted = [str(one.render()) for one in seen if str(one.render()).strip()]
    shown = " ".join(" ".join(lines).split())
    for text in wanted:
        for word in text.split():
            assert word in shown, f"{word!r} is cut"
    return lines, app


async def test_a_terminal_that_is_too_small_is_told_so() -> None:
    lines, _ = await _shown(Welcome(SETTINGS), (60, 18))
    assert "window larger: 80 x 24" in lines[0]


@pytest.mark.parametrize("code", ["JPY", "KWD", "CLF", "CHF"])
@pytest.mark.parametrize("name", ["amount", "tip", "waiting"])
async def test_every_exponent_fits(name: str, code: str) -> None:
    currency = Currency(code, {"JPY": 0, "KWD": 3, "CLF": 4, "CHF": 2}[code])
    most = Money(9_999_999, currency)
    settings = replace(SETTINGS, amount_min=Money(1, currency), amount_max=most)
    build: dict[str, Any] = {
        "amount": lambda: Amount(settings, most),
        "tip": lambda: TipScreen(settings, most),
        "waiting": lambda: Waiting(settings, most, lambda: None),
    }
    lines, _ = await _shown(build[name](), (80, 24))
    assert len(lines) == 24


class TestWithARegister:
    """The app's order of screens, with the real register on a real journal."""

    @pytest.fixture(autouse=True)
    def _hears_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(frame, "DEAF_S", 0.0)

    async def _until(self, pilot: Any, kind: type) -> None:
        async with asyncio.timeout(10):
            while not isinstance(pilot.app.screen, kind):
                await pilot.pause(0.01)

    async def test_a_tip_makes_it_a_sale_and_tip_and_none_a_sale(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, clock=_Now())
        app = _app(SETTINGS)
        async with app.run_test() as pilot:
            attach(app, bench.register)
            await bench.register.start()
            for choice, operation in (("1", Operation.SALE_AND_TIP), ("0", Operation.SALE)):
                await self._until(pilot, Welcome)
                await pilot.press("2", "0", "0", "0", "enter")
                await self._until(pilot, TipScreen)
                await pilot.press(choice)
                await self._until(pilot, Result)
                found = await bench.on_disk(bench.terminal.paid[-1])
                assert found.order.operation is operation
                await pilot.press("enter")
            await bench.register.close(0)

    async def test_the_tip_can_be_typed_and_the_amount_corrected(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, clock=_Now())
        app = _app(SETTINGS)
        async with app.run_test() as pilot:
            attach(app, bench.register)
            await bench.register.start()
            await self._until(pilot, Welcome)
            await pilot.press("enter", "5", "0", "0", "0", "enter")
            await self._until(pilot, TipScreen)
            await pilot.press("escape")
            await self._until(pilot, Amount)
            await pilot.press("backspace", "enter")
            await self._until(pilot, TipScreen)
            await pilot.press("4")
            await self._until(pilot, TipTyped)
            await pilot.press("9", "9", "9", "enter")  # more than the amount itself
            assert "highest tip" in str(app.screen.query_one("#note", Static).render())
            await pilot.press("backspace", "enter")
            await self._until(pilot, Result)
            found = await bench.on_disk(bench.terminal.paid[-1])
            assert (found.order.amount.minor, found.order.tip) == (500, Money(99, EUR))
            await bench.register.close(0)

    async def test_a_result_follows_its_reversal(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, clock=_Now(), timeouts=Timeouts())
        bench.terminal.answer = LOST
        app = _app(replace(SETTINGS, tip=TipPolicy(ask=False)))
        async with app.run_test() as pilot:
            attach(app, bench.register)
            await bench.register.look()
            await self._until(pilot, Welcome)
            await pilot.press("2", "0", "0", "enter")
            await self._until(pilot, Result)
            said = app.screen.query_one("#line", Sentence)
            assert "being reversed" in said.text
            await bench.register.replay()
            await pilot.pause()
            said = app.screen.query_one("#text", Sentence)
            assert "Your payment was reversed." in said.text
            await bench.register.close(0)

    async def test_closing_takes_a_customer_off_the_amount_but_not_off_a_result(
        self, tmp_path: Path
    ) -> None:
        bench = Bench(tmp_path, clock=_Now())
        bench.terminal.answer = NO
        app = _app(replace(SETTINGS, tip=TipPolicy(ask=False)))
        async with app.run_test() as pilot:
            attach(app, bench.register)
            await bench.register.look()
            await self._until(pilot, Welcome)
            await pilot.press("2")
            bench.terminal.reachable = False
            await bench.register.look()
            await self._until(pilot, OutOfService)
            await pilot.press("5")
            assert isinstance(app.screen, OutOfService)
            bench.terminal.reachable = True
            await bench.register.look()
            await self._until(pilot, Welcome)
            await pilot.press("2", "0", "0", "enter")
            await self._until(pilot, Result)
            bench.terminal.reachable = False
            await bench.register.look()
            await pilot.pause()
            assert app.shows == Result.__name__
            await pilot.press("enter")
            await self._until(pilot, OutOfService)
            await bench.register.close(0)

    async def test_a_customer_who_walks_away_is_led_back_with_nothing_pending(
        self, tmp_path: Path
    ) -> None:
        bench = Bench(tmp_path, clock=_Now())
        app = _app(SETTINGS)
        async with app.run_test() as pilot:
            attach(app, bench.register)
            await bench.register.look()
            await self._until(pilot, Welcome)
            await pilot.press("2", "0", "0", "enter")
            await self._until(pilot, TipScreen)
            tip = app.screen
            assert isinstance(tip, TipScreen)
            assert tip._idle is not None
            assert tip._idle._interval == SETTINGS.idle_s - ASK_S
            tip._hesitated()  # what the timers call: no wall clock decides this test
            for _ in range(ASK_S):
                tip._count_down()
            await self._until(pilot, Welcome)
            assert bench.terminal.paid == []
            await bench.register.close(0)


def test_news_of_another_payment_leaves_a_result_alone() -> None:
    screen = Result(SETTINGS, DONE)
    screen.hear(TransactionChanged(replace(DONE, id=TransactionId("20261123140102999"))))
    assert screen._result is DONE


class _Now:
    """The machine's clocks, with the wall clock where the fake server's is."""

    def now(self) -> Any:
        return START

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


@pytest.mark.parametrize(
    ("left_s", "told"),
    [
        (-3.0, "The next try is a moment away."),
        (9.0, "The next try is a moment away."),
        (14.0, "Next try in 10 seconds."),
        (119.0, "Next try in 120 seconds."),
        (150.0, "Next try in 2 minutes."),
        (899.0, "Next try in 15 minutes."),
    ],
)
def test_the_next_try_is_told_roughly_so_that_nothing_flickers(left_s: float, told: str) -> None:
    screen = OutOfService(SETTINGS, Readiness(Obstacle.UNREACHABLE, "", START, left_s))
    assert told in screen._again()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (132, 43), (200, 60)])
async def test_a_closed_screen_says_what_to_do_at_any_size(size: tuple[int, int]) -> None:
    app = _app(SETTINGS)
    async with app.run_test(size=size) as pilot:
        app.show(OutOfService(SETTINGS, Readiness(Obstacle.UNREACHABLE, "No route.", START, 40)))
        await pilot.pause()
        text = " ".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "Please pay at the cash desk." in text
        assert "The payment service cannot be reached." in text


async def test_a_closed_screen_follows_what_stands_in_the_way() -> None:
    app = _app(SETTINGS)
    async with app.run_test() as pilot:
        app.show(OutOfService(SETTINGS, Readiness(Obstacle.UNREACHABLE, "No route.", START, 40)))
        await pilot.pause()
        app.frame.hear(ReadinessChanged(Readiness(Obstacle.JOURNAL, "Disk full.", START, 40)))
        await pilot.pause()
        text = " ".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "cannot keep records" in text
        assert "Disk full." in text
        assert "No route." not in text
