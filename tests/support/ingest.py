"""A kiosk of a test that talks to head office's door as nginx would pass it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from kiosk_tui.fleet.line import OfficeLine
from kiosk_tui.fleet.wire import Batch, JournalEvent, Stored, Wire
from kiosk_tui.fleet.wire_days import DayContents, Days, DaysWanted, Lost
from kiosk_tui.office import doors
from kiosk_tui.office.database import Pool
from kiosk_tui.office.settings import OfficeSettings
from proofs.fleet.journals import Journal

KIOSK = "graz-1"
SERIAL = "abc1"


async def enrolled(pool: Pool, kiosk_id: str = KIOSK, serial: str = SERIAL) -> None:
    """Put a kiosk and its certificate into the tables."""
    await pool.execute("INSERT INTO kiosk (kiosk_id) VALUES ($1)", kiosk_id)
    await pool.execute(
        "INSERT INTO certificate (serial, kiosk_id, not_after) VALUES ($1, $2, now() + interval '1 day')",
        *(serial, kiosk_id),
    )


@dataclass
class Caller:
    """One connection to one ingest process."""

    pool: Pool
    serial: str = SERIAL
    boot: str = "boot-1"
    app: Any = field(init=False)

    def __post_init__(self) -> None:
        self.app = doors.ingest_app(OfficeSettings(), self.pool)

    async def post(self, path: str, body: Wire | str) -> httpx.Response:
        """Send a body; return the answer."""
        content = body if isinstance(body, str) else body.model_dump_json()
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
            return await client.post(
                path,
                content=content,
                headers={"X-Client-Verify": "SUCCESS", "X-Client-Serial": self.serial},
            )

    def batch(
        self, journal: Journal, after: int = 0, upto: int | None = None, **more: Any
    ) -> Batch:
        """Return the batch of a journal's places above `after`."""
        last = len(journal.events) if upto is None else upto
        given: dict[str, Any] = {
            "epoch": journal.epoch,
            "boot": self.boot,
            "now": datetime.now(UTC),
            "after": after,
            "upto": last,
            "events": tuple(journal.events[after:last]),
        }
        return Batch(**given | more)

    async def send(
        self, journal: Journal, after: int = 0, upto: int | None = None, **more: Any
    ) -> Stored:
        """Send places of a journal, which must be taken."""
        answer = await self.post("/v1/ingest", self.batch(journal, after, upto, **more))
        assert answer.status_code == 200, answer.text
        return Stored.model_validate_json(answer.content)

    async def compare(self, journal: Journal, **more: Any) -> DaysWanted:
        """Send the digests of a journal's days."""
        told = Days(epoch=journal.epoch, upto=len(journal.events), days=journal.days(), **more)
        answer = await self.post("/v1/days", told)
        assert answer.status_code == 200, answer.text
        return DaysWanted.model_validate_json(answer.content)

    async def list_day(self, journal: Journal, day: str) -> Lost:
        """Say which transactions a journal has of a day."""
        told = DayContents(epoch=journal.epoch, day=day, transactions=journal.of_day(day))
        answer = await self.post("/v1/day", told)
        assert answer.status_code == 200, answer.text
        return Lost.model_validate_json(answer.content)


async def stored(pool: Pool) -> list[tuple[str, int, str, int]]:
    """Return what stands in `event`: epoch, seq, transaction and number."""
    rows = await pool.fetch("SELECT * FROM event ORDER BY epoch, seq")
    return [(r["epoch"], r["seq"], str(int(r["transaction_id"])), r["number"]) for r in rows]


def sent(
    journal: Journal, events: Sequence[JournalEvent] | None = None
) -> list[tuple[str, int, str, int]]:
    """Return the same of a journal."""
    told = journal.events if events is None else events
    return [(journal.epoch, one.seq, one.transaction_id, one.number) for one in told]


async def alarms(pool: Pool) -> dict[str, list[str]]:
    """Return the open alarms' sentences by kind."""
    found: dict[str, list[str]] = {}
    for row in await pool.fetch("SELECT kind, sentence FROM alarm ORDER BY alarm_id"):
        found.setdefault(row["kind"], []).append(row["sentence"])
    return found


class _Door(httpx.ASGITransport):
    """Head office's door behind nginx; it loses the answers whose turn it is."""

    def __init__(self, pool: Pool, lost: list[bool]) -> None:
        super().__init__(doors.ingest_app(OfficeSettings(), pool))
        self._lost = lost

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers.update({"X-Client-Verify": "SUCCESS", "X-Client-Serial": SERIAL})
        answer = await super().handle_async_request(request)
        if self._lost and self._lost.pop(0):
            raise httpx.ReadError("the line was cut")
        return answer


def office_line(pool: Pool, *lost: bool) -> OfficeLine:
    """Return a kiosk's line to it; the answers that are lost are named."""
    door = _Door(pool, list(lost))
    return OfficeLine(lambda: httpx.AsyncClient(transport=door, base_url="http://office"))
