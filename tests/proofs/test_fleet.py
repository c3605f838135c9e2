"""The fleet's own machinery: what it strikes, that its judge is awake, and that its control is caught."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui.domain.lifecycle import State
from proofs import fleet
from proofs.fleet import sabotage, verdict
from proofs.fleet.kiosks import fleet as made
from proofs.fleet.trial import CUT, DOOR, POSTGRES, STORM, Size, run, schedule
from proofs.fleet.world import World

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(bool(fleet.lacks()), reason=fleet.lacks()),
]
SMALL = Size(kiosks=12, events=20, seconds=2.0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where another user's PostgreSQL may be."""
    made_here = Path(tempfile.mkdtemp(prefix="kiosk-tui-fleet-"))
    made_here.chmod(0o711)
    yield made_here / "w"
    shutil.rmtree(made_here)


def test_a_seed_draws_every_kind_of_strike_and_the_same_again() -> None:
    for seed in range(20):
        drawn = schedule(random.Random(seed), 5.0)
        assert drawn == schedule(random.Random(seed), 5.0)
        assert {(one.what, one.door) for one in drawn} >= {
            (CUT, 0), (POSTGRES, 0), (STORM, 0), (DOOR, 0), (DOOR, 1),
        }  # fmt: skip
        assert all(0 < one.at < 5 for one in drawn)


async def test_everything_arrives_once_and_the_judge_is_awake(folder: Path) -> None:
    world = World(folder)
    try:
        trial = await run(world, 7, SMALL)
        assert trial.wrong == []
        assert trial.errors > 0
        rng = random.Random(7)
        schedule(rng, SMALL.seconds)
        kiosks = made(SMALL.kiosks, SMALL.events, SMALL.seconds, world.doors, rng)
        async with world.connected() as connection:
            assert await verdict.wrong(connection, kiosks) == []
            await connection.execute("DELETE FROM event WHERE kiosk_id = 'k-0' AND seq = 3")
            await connection.execute(
                "UPDATE event SET sha256 = '' WHERE kiosk_id = 'k-1' AND seq = 1"
            )
            await connection.execute("UPDATE epoch SET stored = 1 WHERE kiosk_id = 'k-2'")
            await connection.execute(
                "UPDATE kiosk_transaction SET state = $1 WHERE kiosk_id = 'k-3'", State.SETTLED
            )
            await connection.execute("INSERT INTO alarm (kind, sentence) VALUES ('gap', 'A gap.')")
            told = await verdict.wrong(connection, kiosks)
    finally:
        world.close()
    assert [one.split(":")[0] for one in told] == [
        *("k-0", "k-1", "k-2", "k-3"), "an alarm, gap",
    ]  # fmt: skip


async def test_an_ingest_that_answers_before_commit_is_caught(folder: Path) -> None:
    world = World(folder, sabotage.PROGRAM)
    try:
        wrong = [one for seed in (7, 8) for one in (await run(world, seed, SMALL)).wrong]
    finally:
        world.close()
    assert any("events are stored" in one or "gap" in one for one in wrong)
