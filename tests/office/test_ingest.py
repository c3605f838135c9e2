"""What a kiosk sends is stored once and whole, whatever comes twice, late, out of order or not at all."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from support.ingest import KIOSK, Caller, alarms, enrolled, sent, stored

from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.fleet.wire import MOST_BYTES, CommandOutcome, Health, Stored
from kiosk_tui.office import database
from kiosk_tui.office.database import Pool
from proofs.fleet.journals import Journal


@pytest.fixture
async def caller(pool: Pool) -> Caller:
    await enrolled(pool)
    return Caller(pool)


@pytest.fixture
async def other_pool(database_url: str) -> AsyncIterator[Pool]:
    """The connections of another process."""
    opened = await database.open_pool(database_url, 4)
    yield opened
    await opened.close()


@pytest.fixture
def journal() -> Journal:
    return Journal("ab").pay_many(10, random.Random(1))


async def test_what_is_sent_is_stored_with_its_transactions(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    answer = await caller.send(journal)
    assert answer.stored == len(journal.events)
    assert not answer.compare
    assert await stored(pool) == sent(journal)
    states = {row["state"] for row in await pool.fetch("SELECT state FROM kiosk_transaction")}
    assert states <= {"APPROVED", "DECLINED", "CANCELLED"}
    assert await pool.fetchval("SELECT count(*) FROM kiosk_transaction") == len(journal.numbers)
    assert await alarms(pool) == {}


async def test_a_stored_event_can_be_read_again_as_it_was_sent(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    await caller.send(journal)
    row = await pool.fetchrow("SELECT * FROM event WHERE seq = 2")
    assert row is not None
    assert row["sha256"].hex() == journal.events[1].fingerprint()
    left_out = {"seq", "transaction_id", "number", "at", "event", "state"}
    told = journal.events[1].model_dump(mode="json", exclude=left_out, exclude_defaults=True)
    assert row["body"] == told


async def test_a_batch_that_comes_twice_is_stored_once(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    for _ in range(2):
        assert (await caller.send(journal)).stored == len(journal.events)
    assert await stored(pool) == sent(journal)
    assert await alarms(pool) == {}


async def test_batches_that_overlap_are_stored_once(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    assert (await caller.send(journal, 0, 6)).stored == 6
    assert (await caller.send(journal, 3, 9)).stored == 9
    assert (await caller.send(journal, 2, 5)).stored == 9
    assert (await caller.send(journal, 9)).stored == len(journal.events)
    assert await stored(pool) == sent(journal)
    assert await alarms(pool) == {}


async def test_what_begins_beyond_what_is_stored_is_not_taken(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    await caller.send(journal, 0, 4)
    assert (await caller.send(journal, 7)).stored == 4
    assert await stored(pool) == sent(journal, journal.events[:4])
    assert (await caller.send(journal, 4)).stored == len(journal.events)
    assert await alarms(pool) == {}


async def test_what_the_outbox_has_lost_is_given_up_with_an_alarm_that_names_it(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    await caller.send(journal, 0, 4)
    assert (await caller.send(journal, 7, gone=True)).stored == len(journal.events)
    (sentence,) = (await alarms(pool))["gap"]
    assert "places 5 to 7 of journal ab" in sentence
    assert await stored(pool) == sent(journal, journal.events[:4] + journal.events[7:])


async def test_a_hole_in_a_batch_is_refused_whole_and_seen(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    holed = (*journal.events[:3], *journal.events[5:])
    answer = await caller.post("/v1/ingest", caller.batch(journal, events=holed))
    assert answer.status_code == 422
    assert "places 4 to 5" in answer.json()["why"]
    assert await stored(pool) == []
    (sentence,) = (await alarms(pool))["refused"]
    assert KIOSK in sentence
    assert "places 4 to 5" in sentence


async def test_a_last_part_that_is_missing_is_refused(caller: Caller, journal: Journal) -> None:
    batch = caller.batch(journal, events=journal.events[:3])
    answer = await caller.post("/v1/ingest", batch)
    assert answer.status_code == 422


async def test_events_out_of_order_are_refused(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    given = json.loads(caller.batch(journal).model_dump_json())
    given["events"].reverse()
    answer = await caller.post("/v1/ingest", json.dumps(given))
    assert answer.status_code == 422
    assert "out of order" in answer.json()["why"]
    assert await stored(pool) == []


async def test_one_bad_event_refuses_the_batch_by_name_and_repeats_nothing_of_it(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    given = json.loads(caller.batch(journal).model_dump_json())
    given["events"][3]["stan"] = "4111 1111 1111 1111"
    answer = await caller.post("/v1/ingest", json.dumps(given))
    assert answer.status_code == 422
    assert "events.3.stan" in answer.json()["why"]
    assert journal.events[3].transaction_id in answer.json()["why"]
    assert await stored(pool) == []
    (sentence,) = (await alarms(pool))["refused"]
    assert "4111" not in sentence
    for broken in ("[", "[]", '{"events": 5}', '{"events": [5]}'):
        assert (await caller.post("/v1/ingest", broken)).status_code == 422


async def test_a_body_without_end_is_refused_before_it_is_read_whole(
    caller: Caller, pool: Pool
) -> None:
    answer = await caller.post("/v1/ingest", " " * (MOST_BYTES + 1))
    assert answer.status_code == 413
    assert "refused" in await alarms(pool)


async def test_the_same_place_with_another_event_is_a_second_machine(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    """A copied disk: both go on under one identity, from the same place."""
    copy = Journal("ab", events=list(journal.events), numbers=dict(journal.numbers))
    journal.clock = copy.clock = journal.clock + timedelta(hours=1)
    first = journal.pay()
    copy.clock += timedelta(minutes=1)
    second = copy.pay(2)
    await caller.send(journal)
    await caller.send(copy)
    (sentence,) = (await alarms(pool))["conflict"]
    assert first in sentence
    assert second in sentence
    assert "two machines" in sentence
    assert await pool.fetchval("SELECT count(*) FROM event_conflict") == 2
    # the charge of the second machine is known all the same
    assert await pool.fetchval("SELECT count(*) FROM kiosk_transaction") == 12
    # what is sent again says nothing new
    await caller.send(copy)
    assert await pool.fetchval("SELECT times FROM alarm WHERE kind = 'conflict'") == 1


async def test_the_same_event_with_other_content_changes_nothing_and_is_kept(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    await caller.send(journal)
    before = await pool.fetch("SELECT * FROM kiosk_transaction ORDER BY transaction_id")
    changed = journal.events[-1].model_copy(update={"minor": 1})
    journal.events[-1] = changed
    await caller.send(journal)
    assert await pool.fetch("SELECT * FROM kiosk_transaction ORDER BY transaction_id") == before
    kept = await pool.fetchrow("SELECT * FROM event_conflict")
    assert kept is not None
    assert kept["body"]["minor"] == 1
    assert kept["sha256"].hex() == changed.fingerprint() != kept["stored_sha256"].hex()
    assert "conflict" in await alarms(pool)


async def test_a_restored_journal_that_went_on_differently_is_followed_and_told(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    open_id = journal.begin()
    restored = journal.restored("cd")
    journal.add(open_id, Event.APPROVED, State.APPROVED, exchange="payment")
    journal.add(open_id, Event.CANCEL_REQUESTED, State.VOID_DUE)
    await caller.send(journal)
    restored.add(open_id, Event.RESTARTED, State.CANCEL_DUE)
    await caller.send(restored)
    row = await pool.fetchrow(
        "SELECT * FROM kiosk_transaction WHERE transaction_id = $1::text::numeric", open_id
    )
    assert row is not None
    assert (row["epoch"], row["state"]) == ("cd", "CANCEL_DUE")
    assert row["approved_at"] is not None
    (sentence,) = (await alarms(pool))["conflict"]
    assert "went on differently" in sentence
    assert (await stored(pool))[-1] == sent(journal)[-1]
    # the old disk, put back: what the newer journal says holds
    await caller.send(journal)
    assert await pool.fetchval("SELECT state FROM kiosk_transaction WHERE epoch = 'cd'"
                               " AND state = 'CANCEL_DUE'") == "CANCEL_DUE"  # fmt: skip
    assert "clone" in await alarms(pool)


async def test_a_copy_that_only_knows_less_changes_no_state(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    open_id = journal.begin()
    restored = journal.restored("cd")
    journal.add(open_id, Event.OUTCOME_UNKNOWN, State.CANCEL_DUE)
    journal.add(open_id, Event.CANCEL_CONFIRMED, State.CANCELLED, exchange="cancellation")
    await caller.send(journal)
    await caller.send(restored)
    row = await pool.fetchrow(
        "SELECT * FROM kiosk_transaction WHERE transaction_id = $1::text::numeric", open_id
    )
    assert row is not None
    assert (row["epoch"], row["state"], row["number"]) == ("ab", "CANCELLED", 3)
    assert await alarms(pool) == {}


async def test_money_and_numbers_are_those_of_the_payment_s_answer(
    caller: Caller, pool: Pool
) -> None:
    journal = Journal("ab")
    name = journal.begin()
    journal.add(name, Event.APPROVED, State.APPROVED, exchange="payment", minor=1500)
    await caller.send(journal)
    journal.add(name, Event.CANCEL_REQUESTED, State.VOID_DUE)
    journal.add(name, Event.CANCEL_CONFIRMED, State.CANCELLED, exchange="cancellation")
    await caller.send(journal, 2)
    row = await pool.fetchrow("SELECT * FROM kiosk_transaction")
    assert row is not None
    assert (row["state"], row["minor"], row["stan"]) == ("CANCELLED", 1500, "000123")
    assert row["authorization_number"] == "123456"
    assert row["approved_at"] is not None
    assert row["cancelled_at"] is not None


async def test_two_processes_take_one_kiosk_s_batches_one_after_the_other(
    caller: Caller, other_pool: Pool, pool: Pool
) -> None:
    journal = Journal("ab").pay_many(60, random.Random(2))
    elsewhere = Caller(other_pool)
    half, whole = len(journal.events) // 2, len(journal.events)
    calls = [
        one.send(journal, after, upto)
        for after, upto in ((0, half), (half, whole), (0, whole), (3, half + 5))
        for one in (caller, elsewhere, caller, elsewhere)
    ]
    answers = await asyncio.gather(*calls)
    reached = max(one.stored for one in answers)
    assert await pool.fetchval("SELECT stored FROM epoch") == reached
    await caller.send(journal, reached)
    assert await stored(pool) == sent(journal)
    assert await alarms(pool) == {}


async def test_a_batch_that_waits_for_another_sees_what_that_one_stored(
    caller: Caller, other_pool: Pool, journal: Journal, pool: Pool
) -> None:
    """It begins where the other ends: with what was there when it came it would be beyond the place."""
    await caller.send(journal, 0, 2)
    async with other_pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM kiosk FOR NO KEY UPDATE")
        later = asyncio.ensure_future(caller.send(journal, 4))
        while not await pool.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"):
            await asyncio.sleep(0)
        await connection.execute("UPDATE epoch SET stored = 4")
    assert (await later).stored == len(journal.events)


async def test_commit_waits_for_the_disk_whatever_a_role_is_set_to(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    await pool.execute("SET synchronous_commit = off")
    name = await pool.fetchval("SELECT current_database()")
    await pool.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    await pool.expire_connections()
    assert await pool.fetchval("SHOW synchronous_commit") == "off"
    await pool.execute(
        "CREATE TABLE seen (how text);"
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;"
        "CREATE TRIGGER note AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION note()"
    )
    await caller.send(journal)
    assert await pool.fetchval("SELECT how FROM seen") == "on"


async def test_a_clock_that_jumps_changes_no_order_and_shows(caller: Caller, pool: Pool) -> None:
    journal = Journal("ab")
    for at in (datetime(2038, 1, 20, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC),
               datetime(2026, 11, 29, tzinfo=UTC)):  # fmt: skip
        journal.clock = at
        journal.pay()
        await caller.send(journal, len(journal.events) - 2, now=at)
    assert await stored(pool) == sent(journal)
    journal.pay()
    await caller.send(journal, len(journal.events) - 2, now=datetime.now(UTC) - timedelta(days=1))
    skew = await pool.fetchval("SELECT skew_ms FROM kiosk")
    assert abs(skew + 86_400_000) < 60_000
    assert await alarms(pool) == {}


async def test_a_boot_that_comes_back_is_a_clone(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    await caller.send(journal)
    caller.boot = "boot-2"
    await caller.send(journal)
    await caller.send(journal)
    assert await alarms(pool) == {}
    caller.boot = "boot-1"
    await caller.send(journal)
    (sentence,) = (await alarms(pool))["clone"]
    assert "Two machines speak as graz-1" in sentence


async def test_health_is_kept_when_something_changed_that_matters(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    for queued, ready in ((5, True), (3, True), (3, False), (2, False)):
        health = Health(ready=ready, version="1.2", queued=queued)
        await caller.send(journal, health=health)
    assert await pool.fetchval("SELECT count(*) FROM health") == 2
    row = await pool.fetchrow("SELECT * FROM kiosk")
    assert row is not None
    assert (row["version"], row["health"]["queued"], row["health"]["ready"]) == ("1.2", 2, False)
    await pool.execute("UPDATE kiosk SET health_kept_at = now() - interval '5 minutes'")
    await caller.send(journal, health=health)
    await caller.send(journal)
    assert await pool.fetchval("SELECT count(*) FROM health") == 3
    assert await pool.fetchval("SELECT health FROM kiosk") is not None


async def test_what_came_of_a_command_is_noted_once(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    await pool.execute(
        "INSERT INTO command_request (verb, body, body_sha256, kiosks, asked_by, expires_at)"
        " VALUES ('close', '{}', '', '{graz-1}', 'anna', now() + interval '1 hour')"
    )
    await pool.execute(
        "INSERT INTO command (kiosk_id, n, request_id, verb, payload, signature, key_id, expires_at)"
        " SELECT 'graz-1', 7, request_id, verb, 'order', 'signed', 'k1', expires_at FROM command_request"
    )
    (command,) = (await caller.send(journal)).commands
    assert (command.payload, command.key_id) == ("b3JkZXI=", "k1")
    assert (await caller.send(journal)).commands == ()
    for ok in (True, False):
        outcome = CommandOutcome(n=7, ok=ok, sentence="Closed.", at=datetime.now(UTC))
        await caller.send(journal, outcomes=(outcome,))
    row = await pool.fetchrow("SELECT * FROM command")
    assert row is not None
    assert (row["ok"], row["outcome"]) == (True, "Closed.")
    assert row["done_at"] >= row["delivered_at"]


async def test_nothing_is_answered_when_the_database_is_away(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    await pool.close()
    answer = await caller.post("/v1/ingest", caller.batch(journal))
    assert answer.status_code == 503


async def test_a_revoked_certificate_stores_nothing(
    caller: Caller, journal: Journal, pool: Pool
) -> None:
    await pool.execute("UPDATE certificate SET revoked_at = now()")
    answer = await caller.post("/v1/ingest", caller.batch(journal))
    assert answer.status_code == 403
    assert await stored(pool) == []


def test_the_answer_names_no_kiosk() -> None:
    assert set(Stored.model_fields) == {
        "stored",
        "now",
        "compare",
        "renew",
        "commands",
        "checkpoint",
    }
