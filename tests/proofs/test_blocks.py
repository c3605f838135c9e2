"""The write log and what cuts leave of it; a small slice on a real ext4."""

from __future__ import annotations

import random
import re
import struct
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from proofs import __main__ as prove
from proofs.blocks import disk, kept, log, replay, sweep, torn
from proofs.blocks.kept import Case, Image, Recording
from proofs.blocks.world import Fact, Kind, Line, World
from proofs.power.files import SECTOR, Fate

pytestmark = pytest.mark.journey

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


def a_case() -> Case:
    entries = (replace(written(SECTOR, B), end=99), FLUSHED)
    facts = (Fact(7, Kind.LEFT, "1", 1255), Fact(99, Kind.SHOWN, "1"))
    lines = (Line(3, b"x 1 1 m t\n", durable=True), Line(98, b"x 2 2 m t\n", durable=False))
    recording = Recording(7, "FULL", {0: A}, entries, facts, lines)
    image = Image(((SECTOR, B), (1024, A)), facts[:1], b"x 1 1 m t\n")
    return Case(recording, 0, "3:0", image, {0: bytearray(A)})


@pytest.mark.parametrize("anchor", [b"x 1 1 m t\n", b"", None])
def test_a_kept_case_is_read_back_bit_by_bit(tmp_path: Path, anchor: bytes | None) -> None:
    case = a_case()
    case = replace(case, image=replace(case.image, anchor=anchor))
    path = kept.keep(case, tmp_path / "failed")
    assert path.name == "blocks-7-FULL-0-3-0.zip"
    assert kept.read(path) == case
    assert prove._case(str(path)) == ("blocks", str(path))
    assert prove._case(f"blocks:{path}") == ("blocks", str(path))


def test_a_file_that_holds_no_case_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "blocks-1.zip"
    path.write_bytes(b"no zip")
    with pytest.raises(ValueError, match="holds no case"):
        kept.read(path)


def test_what_the_anchor_says_after_a_cut_is_a_line_since_its_last_durable_one() -> None:
    recording = a_case().recording
    seen = {sweep.moment(recording, 0, seed, {}).anchor for seed in range(40)}
    assert seen == {b"x 1 1 m t\n", b"x 2 2 m t\n"}
    early = replace(recording, lines=(replace(recording.lines[0], at=99),))
    assert sweep.moment(early, 0, 1, {}).anchor == b""


def test_a_torn_superblock_is_known_by_its_checksum(tmp_path: Path) -> None:
    image = tmp_path / "image.raw"
    block = bytearray(1024)
    block[0x38:0x3A] = (0xEF53).to_bytes(2, "little")
    whole = disk.rewritten(bytes(block))
    later = disk.rewritten(whole)
    for content, is_torn in (
        (whole, False),
        (later, False),
        (whole[:SECTOR] + later[SECTOR:], True),
        (later[:SECTOR] + whole[SECTOR:], True),
        (bytes(1024), True),
    ):
        image.write_bytes(bytes(1024) + content)
        assert disk.superblock_is_torn(image) is is_torn


@pytest.mark.skipif(bool(disk.lacks()), reason=disk.lacks() or "here")
def test_a_real_superblock_is_not_torn_until_it_is_torn(tmp_path: Path) -> None:
    image = tmp_path / "image.raw"
    for block in disk.SIZES:
        disk.make(image, block)
        assert not disk.superblock_is_torn(image)
        with image.open("r+b") as file:
            file.seek(1024)
            whole = file.read(1024)
            file.seek(1024)
            file.write(disk.rewritten(whole))
        assert not disk.superblock_is_torn(image)


@pytest.mark.skipif(bool(disk.lacks()), reason=disk.lacks() or "here")
def test_a_failing_case_is_kept_and_replayed_exactly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A register on a disk whose commits do not wait: the first image that loses money."""
    with ProcessPoolExecutor(1, initializer=sweep.settle_in, initargs=(tmp_path,)) as pool:
        recording = pool.submit(sweep.record, 1, "NORMAL").result()
        failed = tmp_path / "failed"
        for share in sweep.shares(recording, 2, failed=failed):
            tally = pool.submit(sweep.judge, share).result()
            if tally.broken:
                break
    (path, *_) = sorted(failed.iterdir())
    told = next(one for one in tally.failures if path.name in one)
    for _ in range(2):
        assert replay(str(path)) == 1
        story = _without_places(capsys.readouterr().out)
        assert "POWER CUT" in story
        assert story.splitlines()[-1] in _without_places(told)


def _without_places(text: str) -> str:
    """Leave out where the image was mounted, which is another place each time."""
    return re.sub(r"/\S+", "", text)


@pytest.mark.skipif(bool(disk.lacks()), reason=disk.lacks() or "here")
def test_a_file_system_that_comes_back_empty_is_missed_by_the_anchor_alone(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, initializer=sweep.settle_in, initargs=(tmp_path,)) as pool:
        recording = pool.submit(sweep.record, 1).result()
        mended, anchored, bare = pool.submit(torn.struck, recording, tmp_path / "failed").result()
    assert mended.mended == mended.images > 0  # the kernel mounts none of them
    assert bare.wiped == bare.images > 0
    assert anchored.closed > 0
    assert mended.broken == anchored.broken == 0, mended.failures + anchored.failures
    assert not (tmp_path / "failed").exists()


def test_where_there_is_no_journal_of_ext4s_none_is_found() -> None:
    with pytest.raises(ValueError, match="no ext4 with a journal"):
        disk.journal_of({0: A})


@pytest.mark.parametrize(
    ("starts", "failures", "unsteady"),
    [
        ((["lost"], ["lost"]), 1, 0),
        ((["lost"], []), 0, 1),
        (([],), 0, 0),
    ],
)
def test_what_the_very_same_image_does_not_show_again_is_told_as_the_machines(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    starts: tuple[list[str], ...],
    failures: int,
    unsteady: int,
) -> None:
    left = list(starts)
    monkeypatch.setattr(sweep, "start_again", lambda _case: sweep.Start(left.pop(0), mended=False))
    tally = sweep.Tally()
    sweep.try_one(a_case(), tally, tmp_path)
    assert not left
    assert (len(tally.failures), tally.broken, len(tally.unsteady)) == (
        failures,
        failures,
        unsteady,
    )
    assert len(list(tmp_path.iterdir())) == failures + unsteady
    assert all("kept in" in one for one in tally.unsteady)


def test_a_control_is_not_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "start_again", lambda _case: sweep.Start(["lost"], mended=False))
    tally = sweep.Tally()
    sweep.try_one(a_case(), tally, None)
    assert tally.broken == 1
