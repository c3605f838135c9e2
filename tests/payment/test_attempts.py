"""Payments in a row with the same order: at most three, each of its own, and one charge at the most."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from support.fakes import LOST, NO, YES, Bench, order

from kiosk_tui.domain.attempt import MOST_IN_A_ROW, Attempt
from kiosk_tui.domain.outcome import Declined, NotSent, PaymentOutcome
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.text.wording.outcomes import words

BUSY = Declined(replace(NO.answer, response_code="8014", reason="busy"))
ANSWERS: tuple[PaymentOutcome, ...] = (YES, NO, LOST, BUSY, NotSent("No connection was made."))


class Bank:
    """What stays charged: an answer that is lost was an approval, as far as anybody knows."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.standing: set[str] = set()
        bench.terminal.on_cancel = lambda one: self.standing.discard(one.id)

    async def pays(self, attempt: Attempt, answer: PaymentOutcome) -> Transaction:
        self.bench.terminal.answer = answer
        paid = await self.bench.pay(attempt.order)
        if answer in (YES, LOST):
            self.standing.add(paid.id)
        return paid


@pytest.mark.parametrize("given_up", [False, True])
async def test_whatever_tecs_answers_no_two_payments_of_a_row_stay_charged(
    tmp_path: Path, given_up: bool
) -> None:
    bench = Bench(tmp_path)
    await bench.register.look()
    bank = Bank(bench)
    for answers in product(ANSWERS, repeat=MOST_IN_A_ROW):
        attempt, found = Attempt(order(tip=126)), []
        bank.standing.clear()
        while True:
            paid = await bank.pays(attempt, answers[attempt.number - 1])
            found.append(paid)
            if bench.register.due:
                assert not words(paid, "en", given_up=given_up, again=True).again
            await bench.register.replay()
            now = await bench.on_disk(paid.id)
            if attempt.is_last or not words(now, "en", given_up=given_up, again=True).again:
                break
            assert not bank.standing, answers  # nothing stands when the next one begins
            attempt = attempt.next()
        assert len(bank.standing) <= 1
        assert len({one.id for one in found}) == len(found) <= MOST_IN_A_ROW
        assert {(one.order.amount, one.order.tip) for one in found} == {
            (attempt.order.amount, attempt.order.tip)
        }
    await bench.register.close(0)
