"""Head office's totals are a kiosk's own: the same rules, the same days, to the minor unit."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.office_facts import EXPONENTS, Plant, Planted, approved

from kiosk_tui.domain.day_clock import day_span
from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import TABLE, Event, State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.spans import LoggedState
from kiosk_tui.domain.totals import Records, Sum
from kiosk_tui.domain.totals import totals as kiosk_totals
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.queries.totals import TotalsBy, totals

VIENNA = ZoneInfo("Europe/Vienna")
DAY = date(2026, 11, 28)
NOON = datetime(2026, 11, 28, 12, tzinfo=VIENNA)


async def test_every_currency_has_its_own_sums_and_exponent(plant: Plant) -> None:
    for currency, minor in (("EUR", 1255), ("JPY", 1255), ("KWD", 1255)):
        await plant.transaction(
            Planted(kiosk_id="a-1", at=NOON, minor=minor, currency=currency, steps=approved(NOON))
        )
    (day,) = await totals(plant.connection, DAY, 1, VIENNA, TotalsBy.KIOSK)
    assert [(str(one.currency.code), one.currency.exponent, one.net) for one in day.currencies] == [
        ("EUR", 2, Sum(1, 1255)), ("JPY", 0, Sum(1, 1255)), ("KWD", 3, Sum(1, 1255)),
    ]  # fmt: skip


async def test_refunds_count_negative_and_tips_are_told(plant: Plant) -> None:
    for operation, minor, tip in (
        (Operation.SALE_AND_TIP, 2000, 200),
        (Operation.REFUND, 5000, None),
        (Operation.GRATUITY, 300, None),
    ):
        await plant.transaction(
            Planted(kiosk_id="a-1", at=NOON, minor=minor, tip=tip, operation=operation,
                    steps=approved(NOON))
        )  # fmt: skip
    (day,) = await totals(plant.connection, DAY, 1, VIENNA, TotalsBy.KIOSK)
    (one,) = day.currencies
    assert one.net == Sum(3, 2500 - 5000, 500)
    assert one.approved[Operation.REFUND] == Sum(1, 5000)
    assert one.brands == {"VISA": Sum(3, -2500, 500)}


async def test_days_begin_at_midnight_of_the_office_also_when_a_day_has_25_hours(
    plant: Plant,
) -> None:
    moments = {  # 25 October 2026: summer time ends, the day has 25 hours
        datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC): date(2026, 10, 24),
        datetime(2026, 10, 24, 22, 0, 0, tzinfo=UTC): date(2026, 10, 25),
        datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC): date(2026, 10, 25),
        datetime(2026, 10, 25, 23, 0, 0, tzinfo=UTC): date(2026, 10, 26),
        datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC): date(2026, 3, 28),
        datetime(2026, 3, 28, 23, 0, 0, tzinfo=UTC): date(2026, 3, 29),
        datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC): date(2026, 3, 29),
        datetime(2026, 3, 29, 22, 0, 0, tzinfo=UTC): date(2026, 3, 30),
    }
    for number, at in enumerate(moments):
        await plant.transaction(
            Planted(kiosk_id="a-1", at=at, minor=10**number, steps=((Event.APPROVED, at),))
        )
    found: dict[date, int] = {}
    for last in (date(2026, 10, 26), date(2026, 3, 30)):
        for day in await totals(plant.connection, last, 3, VIENNA, TotalsBy.FLEET):
            found[day.day] = day.currencies[0].net.minor
    expected: dict[date, int] = {}
    for number, of in enumerate(moments.values()):
        expected[of] = expected.get(of, 0) + 10**number
    assert found == expected


async def test_sums_are_by_kiosk_by_site_and_of_all(plant: Plant) -> None:
    await plant.kiosk("a-1", site="Vienna")
    await plant.kiosk("a-2", site="Vienna")
    for kiosk_id in ("a-1", "a-2", "b-1"):  # nobody knows b-1 any more
        await plant.transaction(Planted(kiosk_id=kiosk_id, at=NOON, steps=approved(NOON)))

    async def counts(by: TotalsBy) -> dict[str, int]:
        found = await totals(plant.connection, DAY, 1, VIENNA, by)
        return {one.of: one.currencies[0].net.count for one in found}

    assert await counts(TotalsBy.KIOSK) == {"a-1": 1, "a-2": 1, "b-1": 1}
    assert await counts(TotalsBy.SITE) == {"": 1, "Vienna": 2}
    assert await counts(TotalsBy.FLEET) == {"": 3}


async def test_an_operation_of_a_newer_version_is_never_left_out_in_silence(plant: Plant) -> None:
    await plant.transaction(Planted(kiosk_id="a-1", at=NOON, steps=approved(NOON)))
    await plant.connection.execute("UPDATE kiosk_transaction SET operation = 'instalment'")
    with pytest.raises(OfficeError, match="'instalment'.*upgrade head office"):
        await totals(plant.connection, DAY, 1, VIENNA, TotalsBy.KIOSK)


@pytest.mark.parametrize("seed", range(3))
async def test_any_journal_comes_to_what_its_kiosk_adds_up(plant: Plant, seed: int) -> None:
    dice = random.Random(seed)
    journal = [_any(dice) for _ in range(120)]
    journal += [_as_anothers(dice, one) for one in _approved(journal)[:8] * 2]
    told = [(one, await plant.transaction(one)) for one in journal]
    records = Records(
        tuple(_as_stored(one, number) for one, number in told),
        tuple(step for one, number in told for step in _logged(one, number)),
    )
    for back in range(4):
        day = date(2026, 10, 26) - timedelta(days=back)
        expected = kiosk_totals(records, *day_span(day, VIENNA))
        assert not expected.disagreements
        found = await totals(plant.connection, day, 1, VIENNA, TotalsBy.KIOSK)
        assert (found[0].currencies if found else ()) == expected.currencies


def _any(dice: random.Random) -> Planted:
    """A transaction that was begun in the days around the end of summer time, and any life."""
    at = datetime(2026, 10, 23, 20, tzinfo=UTC) + timedelta(seconds=dice.randint(0, 240_000))
    operation = dice.choice([one for one in Operation if one.has_amount])
    state = State.CANCEL_DUE if operation.takes_back else State.AUTHORIZING
    steps, moment = [], at
    for _ in range(dice.randint(0, 4)):
        possible = [event for before, event in TABLE if before is state]
        if not possible:
            break
        event = dice.choice(possible)
        moment += timedelta(seconds=dice.randint(0, 40_000))
        state, _ = TABLE[state, event]
        steps.append((event, moment))
    return Planted(
        kiosk_id="a-1", at=at, minor=dice.randint(1, 9999), steps=steps, operation=operation,
        tip=dice.randint(1, 99) if operation is Operation.SALE_AND_TIP else None,
        currency=dice.choice(list(EXPONENTS)), brand=dice.choice(("VISA", "Master Card", "")),
        original_id="20260101120000000" if operation.takes_back else None,
        original_terminal="77000001" if operation.takes_back else None,
        id=f"{at:%Y%m%d%H%M%S}{dice.randint(0, 999):03}",
    )  # fmt: skip


def _approved(journal: Iterable[Planted]) -> list[Planted]:
    return [
        one
        for one in journal
        if one.states()[-1][1] is State.APPROVED and not one.operation.takes_back
    ]


def _as_anothers(dice: random.Random, one: Planted) -> Planted:
    """A cancellation of our own transaction as older versions made it: as if it were another's."""
    at = one.at + timedelta(seconds=dice.randint(60, 60_000))
    return Planted(
        kiosk_id="a-1", at=at, minor=one.minor, operation=Operation.CANCELLATION,
        currency=one.currency, original_id=one.id, original_terminal=one.terminal,
        steps=((Event.CANCEL_CONFIRMED, at + timedelta(seconds=3)),),
    )  # fmt: skip


def _as_stored(one: Planted, number: str) -> Transaction:
    currency, place = Currency(one.currency, EXPONENTS[one.currency]), Place(one.terminal, "1")
    original = (
        Original(TransactionId(one.original_id), Place(one.original_terminal or "", "1"))
        if one.original_id
        else None
    )
    order = Order(
        one.operation, Money(one.minor, currency), place, original=original,
        tip=Money(one.tip, currency) if one.tip else None,
    )  # fmt: skip
    _, state, changed = one.states()[-1]
    answer = Answer("0", fields={"credit_card_issuer_and_acquirer_company": f"A;{one.brand}"})
    return Transaction(
        TransactionId(number), order, state, order.amount, one.at, changed, answer=answer
    )


def _logged(one: Planted, number: str) -> Iterable[LoggedState]:
    before: str | None = None
    for _, state, at in one.states():
        yield LoggedState(number, at, before, str(state))
        before = str(state)
