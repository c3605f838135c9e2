"""Power goes under a real ext4 on a block device.

Owns the block level: the production register works on a mounted ext4 whose device writes down every
write and flush. The power is cut after each entry of that log: what was flushed is there, of the rest
nothing, all, a part or any mixture of sectors. The kernel mounts the image and replays its journal, the
register starts on it, and its journal is held against the ledger of that moment. Every other register has
an anchor on another disk.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, count, islice
from pathlib import Path
from typing import Final

from proofs.blocks import disk, kept, sweep, torn
from proofs.proof import Effort, Row

CLAIM = "No power cut under a real file system loses money, whatever the device had not flushed."
ASSUMES = (
    "a flush that was answered is on the medium, and stays there",
    "a sector of 512 bytes is written whole or not at all, and no other sector changes with it",
    "ext4 with its defaults (ordered data, checksums, barriers), as this machine's kernel has it",
    "what was written, but not yet answered, when a flush began counts as flushed",
    (
        "ext4 keeps what it has flushed; it does not where power goes between the two sectors of its"
        " superblock: the file system then comes back empty. A register without an anchor"
        " (journal.anchor) starts on it as on its first day: told, and not counted as ours"
    ),
    (
        "the same image, mounted again, is the same: a case that fails once and holds the second time was"
        " mounted wrongly by this machine; it is told, and kept as a file"
    ),
)

TIMES: Final = 7
"""How often the power is cut after one entry: kept, gone, cut off, one lost, then any mixture."""

LEAST: Final = 5_000
"""Images, whatever the time."""

MOST_UNSTEADY: Final = 2
"""So many cases of a size of blocks may fail once and hold when the same image is mounted again."""

_LAG: Final = 2
_CONTROL_SEEDS: Final = (1, 2)
_CONTROL_SHARES: Final = 4
_FIXED: Final = (1, 2)


def lacks() -> str:
    """Say what is missing."""
    return disk.lacks()


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each size of blocks, then the controls."""
    with _pool(effort.workers, effort.folder) as pool:
        yield from _cuts(pool, effort)
        yield from _torn(pool, effort)
        yield _control(pool, "synchronous=NORMAL: a commit does not wait for the disk", "NORMAL", 0)
        yield _control(
            pool, f"a device that answers its last {_LAG} flushes too soon", "FULL", _LAG
        )


def replay(case: str) -> int:
    """Tell a case that was kept as a file, exactly as it failed; or record anew and cut at that place.

    The latter, `SEED:SYNCHRONOUS:ENTRY:TIME:LAG`, is for controls, of which nothing is kept: when the
    kernel writes what is its own business, so the entry may be another one this time.
    """
    with tempfile.TemporaryDirectory() as folder, _pool(1, Path(folder)) as pool:
        if Path(case).is_file():
            found = pool.submit(sweep.told, kept.read(Path(case)))
        else:
            print("Recorded anew: the kernel may write at other moments than it did then.")
            seed, synchronous, number, how = case.split(":", 3)
            found = pool.submit(sweep.told_anew, int(seed), synchronous, int(number), how)
        story, wrong = found.result()
    print("\n".join(story))
    print("\n".join(wrong) or "Kept: nothing is wrong.")
    return 1 if wrong else 0


def _pool(workers: int, folder: Path) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, initializer=sweep.settle_in, initargs=(folder,))


def _cuts(pool: ProcessPoolExecutor, effort: Effort) -> Iterator[Row]:
    tallies = {block: sweep.Tally() for block in sweep.BLOCKS}
    places = dict.fromkeys(sweep.BLOCKS, 0)
    end = time.monotonic() + effort.seconds
    for seeds in chain((_FIXED,), zip(*(count(effort.seed + n, 2) for n in range(2)), strict=True)):
        for recording in pool.map(sweep.record, seeds):
            block = sweep.block_size(recording.seed)
            places[block] += len(recording.entries)
            parts = sweep.shares(recording, TIMES, failed=effort.failed)
            for one in pool.map(sweep.judge, parts):
                tallies[block].add(one)
        enough = sum(one.images for one in tallies.values()) >= LEAST
        broken = any(one.broken for one in tallies.values())
        if broken or (enough and (not effort.whole or time.monotonic() >= end)):
            break
    for block, tally in tallies.items():
        note = f"after each of {places[block]:,} log entries, up to {TIMES} times"
        note += f"; {tally.mended} needed e2fsck before the kernel mounted them" * bool(
            tally.mended
        )
        note += (
            f"; {tally.wiped} came back empty, their superblock torn, {tally.closed} stayed closed by"
            " their anchor"
        ) * bool(tally.wiped or tally.closed)
        note += f"; {len(tally.unsteady)} failed once, and held when mounted again: " * bool(
            tally.unsteady
        ) + " ".join(tally.unsteady)
        # one may be the machine's; a machine on which more are proves nothing
        unsteady = tally.unsteady if len(tally.unsteady) > MOST_UNSTEADY else []
        failures = [*tally.failures, *unsteady]
        yield Row(f"ext4 with blocks of {block} bytes", tally.images, failures, note=note)


def _torn(pool: ProcessPoolExecutor, effort: Effort) -> Iterator[Row]:
    """Tear the superblock on purpose, wherever the kernel happens to write it."""
    mended, anchored, bare = sweep.Tally(), sweep.Tally(), sweep.Tally()
    recordings = pool.map(sweep.record, _FIXED)
    for found in pool.map(torn.struck, recordings, [effort.failed] * len(_FIXED)):
        for tally, one in zip((mended, anchored, bare), found, strict=True):
            tally.add(one)
    note = f"{mended.wiped} came back empty, {mended.closed} stayed closed by their anchor"
    yield Row("ext4's superblock torn", mended.images, mended.failures, note=note)
    note = (
        f"of {anchored.wiped} that came back empty, {anchored.closed} stayed closed by their anchor"
    )
    fault = "ext4's superblock torn, and its journal not replayed"
    yield Row(fault, anchored.closed, anchored.failures, note=note)
    fresh = [f"{bare.wiped} registers start as on their first day"] * bool(bare.wiped)
    note = f"of {bare.images}, {bare.wiped} were started on as on a first day"
    yield Row(f"{fault}, without an anchor", bare.images, fresh, control=True, note=note)


def _control(pool: ProcessPoolExecutor, fault: str, synchronous: str, lag: int) -> Row:
    tally = sweep.Tally()
    for seed in _CONTROL_SEEDS:
        recording = pool.submit(sweep.record, seed, synchronous).result()
        shares = islice(sweep.shares(recording, TIMES, lag), _CONTROL_SHARES)
        for one in pool.map(sweep.judge, shares):
            tally.add(one)
    note = f"{tally.broken:,} of {tally.images:,} lost money"
    return Row(fault, tally.images, tally.failures, control=True, note=note)
