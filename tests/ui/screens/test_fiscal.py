"""What a signer says of a payment, on the result that a customer sees."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from kiosk_tui.domain.fiscal import (
    OwedSignature,
    Signature,
    SignerBegun,
    SignerUnavailable,
    SlipSignature,
)
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.transaction import Order
from kiosk_tui.payment.fiscal import SigningTerms
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.result import Result
from kiosk_tui.ui.screens.waiting import Waiting
from kiosk_tui.ui.widgets.code import Code

NO_TIP = TipPolicy(ask=False)


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "DEAF_S", 0.0)


class Signs:
    """Signs at once, or never."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works

    async def begin(self, _order: Order, _at: datetime) -> SignerBegun:
        return SignerBegun()

    async def finish(self, _owed: OwedSignature) -> Signature | SignerUnavailable:
        return Signature("Beleg 17", "_R1") if self.works else SignerUnavailable("Out of order.")


class Thinks(Signs):
    """Thinks for ever before a payment."""

    async def begin(self, _order: Order, _at: datetime) -> SignerBegun:
        await asyncio.Event().wait()
        raise AssertionError


async def _says(here: Any, words: str) -> None:
    async with asyncio.timeout(10):
        while words not in here.text:
            await here.pilot.pause(0.01)


async def _pay(here: Any) -> None:
    await here.pilot.press("5", "0", "0", "enter")
    await here.until(Result)


async def test_its_text_and_its_code_are_shown(hall: Any) -> None:
    async with hall(tip=NO_TIP, signer=Signs()) as here:
        await _pay(here)
        await here.bench.register.signing.catch_up()
        await _says(here, "Beleg 17")
        assert "1 Fiscal code" in here.text
        await here.pilot.press("1")
        async with asyncio.timeout(10):
            while not here.screen.query(Code):
                await here.pilot.pause(0.01)
        await here.pilot.press("1")
        await _says(here, "Beleg 17")


async def test_an_approval_is_shown_while_the_signature_is_awaited(hall: Any) -> None:
    async with hall(tip=NO_TIP, signer=Signs(works=False)) as here:
        await _pay(here)
        assert here.screen.heading() == "Approved"
        here.screen.tell_signed(here.screen._result.id, SlipSignature())
        await here.pilot.pause()
        assert "The fiscal signature is pending." in here.text


async def test_a_signature_that_comes_after_the_slip_is_shown(hall: Any) -> None:
    signer = Signs(works=False)
    async with hall(tip=NO_TIP, signer=signer) as here:
        here.bench.register.signing._terms = SigningTerms(slip_s=0.0)
        await _pay(here)
        await _says(here, "The fiscal signature is pending.")
        signer.works = True
        await here.bench.register.signing._sign_what_is_owed()
        await _says(here, "Beleg 17")
        assert "pending" not in here.text


async def test_giving_up_while_the_signer_thinks_is_told_as_that(hall: Any) -> None:
    async with hall(tip=NO_TIP, signer=Thinks()) as here:
        await here.pilot.press("5", "0", "0", "enter")
        await here.until(Waiting)
        await here.pilot.press("escape", "enter")
        await here.until(Result)
        assert here.screen.heading() == "Stopped"
        assert "You stopped this payment. Nothing was charged." in here.text
        assert not here.bench.terminal.paid


async def test_a_code_that_no_screen_can_show_costs_nothing(hall: Any) -> None:
    async with hall(tip=NO_TIP) as here:
        await _pay(here)
        here.screen.tell_signed("another", SlipSignature(Signature("no")))
        found = SlipSignature(Signature("Beleg", "y" * 3000))
        here.screen.tell_signed(here.screen._result.id, found)
        await here.pilot.pause()
        assert "1 Reference" in here.text
        await here.pilot.press("1")
        await _says(here, "Please note the reference.")
