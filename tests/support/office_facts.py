"""Facts of a fleet, planted in head office's tables as the ingest leaves them there.

`Plant` writes what a test needs; `believable_fleet` is twenty kiosks with something wrong at a few of
them, for pages that people look at.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kiosk_tui.domain.lifecycle import Event, State, step
from kiosk_tui.domain.operations import Operation
from kiosk_tui.fleet.wire import JournalEvent
from kiosk_tui.office import alarms
from kiosk_tui.office.database import Connection

BEGUN: Final = "BEGUN"
EXPONENTS: Final = {"EUR": 2, "CHF": 2, "JPY": 0, "KWD": 3}

Steps = Sequence[tuple[Event, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A transaction of a kiosk's journal: an order, and what happened to it after it was begun."""

    kiosk_id: str
    at: datetime
    minor: int = 1000
    steps: Steps = ()
    operation: Operation = Operation.SALE
    tip: int | None = None
    currency: str = "EUR"
    terminal: str = "88091105"
    original_id: str | None = None
    original_terminal: str | None = None
    brand: str = "VISA"
    response_code: str = "0"
    stan: str = "000123"
    authorization_number: str = "A7K2M9"
    epoch: str = "e1"
    lost_at: datetime | None = None
    id: str = ""

    @property
    def charged(self) -> int:
        """Amount and tip."""
        return self.minor + (self.tip or 0)

    def states(self) -> list[tuple[str, State, datetime]]:
        """Return each event with the state that it led to; an event that cannot be is a fault."""
        state = State.CANCEL_DUE if self.operation.takes_back else State.AUTHORIZING
        found: list[tuple[str, State, datetime]] = [(BEGUN, state, self.at)]
        for event, at in self.steps:
            state, _ = step(state, event)
            found.append((str(event), state, at))
        return found


@dataclass(slots=True)
class Plant:
    """Writes facts through a connection."""

    connection: Connection
    _seq: dict[str, int] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    async def kiosk(
        self,
        kiosk_id: str,
        *,
        site: str = "",
        last_seen: datetime | None = None,
        version: str = "1.0.0",
        health: dict[str, Any] | None = None,
        **more: Any,
    ) -> str:
        """A kiosk; `health` is a `wire.Health` as JSON."""
        columns = {
            "kiosk_id": kiosk_id, "site": site, "last_seen": last_seen, "version": version,
            "health": health, "health_at": last_seen if health else None, "epoch": "e1", **more,
        }  # fmt: skip
        await self._insert("kiosk", columns)
        await self._insert("epoch", {"kiosk_id": kiosk_id, "epoch": "e1"})
        return kiosk_id

    async def ready(
        self, kiosk_id: str, now: datetime, *, site: str = "", terminal: str = "", **more: Any
    ) -> str:
        """A kiosk that takes payments, heard of some seconds ago."""
        health = {
            "ready": True, "reason": "", "mode": "kiosk", "terminal": terminal or None,
            "terminal_state": "ready", "disk_free_bytes": 21_474_836_480, "clock_skew_s": 0.4,
            "queued": 0, "due": 0, "last_payment_at": (now - timedelta(minutes=4)).isoformat(),
        } | more.pop("health", {})  # fmt: skip
        return await self.kiosk(
            kiosk_id, site=site, last_seen=now - timedelta(seconds=20), health=health, **more
        )

    async def transaction(self, one: Planted) -> str:
        """A transaction with its events; return its id."""
        number = one.id or self._number(one.at)
        events = one.states()
        for count, (name, state, at) in enumerate(events, 1):
            seq = self._seq[one.kiosk_id] = self._seq.get(one.kiosk_id, 0) + 1
            answered = name != BEGUN
            told = JournalEvent(
                seq=seq, transaction_id=number, number=count, at=at, event=name, state=state,
                operation=one.operation, currency=one.currency, exponent=EXPONENTS[one.currency],
                minor=one.charged, tip_minor=one.tip, sent_minor=one.minor, terminal=one.terminal,
                source_id="1", original_id=one.original_id, original_terminal=one.original_terminal,
                exchange=_exchange(name), verdict=name.lower() if answered else "",
                response_code=one.response_code if answered else "",
                stan=one.stan if answered else "", brand=one.brand if answered else "",
                authorization_number=one.authorization_number if answered else "",
            )  # fmt: skip
            await self._insert("event", {
                "kiosk_id": one.kiosk_id, "epoch": one.epoch, "seq": seq,
                "transaction_id": int(number), "number": count, "at": at, "event": name,
                "state_after": str(state), "body": told.model_dump(mode="json"),
                "sha256": hashlib.sha256(told.fingerprint().encode()).digest(),
            })  # fmt: skip
        await self._insert("kiosk_transaction", {
            "kiosk_id": one.kiosk_id, "transaction_id": int(number), "epoch": one.epoch,
            "number": len(events), "state": str(events[-1][1]), "operation": str(one.operation),
            "currency": one.currency, "exponent": EXPONENTS[one.currency], "minor": one.charged,
            "tip_minor": one.tip, "sent_minor": one.minor, "terminal": one.terminal,
            "source_id": "1", "original_id": int(one.original_id) if one.original_id else None,
            "original_terminal": one.original_terminal, "begun_at": one.at,
            "changed_at": events[-1][2], "approved_at": _first(events, State.APPROVED),
            "cancelled_at": _first(events, State.CANCELLED), "response_code": one.response_code,
            "stan": one.stan, "authorization_number": one.authorization_number,
            "brand": one.brand, "lost_at": one.lost_at,
        })  # fmt: skip
        return number

    async def tecs(self, terminal: str, transaction_id: str, told_by: str, **more: Any) -> None:
        """What TECS tells of a transaction."""
        await self._insert("tecs_transaction", {
            "terminal": terminal, "transaction_id": int(transaction_id), "source_id": "1",
            "told_by": told_by, **more,
        })  # fmt: skip

    async def _insert(self, table: str, columns: dict[str, Any]) -> None:
        places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        await self.connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", *columns.values()
        )

    def _number(self, at: datetime) -> str:
        """Return an id as a register makes it: the moment to the millisecond, and nobody else's."""
        moment = at.astimezone(UTC)
        while (number := f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03}") in self._ids:
            moment += timedelta(milliseconds=1)
        self._ids.add(number)
        return number


def approved(at: datetime) -> tuple[tuple[Event, datetime], ...]:
    """The life of a payment that was approved after eleven seconds."""
    return ((Event.APPROVED, at + timedelta(seconds=11)),)


def unanswered(at: datetime, attempts: int) -> tuple[tuple[Event, datetime], ...]:
    """The life of a payment whose answer never came, and whose cancellation is not answered either."""
    given_up = at + timedelta(minutes=3)
    tries = (
        (Event.CANCEL_UNANSWERED, given_up + timedelta(minutes=one)) for one in range(attempts)
    )
    return ((Event.OUTCOME_UNKNOWN, given_up), *tries)


def _first(events: list[tuple[str, State, datetime]], state: State) -> datetime | None:
    return next((at for _, after, at in events if after is state), None)


def _exchange(name: str) -> str:
    if name in (Event.APPROVED, Event.DECLINED):
        return "payment"
    return "cancellation" if name.startswith(("CANCEL_", "ORIGINAL_")) else ""


# -- twenty kiosks -------------------------------------------------------------------------------

SITES: Final = (
    "1010 Vienna, Opera", "1100 Vienna, Main station", "8010 Graz, Museum", "5020 Salzburg, Zoo",
    "6020 Innsbruck, Cable car", "1300 Airport, Gate C",
)  # fmt: skip
BRANDS: Final = ("VISA", "MASTERCARD", "MASTERCARD", "VISA", "AMERICAN EXPRESS", "DINERS CLUB")
SILENT: Final = "innsbruck-1"
DUE_AT: Final = "vienna-opera-2"
CLOSED: Final = "graz-2"
CLONED: Final = "salzburg-3"
_KIOSKS: Final = (
    *(("vienna-opera", 0),) * 4, *(("vienna-hbf", 1),) * 5, *(("graz", 2),) * 3,
    *(("salzburg", 3),) * 3, *(("innsbruck", 4),) * 2, *(("airport", 5),) * 3,
)  # fmt: skip


async def believable_fleet(connection: Connection, now: datetime, seed: int = 19) -> None:
    """Twenty kiosks that have taken payments for two days, each with a terminal of its own.

    One is silent, one has a cancellation that is due, one is out of service, one has a clone; TECS
    has a charge that no journal has; one kiosk has never been heard of.
    """
    dice = random.Random(seed)
    plant = Plant(connection)
    names: list[tuple[str, str, str]] = []
    for count, (name, place) in enumerate(_KIOSKS):
        number = sum(one == name for one, _ in _KIOSKS[: count + 1])
        names.append((f"{name}-{number}", SITES[place], str(88091105 + count)))
    for kiosk_id, site, terminal in names:
        await _one_of_twenty(plant, now, kiosk_id, site, terminal)
        quiet = timedelta(hours=26) if kiosk_id == SILENT else timedelta()
        await _payments(plant, dice, now - quiet, kiosk_id, terminal)
    begun = now - timedelta(hours=51, minutes=12)
    await plant.transaction(
        Planted(
            kiosk_id=DUE_AT,
            at=begun,
            minor=4250,
            steps=unanswered(begun, 40),
            terminal="88091106",
            response_code="",
            authorization_number="",
            stan="",
        )
    )
    await plant.transaction(
        Planted(
            kiosk_id=CLOSED,
            at=now - timedelta(minutes=34),
            minor=1990,
            terminal="88091115",
            steps=unanswered(now - timedelta(minutes=34), 6),
            response_code="",
        )
    )
    charge = now - timedelta(hours=30)
    await plant.tecs(
        "88091108", f"{charge:%Y%m%d%H%M%S}417", "history", kind="charge", response_code="0",
        minor=6800, currency="EUR", at=charge, authorization_number="X91B22", stan="004711",
        brand="VISA",
    )  # fmt: skip
    await connection.execute(_CLEARED, now - timedelta(days=1))
    await alarms.raise_alarm(
        connection, "clone", f"Two machines use the certificate of {CLONED}: its disk was copied.",
        CLONED, details={"boots": ["8f0c2a4e", "c11d90b7"]},
    )  # fmt: skip
    await plant._insert("kiosk", {"kiosk_id": "airport-4", "site": SITES[5],
                                  "added_at": now - timedelta(days=3)})  # fmt: skip


_CLEARED: Final = """
    INSERT INTO tecs_transaction (terminal, transaction_id, source_id, told_by, kind, response_code,
        minor, currency, at, authorization_number, stan, brand, cleared, clearing_status,
        clearing_batch, clearing_minor, clearing_currency, cleared_at)
    SELECT terminal, transaction_id, source_id, 'clearing', 'charge', '0', minor, currency, begun_at,
        authorization_number, stan, brand, true, 'cleared', to_char($1::timestamptz, 'YYMMDD'), minor, currency,
        $1
    FROM kiosk_transaction WHERE state = 'APPROVED' AND approved_at < $1
"""
"""What was approved until a day ago is in a batch of its terminal."""


async def _one_of_twenty(
    plant: Plant, now: datetime, kiosk_id: str, site: str, terminal: str
) -> None:
    version = "1.0.0" if int(terminal) % 5 else "0.9.8"
    health: dict[str, Any] = {"version": version}
    more: dict[str, Any] = {"version": version, "added_at": now - timedelta(days=90)}
    if kiosk_id == CLOSED:
        health |= {"ready": False, "reason": "cancellation_due", "due": 1,
                   "since": (now - timedelta(minutes=31)).isoformat()}  # fmt: skip
    if kiosk_id == DUE_AT:
        health |= {"due": 1, "mode": "lane"}
    if kiosk_id == SILENT:
        health |= {"last_payment_at": (now - timedelta(hours=26)).isoformat()}
        await plant.ready(
            kiosk_id, now - timedelta(hours=25, minutes=40), site=site, terminal=terminal,
            health=health, **more,
        )  # fmt: skip
        return
    await plant.ready(kiosk_id, now, site=site, terminal=terminal, health=health, **more)
    await plant._insert("certificate", {
        "serial": hashlib.sha256(kiosk_id.encode()).hexdigest()[:16], "kiosk_id": kiosk_id,
        "not_after": now + timedelta(days=61), "issued_at": now - timedelta(days=29),
    })  # fmt: skip


async def _payments(
    plant: Plant, dice: random.Random, now: datetime, kiosk_id: str, terminal: str
) -> None:
    """Two days of payments: more at noon than at night, four of a hundred declined."""
    for back in range(48, 0, -1):
        hour = now - timedelta(hours=back)
        busy = max(0.0, 3.5 - abs(hour.hour - 13) / 2)
        for _ in range(dice.randint(0, round(busy))):
            at = hour + timedelta(seconds=dice.randint(0, 3500))
            if at > now - timedelta(minutes=2):
                continue
            minor, chance = dice.choice((350, 590, 890, 1240, 1990, 2450)), dice.random()
            steps: Steps = approved(at)
            if chance < 0.05:
                steps = ((Event.DECLINED, at + timedelta(seconds=9)),)
            elif chance < 0.07:
                steps = (*approved(at), (Event.CANCEL_REQUESTED, at + timedelta(minutes=2)),
                         (Event.CANCEL_CONFIRMED, at + timedelta(minutes=2, seconds=2)))  # fmt: skip
            tipped = dice.random() < 0.2
            await plant.transaction(
                Planted(
                    kiosk_id=kiosk_id,
                    at=at,
                    minor=minor,
                    steps=steps,
                    terminal=terminal,
                    operation=Operation.SALE_AND_TIP if tipped else Operation.SALE,
                    tip=minor // 10 if tipped else None,
                    brand=dice.choice(BRANDS),
                    response_code="0" if steps[0][0] is Event.APPROVED else "51",
                    stan=f"{dice.randint(1, 999999):06}",
                    authorization_number=f"{dice.randint(0x100000, 0xFFFFFF):06X}",
                )
            )
