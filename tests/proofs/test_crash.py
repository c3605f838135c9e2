"""The crash proof's own machinery: that blows fall where they should, and that sabotage is caught."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kiosk_tui.simulator.faults import Behaviour
from kiosk_tui.simulator.terminal import Customer
from proofs import crash
from proofs.crash import program as running_program
from proofs.crash.bench import Bench
from proofs.crash.blows import Blow, Place, places, read_blow
from proofs.crash.program import Program, started
from proofs.crash.scenes import SCENES, Scene
from proofs.crash.trial import Case, read_case
from proofs.crash.world import opened

pytestmark = pytest.mark.journey

LACKING = crash.lacks()
needs_strace = pytest.mark.skipif(bool(LACKING), reason=LACKING)


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    async with started() as running:
        yield running


@pytest.mark.parametrize(
    "name",
    [
        "pwrite64@journal.db-wal#23",
        "sendto#2",
        "fdatasync@.#1!EIO",
        "openat@journal.db.lock#1!SIGTERM",
        "pwrite64@*#5!ENOSPC+",
    ],
)
def test_a_blow_is_read_as_it_is_written(name: str) -> None:
    assert str(read_blow(name)) == name
    assert str(read_case(f"lost/{name},sendto#1")) == f"lost/{name},sendto#1"


@pytest.mark.parametrize("name", ["lost/pwrite64", "lost/#3", "lost/sendto#x", "nowhere/sendto#1"])
def test_what_is_no_case_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        read_case(name)


def test_calls_are_counted_by_thread_and_file(tmp_path: Path) -> None:
    log = "\n".join(
        [
            f'7  openat(AT_FDCWD</>, "{tmp_path}/journal.db", O_RDWR) = 5<{tmp_path}/journal.db>',
            f"8  pwrite64(5<{tmp_path}/journal.db>, ..., 1024, 0 <unfinished ...>",
            "8  <... pwrite64 resumed>) = 1024",
            f"8  fdatasync(9<{tmp_path}>) = 0",
            "7  sendto(4<socket:[1]>, ..., 5, 0, NULL, 0) = 5",
            "8  sendto(4<socket:[1]>, ..., 1, 0, NULL, 0) = 1",
            '8  read(9</dev/urandom>, ""..., 44) = 44',
        ]
    )
    assert places(log, 7, tmp_path) == Counter(
        {
            Place("openat", "journal.db"): 1,
            Place("pwrite64", "journal.db"): 1,
            Place("fdatasync", "."): 1,
            Place("sendto"): 1,
        }
    )


def test_a_machine_without_strace_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "scripts/prepare-proofs" in crash.lacks()


@needs_strace
async def test_a_kill_prevents_the_call_at_which_it_falls(program: Program, tmp_path: Path) -> None:
    counted = await Bench(program, tmp_path, 1).count("approved")
    body = Blow(Place("sendto"), counted[Place("sendto")])
    async with opened(program, SCENES["approved"], tmp_path / "world") as world:
        await world.prepare()
        ended = await world.command(body.options(world.state))
        assert ended.killed
        assert body.fell(ended.traced)
        assert world.tecs.ledger.requests == []
        again = await world.recover()
        assert (again.code, "NOTHING_TO_CANCEL" in again.told) == (0, True)


@needs_strace
async def test_a_failing_disk_is_met_by_the_register_itself(
    program: Program, tmp_path: Path
) -> None:
    case = read_case("approved/fdatasync@journal.db-wal#1!EIO")
    result = await Bench(program, tmp_path, 1).attempt(case)
    assert (result.fell, list(result.wrong)) == (1, [])
    assert "disk I/O error" in result.runs[0].told


@needs_strace
async def test_a_register_that_forgets_what_was_under_way_is_caught(
    program: Program, tmp_path: Path
) -> None:
    bench = Bench(program, tmp_path, 1)
    blow = Blow(Place("connect"), 1)
    honest = await bench.attempt(Case("recover", (blow,)))
    assert (honest.fell, list(honest.wrong)) == (1, [])
    broken = await bench.attempt(Case("recover", (blow,), "forget-what-was-under-way"))
    assert any("still AUTHORIZING" in one for one in broken.wrong)
    assert "crash:recover~forget-what-was-under-way/connect#1" in broken.violations[0]


@needs_strace
async def test_a_register_that_hangs_is_ended_and_told(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_program, "LONGEST_S", 0.3)
    endless = Scene("nobody presents a card", behaviour=Behaviour(customer=Customer.WALKS_OFF))
    async with opened(program, endless, tmp_path / "world") as world:
        ended = await world.command(["-e", "trace=sendto"])
        assert (ended.hung, ended.killed) == (True, True)


async def test_no_register_outlives_the_fork_server(tmp_path: Path) -> None:
    async with started() as running, opened(running, SCENES["too-late"], tmp_path / "w") as world:
        seen: list[int] = []

        async def note(pid: int) -> None:
            await world.tecs.heard.wait()
            seen.append(pid)
            os.kill(pid, signal.SIGKILL)

        ended = await world.run(SCENES["too-late"].command, meanwhile=note)
        assert (ended.killed, seen) == (True, [ended.pid])
    with pytest.raises(ProcessLookupError):
        os.kill(ended.pid, 0)
