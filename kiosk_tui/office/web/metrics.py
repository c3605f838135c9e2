"""`/metrics` in Prometheus's text format, for whoever has the token of `web.metrics_token_file`.

The rules that belong to it are `distribution/office/alerts.yml`. What is expensive (comparing with TECS)
is done as `web.comparison` does it, whoever scrapes how often.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kiosk_tui import __version__
from kiosk_tui.files import reading
from kiosk_tui.office.database import Connection, Pool
from kiosk_tui.office.queries.due import DueRow, due
from kiosk_tui.office.queries.found import moment
from kiosk_tui.office.queries.kiosks import KioskState, states
from kiosk_tui.office.reconciliation.disagreement import DisagreementKind
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.web.comparison import Compared

PREFIX: Final = "kiosk_office_"
_LONGEST_TOKEN: Final = 4096
_SHORTEST_TOKEN: Final = 16

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Metric:
    """A gauge with its values; those that are not known are left out."""

    name: str
    about: str
    values: Sequence[tuple[Labels, float | Decimal | None]]

    def lines(self) -> Iterator[str]:
        """Write it down."""
        yield f"# HELP {PREFIX}{self.name} {self.about}"
        yield f"# TYPE {PREFIX}{self.name} gauge"
        for labels, value in self.values:
            if value is not None:
                named = ",".join(f'{name}="{_quoted(text)}"' for name, text in labels.items())
                yield f"{PREFIX}{self.name}{f'{{{named}}}' if named else ''} {value}"


async def scraped(http: Request) -> Response:
    """Answer a scrape. Raises `HTTPException`: 404 where it is not set up, 401 without the token."""
    settings: OfficeSettings = http.app.state.settings
    pool: Pool = http.app.state.pool
    file = settings.web.metrics_token_file
    if file is None:
        raise HTTPException(404)
    token = reading.read(file, _LONGEST_TOKEN).strip()
    given = http.headers.get("authorization", "").encode()
    if len(token) < _SHORTEST_TOKEN or not hmac.compare_digest(given, b"Bearer " + token):
        return PlainTextResponse("a token is needed\n", 401, headers={"www-authenticate": "Bearer"})
    compared: Compared | None = await http.app.state.comparison.latest()
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        found = await metrics(connection, settings, compared)
    text = "".join(f"{line}\n" for one in found for line in one.lines())
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def metrics(
    connection: Connection, settings: OfficeSettings, compared: Compared | None
) -> list[Metric]:
    """Return everything that is measured."""
    disagreeing = Counter(one.kind for one in compared.found) if compared else None
    now = await moment(connection)
    silent = timedelta(seconds=settings.watch.silent_s)
    stand = await states(connection, now, silent)
    unsettled = (await due(connection, now, settings.watch)).rows
    one = await connection.fetchrow(_ONE)
    assert one is not None  # noqa: S101 - aggregates have a row
    return [
        Metric("build_info", "What runs here.", [({"version": __version__}, 1)]),
        Metric(
            "kiosks",
            "Kiosks by how they stand.",
            [({"state": state}, count) for state, count in stand.items() if state != KioskState.LEFT],
        ),
        Metric("out_of_service", "Kiosks that say nobody can pay, by why.",
               await _labelled(connection, "reason", _REASONS, now, silent)),
        *_unsettled(unsettled, now.timestamp()),
        Metric("disagreements", "Journals, TECS and clearing do not agree, by kind.",
               [({"kind": kind}, None if disagreeing is None else disagreeing[kind])
                for kind in DisagreementKind]),
        Metric("alarms_open", "What somebody must look at, by kind.",
               await _labelled(connection, "kind", _ALARMS)),
        Metric("events_stored", "Events that kiosks were told to be stored.", [({}, one["stored"])]),
        Metric("events_queued", "Events that kiosks said to have waiting.", [({}, one["queued"])]),
        Metric("heard_seconds", "Since any kiosk was heard of: the ingest's own silence.",
               [({}, one["heard"])]),
        Metric("certificate_days", "Until the first certificate of a kiosk ends that was not renewed.",
               [({}, one["certificate_days"])]),
        Metric("commands_waiting", "Orders that are signed and not done.", [({}, one["waiting"])]),
    ]  # fmt: skip


_ONE: Final = """
    SELECT (SELECT coalesce(sum(stored), 0) FROM epoch) AS stored,
        coalesce(sum((health->>'queued')::bigint), 0) AS queued,
        round(extract(epoch FROM now() - max(last_seen)), 1) AS heard,
        (SELECT round(extract(epoch FROM min(last) - now()) / 86400, 2)
            FROM (SELECT max(not_after) AS last FROM certificate JOIN kiosk USING (kiosk_id)
                WHERE revoked_at IS NULL AND left_at IS NULL GROUP BY kiosk_id) AS newest
        ) AS certificate_days,
        (SELECT count(*) FROM command WHERE done_at IS NULL AND expires_at > now()) AS waiting
    FROM kiosk WHERE left_at IS NULL
"""
_REASONS: Final = """
    SELECT health->>'reason' AS word, count(*) AS count FROM kiosk
    WHERE left_at IS NULL AND NOT (health->>'ready')::boolean
        AND coalesce(last_seen, added_at) >= $1::timestamptz - $2::interval
    GROUP BY 1 ORDER BY 1
"""
_ALARMS: Final = (
    "SELECT kind AS word, count(*) AS count FROM alarm WHERE seen_at IS NULL GROUP BY 1 ORDER BY 1"
)


async def _labelled(
    connection: Connection, label: str, text: str, *arguments: Any
) -> list[tuple[Labels, float]]:
    rows = await connection.fetch(text, *arguments)
    return [({label: row["word"] or "unknown"}, row["count"]) for row in rows]


def _unsettled(rows: Sequence[DueRow], now_s: float) -> Iterator[Metric]:
    """Yield what is known of open cancellations and tasks, for each currency."""
    counts: Counter[tuple[str, str]] = Counter()
    sums: Counter[str] = Counter()
    exponents: dict[str, int] = {}
    oldest: dict[str, float] = {}
    for row in rows:
        money = row.transaction.total
        code = money.currency.code
        exponents[code] = money.currency.exponent
        counts[code, row.kind.value] += 1
        sums[code] += money.minor
        oldest[code] = max(oldest.get(code, 0.0), now_s - row.since.timestamp())
    yield Metric(
        "unsettled",
        "Open cancellations and tasks for staff, by currency and kind.",
        [
            ({"currency": code, "kind": kind}, count)
            for (code, kind), count in sorted(counts.items())
        ],
    )
    yield Metric(
        "unsettled_amount",
        "What these come to, in units of the currency.",
        [({"currency": c}, Decimal(sums[c]).scaleb(-exponents[c])) for c in sorted(exponents)],
    )
    yield Metric(
        "unsettled_oldest_seconds",
        "How long the oldest of these is open.",
        [({"currency": code}, round(age, 1)) for code, age in sorted(oldest.items())],
    )


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
