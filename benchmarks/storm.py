"""What head office holds out: thousands of kiosks, everything cut and killed; printed, never judged.

`python -m benchmarks.storm`: a PostgreSQL of its own that waits for its disk, two ingest processes, and
all kiosks in this process, on the same machine: what the kiosks cost is part of the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk_tui.office.database import Single
from proofs.fleet import verdict
from proofs.fleet.kiosks import Kiosk, fleet
from proofs.fleet.world import DOORS, World

UNAVAILABLE: Final = 69
_KB: Final = 1024
_CUT, _POSTGRES, _DOOR, _REST = 0.375, 0.5, 0.6, 0.75
"""When what is struck, as parts of the time in which the events come."""
_SIZES: Final = """
    SELECT sum(pg_total_relation_size(inhrelid))::bigint AS event_bytes,
        sum(pg_relation_size(inhrelid))::bigint AS event_rows,
        pg_total_relation_size('kiosk_transaction') AS transaction_bytes,
        (SELECT count(*) FROM event) AS events,
        (SELECT count(*) FROM kiosk_transaction) AS transactions
    FROM pg_inherits WHERE inhparent = 'event'::regclass
"""


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return the exit code: 1 when something was lost."""
    asked = _parser().parse_args(arguments)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="kiosk-tui-fleet-", dir=asked.folder) as folder:
        Path(folder).chmod(0o711)
        return asyncio.run(_measure(Path(folder), asked))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description=__doc__)
    parser.add_argument("--kiosks", type=int, default=10_000, metavar="N")
    parser.add_argument("--events", type=int, default=40_000, metavar="N", help="of all together")
    parser.add_argument("--seconds", type=float, default=40, metavar="S", help="in which they come")
    parser.add_argument("--backlog", type=int, default=200_000, metavar="N", help="events at once")
    parser.add_argument("--rows", type=int, default=0, metavar="N", help="events there beforehand")
    parser.add_argument("--calm", action="store_true", help="nothing is cut or killed")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108 - a folder that is on the disk, where /tmp may not be
        help="whose disk is measured (default: %(default)s)",
    )
    return parser


async def _measure(folder: Path, asked: argparse.Namespace) -> int:
    world = World(folder)
    lost = 0
    try:
        await world.prepare()
        if asked.rows:
            async with world.connected() as connection:
                await _fill(connection, asked.rows)
        for door in range(DOORS):
            await world.open(door)
        lost += await _storm(world, asked)
        lost += await _backlog(world, asked)
        await _sizes(world)
    finally:
        world.close()
    return 1 if lost else 0


async def _storm(world: World, asked: argparse.Namespace) -> int:
    kiosks = _named("s", asked.kiosks, asked.events // asked.kiosks, asked.seconds, world)
    await world.enroll(kiosks)
    for one in kiosks:
        one.longest_pause_s = 10.0
    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for one in kiosks:
            tasks.create_task(one.ship(began))
        if not asked.calm:
            tasks.create_task(_strike(world, kiosks, asked.seconds, began))
        else:
            tasks.create_task(_rest(world, asked.seconds * _REST))
    delays = sorted(delay for one in kiosks for delay in one.delays)
    return await _told(
        world,
        kiosks,
        {
            "what": "calm" if asked.calm else "storm",
            "kiosks": len(kiosks),
            "events": len(delays),
            "came in s": asked.seconds,
            "until stored, p50 ms": round(delays[len(delays) // 2] * 1000, 1),
            "p99 ms": round(delays[len(delays) * 99 // 100] * 1000, 1),
            "longest s": round(delays[-1], 1),
            "requests cut off": sum(one.errors for one in kiosks),
            "events/s": round(len(delays) / (time.monotonic() - began)),
        },
    )


async def _backlog(world: World, asked: argparse.Namespace) -> int:
    """Let two hundred kiosks be away for days, and come back at once."""
    kiosks = _named("b", 200, asked.backlog // 200, 0.0, world)
    await world.enroll(kiosks)
    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for one in kiosks:
            tasks.create_task(one.ship(began))
    took = time.monotonic() - began
    events = sum(len(one.journal.events) for one in kiosks)
    told = {"what": "backlog", "events": events, "s": round(took, 1)}
    return await _told(world, kiosks, told | {"events/s": round(events / took)})


def _named(prefix: str, kiosks: int, events: int, seconds: float, world: World) -> list[Kiosk]:
    made = fleet(kiosks, max(2, events), seconds, world.doors, random.Random(prefix))
    for number, one in enumerate(made):
        one.kiosk_id = f"{prefix}-{number}"
        one.serial = f"{prefix}{number:x}".replace("s", "a")
        one.journal.epoch = f"{ord(prefix):x}{number:08x}"
        one.__post_init__()
    return made


async def _strike(world: World, kiosks: Sequence[Kiosk], seconds: float, began: float) -> None:
    async def until(part: float) -> None:
        await asyncio.sleep(max(0.0, part * seconds - (time.monotonic() - began)))

    await until(_CUT)
    for one in kiosks:
        one.line.cut()
    await until(_POSTGRES)
    await world.kill_postgres()
    await until(_DOOR)
    await world.kill_door(0)
    await _rest(world, _REST * seconds - (time.monotonic() - began))


async def _rest(world: World, seconds: float) -> None:
    await asyncio.sleep(max(0.0, seconds))
    _say(
        {
            "what": "memory with all lines open",
            "ingest MB": [_memory([one.pid]) for one in world.processes.values()],
            "PostgreSQL MB": _memory(world.postgres_processes()),
        }
    )


def _memory(pids: Sequence[int]) -> int:
    """Return megabytes, what is shared counted in parts."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total // _KB


async def _told(world: World, kiosks: Sequence[Kiosk], told: dict[str, object]) -> int:
    async with world.connected() as connection:
        wrong = await verdict.wrong(connection, kiosks)
    _say(told | {"wrong": len(wrong)})
    for one in wrong[:5]:
        sys.stdout.write(f"  {one}\n")
    return len(wrong)


async def _fill(connection: Single, rows: int) -> None:
    """Put events there that no kiosk sent, as large as real ones."""
    began = time.monotonic()
    await connection.execute("INSERT INTO kiosk (kiosk_id) SELECT 'f-' || generate_series(1, 1000)")
    await connection.execute(
        "INSERT INTO event (kiosk_id, epoch, seq, transaction_id, number, at, event, state_after, body, sha256)"
        " SELECT 'f-' || 1 + n % 1000, 'ff', 1 + n / 1000, 20250101000000000 + n / 2000, 1 + n / 1000 % 2,"
        " now(), 'APPROVED', 'APPROVED', jsonb_build_object('minor', n, 'operation', 'sale', 'currency',"
        " 'EUR', 'exponent', 2, 'sent_minor', n, 'terminal', '88091105', 'source_id', '1', 'exchange',"
        " 'payment', 'verdict', 'approved', 'response_code', '0', 'stan', '000123',"
        " 'authorization_number', '123456', 'brand', 'VISA'), sha256(n::text::bytea)"
        " FROM generate_series(0, $1::bigint - 1) AS n",
        rows,
        timeout=3600,
    )
    took = time.monotonic() - began
    _say({"what": "filled", "events": rows, "s": round(took, 1), "rows/s": round(rows / took)})


async def _sizes(world: World) -> None:
    async with world.connected() as connection:
        row = await connection.fetchrow(_SIZES)
    assert row is not None  # noqa: S101 - sums are always one row
    _say(
        {
            "what": "on disk",
            "events": row["events"],
            "bytes per event": row["event_bytes"] // max(1, row["events"]),
            "of it rows": row["event_rows"] // max(1, row["events"]),
            "bytes per transaction": row["transaction_bytes"] // max(1, row["transactions"]),
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
        }
    )


def _say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
