"""A kiosk's checkpoints are kept, and one that contradicts the one before raises the alarm, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.ingest import KIOSK, Caller, alarms, enrolled

from kiosk_tui.domain.checkpoint import ChainEnd, Checkpoint, unsigned
from kiosk_tui.fleet.register_key import RegisterKey
from kiosk_tui.office.database import Pool
from proofs.fleet.journals import Journal

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
NONE = Journal("ab")


@pytest.fixture
async def caller(pool: Pool) -> Caller:
    await enrolled(pool)
    return Caller(pool)


@pytest.fixture
def key(tmp_path: Path) -> RegisterKey:
    return RegisterKey.kept(tmp_path / "journal.db")


def made(key: RegisterKey, seq: int, before: Checkpoint | None = None, link: int = 0) -> Checkpoint:
    """Return the checkpoint of a place, after another one."""
    end = ChainEnd(seq, bytes([link or seq]) * 32)
    return key.sign(unsigned("ab", end, AT, None if before is None else before.end))


async def send(caller: Caller, *given: Checkpoint) -> int | None:
    answer = await caller.send(NONE, checkpoints=tuple(one.text for one in given))
    return answer.checkpoint


async def wrong(pool: Pool) -> Sequence[str]:
    return (await alarms(pool)).get("checkpoint", [])


async def test_what_was_sent_is_kept_and_the_answer_says_up_to_where(
    caller: Caller, key: RegisterKey, pool: Pool
) -> None:
    assert await send(caller) == 0
    first = made(key, 3)
    second = made(key, 9, first)
    assert await send(caller, first) == 3
    assert await send(caller, first, second) == 9  # again: the answer was lost
    found = await pool.fetch("SELECT line, wrong FROM checkpoint ORDER BY checkpoint_id")
    assert [tuple(one) for one in found] == [(first.text, ""), (second.text, "")]
    assert await pool.fetchval("SELECT register_key FROM kiosk") == key.public
    assert await wrong(pool) == []


async def test_a_journal_that_was_changed_before_the_last_one_is_seen_once(
    caller: Caller, key: RegisterKey, pool: Pool
) -> None:
    first = made(key, 3)
    second = made(key, 9, replace(first, link="ee" * 32))  # what the journal says of place 3 now
    third = made(key, 12, second)
    await send(caller, first)
    assert await send(caller, second) == 9
    assert await send(caller, third) == 12
    (sentence,) = await wrong(pool)
    assert (
        f"place 9 in journal ab of {KIOSK} does not follow on the one before it, of place 3"
        in sentence
    )


@pytest.mark.parametrize(
    ("seq", "link"), [(9, 5), (3, 3)], ids=["the same place", "an earlier one"]
)
async def test_an_older_copy_that_was_put_back_is_seen(
    caller: Caller, key: RegisterKey, pool: Pool, seq: int, link: int
) -> None:
    await send(caller, made(key, 9))
    assert await send(caller, made(key, seq, link=link)) == seq
    (sentence,) = await wrong(pool)
    assert "comes after one of place 9: an older copy" in sentence


async def test_what_the_kiosks_key_did_not_sign_is_seen(
    caller: Caller, key: RegisterKey, pool: Pool, tmp_path: Path
) -> None:
    first = made(key, 3)
    await send(caller, first)
    other = RegisterKey.kept(tmp_path / "other.db")
    await send(caller, made(other, 9, first))
    forged = replace(made(key, 12, made(other, 9, first)), signature="A" * 86)
    await send(caller, forged)
    another, unsigned_one = await wrong(pool)
    assert "was signed with another key" in another
    assert "has a signature that its key did not make" in unsigned_one
    assert await pool.fetchval("SELECT register_key FROM kiosk") == key.public


async def test_one_of_another_journal_is_seen_and_takes_no_key(
    caller: Caller, key: RegisterKey, pool: Pool
) -> None:
    forged = replace(made(key, 3), signature="A" * 86)
    await send(caller, forged)
    assert await pool.fetchval("SELECT register_key FROM kiosk") == ""
    stray = key.sign(unsigned("cd", ChainEnd(9, b"\x09" * 32), AT, None))
    await send(caller, stray)
    assert "is of another journal, cd" in (await wrong(pool))[1]


async def test_a_text_that_is_no_checkpoint_is_refused_whole(caller: Caller, pool: Pool) -> None:
    body = caller.batch(NONE).model_dump_json().replace('"checkpoints":[]', '"checkpoints":["x"]')
    assert (await caller.post("/v1/ingest", body)).status_code == 422
    assert await pool.fetchval("SELECT count(*) FROM checkpoint") == 0
