"""The write log and what cuts leave of it; a small slice on a real ext4."""

from __future__ import annotations

import random
import struct
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from proofs.blocks import disk, log, sweep
from proofs.blocks.world import Fact, Kind, World
from proofs.power.files import SECTOR, Fate

A, B = b"a" * SECTOR, b"b" * SECTOR


def written(offset: int, data: bytes) -> log.Entry:
    return log.Entry(0, flush=False, fua=False, offset=offset, data=data)


FLUSHED = log.Entry(0, flush=True, fua=False, offset=0, data=b"")


def device(*entries: log.Entry, lag: int = 0) -> log.Device:
    made = log.Device({}, lag=lag)
    for entry in entries:
        made.take(entry)
    return made


def test_what_was_flushed_is_safe() -> None:
    made = device(written(0, A), FLUSHED, written(SECTOR, B))
    assert bytes(made.safe[0]).startswith(A + bytes(SECTOR))
    assert made.survivors(Fate.GONE, 1) == {}
    assert made.survivors(Fate.KEPT, 1) == {SECTOR: B}


def test_a_write_across_chunks_is_written_whole() -> None:
    made = device(written(log.CHUNK - SECTOR, A + B), FLUSHED)
    assert bytes(made.safe[0]).endswith(A)
    assert bytes(made.safe[log.CHUNK]).startswith(B)


def test_a_device_that_lies_has_not_flushed_its_last() -> None:
    made = device(written(0, A), FLUSHED, written(0, B), FLUSHED, lag=1)
    assert bytes(made.safe[0]).startswith(A)
    assert made.unsafe


def a_log(flags: int) -> bytes:
    head = struct.pack("<QQQL", 0x6A736677736872, 1, 1, SECTOR).ljust(SECTOR, b"\0")
    return head + struct.pack("<QQQQ", 8, 1, flags, 0).ljust(SECTOR, b"\0") + A


def test_a_log_is_read(tmp_path: Path) -> None:
    path = tmp_path / "writes.log"
    path.write_bytes(a_log(0))
    assert log.read(path) == [log.Entry(3 * SECTOR, False, False, 8 * SECTOR, A)]


@pytest.mark.parametrize("wrong", [bytes(SECTOR), a_log(4)])
def test_what_cannot_be_replayed_is_refused(wrong: bytes, tmp_path: Path) -> None:
    path = tmp_path / "writes.log"
    path.write_bytes(wrong)
    with pytest.raises(ValueError, match="log"):
        log.read(path)


def test_a_payment_under_way_ends_one_way_or_the_other() -> None:
    ends = set()
    for seed in range(20):
        world = World(before=[Fact(0, Kind.LEFT, "1", 1255)])
        world.go_on(random.Random(seed))
        ends.add(world.facts[-1].kind)
    assert ends == {Kind.LEFT, Kind.BOOKED, Kind.DECLINED}


@pytest.mark.skipif(bool(disk.lacks()), reason=disk.lacks() or "here")
def test_cuts_under_a_real_file_system(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, initializer=sweep.settle_in, initargs=(tmp_path,)) as pool:
        for synchronous, places, breaks in (("FULL", 2, False), ("NORMAL", 3, True)):
            recording = pool.submit(sweep.record, 1, synchronous).result()
            tally = sweep.Tally()
            for share in islice(sweep.shares(recording, times=2), places):
                tally.add(pool.submit(sweep.judge, share).result())
            assert tally.images > sweep.SHARE
            assert bool(tally.broken) is breaks, tally.failures


@pytest.mark.skipif(bool(disk.lacks()), reason=disk.lacks() or "here")
def test_nothing_stays_mounted(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, initializer=sweep.settle_in, initargs=(tmp_path,)) as pool:
        pool.submit(sweep.record, 2).result()
        assert str(tmp_path) not in Path("/proc/mounts").read_text()
