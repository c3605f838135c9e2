"""A journal under a new identity is compared by days; what it lacks is named, one by one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from support.ingest import Caller, alarms, enrolled, sent, stored

from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.fleet.wire import day_of, digest
from kiosk_tui.office.database import Pool
from kiosk_tui.office.ingest import epochs
from proofs.fleet.journals import Journal


@pytest.fixture
async def caller(pool: Pool) -> Caller:
    await enrolled(pool)
    return Caller(pool)


@pytest.fixture
async def journal(caller: Caller) -> Journal:
    """Three days that head office has."""
    told = Journal("ab")
    for seed in range(3):
        told.pay_many(12, random.Random(seed))
        told.clock += timedelta(days=1)
    await caller.send(told)
    return told


async def _lost(pool: Pool) -> list[str]:
    rows = await pool.fetch(
        "SELECT transaction_id FROM kiosk_transaction WHERE lost_at IS NOT NULL ORDER BY 1"
    )
    return [str(int(row[0])) for row in rows]


async def test_sql_digests_a_day_as_the_kiosk_does(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    rows = await pool.fetch(epochs.DIGESTS, "graz-1")
    here = {(str(row["day"]), row["events"], row["sha256"]) for row in rows}
    assert here == {(one.day, one.events, one.sha256) for one in journal.days()}
    assert digest([]) != journal.days()[0].sha256


async def test_a_restored_journal_that_lost_five_is_told_exactly_these_five(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    ids = list(journal.numbers)
    gone = [ids[3], ids[4], ids[13], ids[14], ids[35]]
    restored = journal.restored("cd", gone)
    assert (await caller.send(restored, 0, 0)).compare
    wanted = await caller.compare(restored)
    differ = sorted({day_of(one) for one in gone})
    assert sorted(wanted.send) == sorted(wanted.list) == differ
    # until every day is listed the loss has no name, and the comparison is asked for
    assert (await caller.send(restored, 0, 0)).compare
    for day in wanted.list:
        assert (await caller.list_day(restored, day)).transactions == sum(
            day_of(one) == day for one in gone
        )
    assert not (await caller.send(restored, 0, 0)).compare
    assert await _lost(pool) == gone
    told = await alarms(pool)
    assert list(told) == ["lost"]
    assert all(sum(one in sentence for sentence in told["lost"]) == 1 for one in gone)
    rows = await pool.fetch("SELECT details FROM alarm ORDER BY subject")
    assert [name for row in rows for name in row["details"]["transactions"]] == gone


async def test_days_that_are_equal_need_not_be_sent(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    restored = journal.restored("cd")
    before = await stored(pool)
    assert (await caller.send(restored, 0, 0)).compare
    wanted = await caller.compare(restored)
    assert (wanted.send, wanted.list) == ((), ())
    last = len(restored.events)
    assert (await caller.send(restored, 0, last, events=())).stored == last
    restored.pay()
    answer = await caller.send(restored, last)
    assert (answer.stored, answer.compare) == (last + 2, False)
    assert await stored(pool) == before + sent(restored, restored.events[last:])
    assert await alarms(pool) == {}


async def test_only_compared_places_may_be_passed_over(caller: Caller, journal: Journal) -> None:
    restored = journal.restored("cd")
    batch = caller.batch(restored, events=())
    assert (await caller.post("/v1/ingest", batch)).status_code == 422


async def test_what_turns_up_again_is_lost_no_more(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    ids = list(journal.numbers)
    restored = journal.restored("cd", ids[:2])
    await caller.send(restored, 0, 0)
    await caller.compare(restored)
    await caller.list_day(restored, day_of(ids[0]))
    assert await _lost(pool) == ids[:2]
    # the same question again, because its answer was lost on the way, changes nothing
    assert (await caller.list_day(restored, day_of(ids[0]))).transactions == 2
    whole = journal.restored("ef", ids[1:2])
    await caller.send(whole, 0, 0)
    wanted = await caller.compare(whole)
    for day in wanted.list:
        await caller.list_day(whole, day)
    assert await _lost(pool) == ids[1:2]
    # by its events alone, too
    await caller.send(journal.restored("0a"))
    last = journal.restored("0b", [])
    await caller.send(last, 0, 0)
    await caller.compare(last)
    await caller.send(last)
    assert await _lost(pool) == []


async def test_a_beginning_is_enough_to_be_found_again(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    name = journal.pay(2)
    await caller.send(journal, len(journal.events) - 3)
    restored = journal.restored("cd", [name])
    await caller.send(restored, 0, 0)
    (day,) = (await caller.compare(restored)).list
    await caller.list_day(restored, day)
    assert await _lost(pool) == [name]
    restored.events.append(journal.events[-3].model_copy(update={"seq": len(restored.events) + 1}))
    await caller.send(restored)
    assert await _lost(pool) == []
    states = await pool.fetch(
        "SELECT state FROM kiosk_transaction ORDER BY transaction_id DESC LIMIT 1"
    )
    assert [row["state"] for row in states] == ["CANCELLED"]


async def test_a_new_journal_has_lost_every_day(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    new = Journal("cd", clock=journal.clock)
    new.pay()
    assert (await caller.send(new, 0, 0)).compare
    wanted = await caller.compare(new)
    assert wanted.send == (day_of(new.events[0].transaction_id),)
    assert wanted.list == tuple(one.day for one in journal.days())
    for day in wanted.list:
        await caller.list_day(new, day)
    assert len(await _lost(pool)) == len(journal.numbers)
    assert (await caller.send(new)).stored == 2


async def test_days_that_were_pruned_prove_no_loss(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    first, second, third = (one.day for one in journal.days())
    pruned = [one for one in journal.numbers if day_of(one) < third]
    kept = journal.restored("cd", pruned)
    await caller.send(kept, 0, 0)
    in_the_middle = datetime.strptime(second, "%Y%m%d").replace(hour=12, tzinfo=UTC)
    wanted = await caller.compare(kept, pruned_before=in_the_middle)
    assert (wanted.send, wanted.list) == ((), ())
    assert not (await caller.send(kept, 0, 0)).compare
    # a day that was not asked for says nothing
    await caller.list_day(kept, first)
    assert await _lost(pool) == []
    wanted = await caller.compare(kept, pruned_before=in_the_middle.replace(hour=0))
    assert wanted.list == (second,)


async def test_a_transaction_that_lost_its_last_events_is_named(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    name = journal.begin()
    restored = journal.restored("cd")
    journal.add(name, Event.OUTCOME_UNKNOWN, State.CANCEL_DUE)
    await caller.send(journal, len(journal.events) - 2)
    await caller.send(restored, 0, 0)
    (day,) = (await caller.compare(restored)).list
    assert (await caller.list_day(restored, day)).transactions == 0
    (sentence,) = (await alarms(pool))["lost"]
    assert f"lacks the last events of {name}" in sentence


async def test_what_a_journal_itself_has_told_is_not_lost(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    """A day is listed as it was read; what happened since comes in events of its own."""
    restored = journal.restored("cd", list(journal.numbers)[-1:])
    await caller.send(restored, 0, 0)
    (day,) = (await caller.compare(restored)).list
    restored.clock = datetime.strptime(day, "%Y%m%d").replace(hour=23, tzinfo=UTC)
    before = restored.restored("cd")
    name = restored.begin()
    assert day_of(name) == day
    await caller.send(restored)
    await caller.list_day(before, day)
    assert name not in await _lost(pool)
    assert len(await _lost(pool)) == 1


async def test_a_great_loss_is_counted_whole_and_named_in_part(caller: Caller, pool: Pool) -> None:
    journal = Journal("ab")
    for _ in range(epochs.MOST_NAMED + 50):
        journal.pay()
    for after in range(0, len(journal.events), 100):
        await caller.send(journal, after, min(after + 100, len(journal.events)))
    new = Journal("cd")
    await caller.send(new, 0, 0)
    (day,) = (await caller.compare(new)).list
    assert (await caller.list_day(new, day)).transactions == epochs.MOST_NAMED + 50
    details = await pool.fetchval("SELECT details FROM alarm")
    assert len(details["transactions"]) == epochs.MOST_NAMED
    assert details["transactions_count"] == epochs.MOST_NAMED + 50
    sentence = await pool.fetchval("SELECT sentence FROM alarm")
    assert f"and {epochs.MOST_NAMED + 40} more" in sentence
