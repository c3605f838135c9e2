"""What a kiosk and head office say to each other: JSON over HTTPS, checked on both sides by these models.

Owns: the allow-list of what leaves a kiosk. No model has a field for a card number (not even a masked
one), an expiry, TECS's receipt texts, reasons, receipt numbers, a caller's reference, a person's id or a note.
What a fiscal signer gave for slips is told, unless a card number might be in it.
Every request comes with a client certificate, which alone says which kiosk it is; no body does.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from kiosk_tui.domain.checkpoint import FORM

VERSION: Final = 1

MOST_EVENTS: Final = 200
"""Events in one batch; a kiosk sends 50."""

MOST_CHECKPOINTS: Final = 20
"""In one batch."""

MOST_BYTES: Final = 512 * 1024
"""The longest body that either side reads."""

LONGEST_WAIT_S: Final = 50
"""How long head office holds a request open for a command: below what proxies cut."""


def written(at: datetime) -> str:
    """Write a moment as UTC with milliseconds: the one spelling of a moment on this line."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def day_of(transaction_id: str) -> str:
    """Return the day (UTC) that an id tells: what stands before the nine digits of its time of day."""
    return str(int(transaction_id) // 10**9).zfill(8)


def digest(fingerprints: Iterable[str]) -> str:
    """Return the SHA-256, as hex, of a day's fingerprints in their order; see `wire_days.DayDigest`."""
    return hashlib.sha256("".join(fingerprints).encode("ascii")).hexdigest()


def _utc(at: datetime) -> datetime:
    """Keep a clock that has jumped to the end of the calendar from failing later on."""
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("this moment is beyond the calendar") from error


def _one_line(text: str) -> str:
    """Leave out control characters: PostgreSQL's JSON has no NUL, and a log line no end of line."""
    return "".join(one for one in text if one.isprintable())


def _lines(text: str) -> str:
    return "\n".join(map(_one_line, text.splitlines()))


Moment = Annotated[AwareDatetime, AfterValidator(_utc), PlainSerializer(written, return_type=str)]
Word = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_.:+-]*$")]
"""A name of ours, or of TECS: one word, no sentence."""
Id = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,19}$")]
"""A transaction's id without leading zeros."""
Terminal = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,8}$")]
Source = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{0,2}$")]
Minor = Annotated[int, Field(ge=0, le=99_999_999_999 * 2)]
"""Minor units by the currency's ISO 4217 exponent: an amount and its tip."""
Epoch = Annotated[str, Field(pattern=r"^[0-9a-f]{1,40}$")]
"""A journal's identity: new after `journal new` and after a restore."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Sentence = Annotated[str, Field(max_length=300), AfterValidator(_one_line)]
Seq = Annotated[int, Field(ge=0, lt=2**63)]
"""A place in an outbox, from 1; 0 is before the first."""
Count = Annotated[int, Field(ge=1, lt=2**31)]
Signed = Annotated[int, Field(gt=-(2**63), lt=2**63)]
Slip = Annotated[str, Field(max_length=2000), AfterValidator(_lines)]
Brand = Annotated[str, Field(max_length=40), AfterValidator(_one_line)]


CheckpointLine = Annotated[str, Field(max_length=500, pattern=rf"^{FORM}$")]
"""A signed end of a journal's chain, in its one line: see `domain.checkpoint`."""


class Wire(BaseModel):
    """A message. What a newer side adds is passed over."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="ignore")


class JournalEvent(Wire):
    """One line of a journal's event log with its order's facts: never changes once it was written.

    `seq` is its place in the outbox, `number` counts its transaction's events from 1. The fields of an
    answer are those of the exchange that this event closed, and empty where it closed none.
    """

    seq: Annotated[Seq, Field(ge=1)]
    transaction_id: Id
    number: Count
    at: Moment
    event: Word
    state: Word
    operation: Word
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    exponent: Annotated[int, Field(ge=0, le=4)]
    minor: Minor
    """What the customer pays in all, the tip in it."""
    tip_minor: Minor | None = None
    """The tip as far as this event's answer tells it, else as it was ordered."""
    sent_minor: Minor
    """The amount field of the request."""
    terminal: Terminal
    source_id: Source = ""
    original_id: Id | None = None
    original_terminal: Terminal | None = None
    original_source_id: Source | None = None
    exchange: Word = ""
    """What kind of request was answered: payment, cancellation, …"""
    verdict: Word = ""
    response_code: Word = ""
    stan: Word = ""
    authorization_number: Word = ""
    brand: Brand = ""
    committed: Seq = 0
    """Its place in the journal's order of commits: by it a closed day has counted it. 0 is not known."""

    def fingerprint(self) -> str:
        """Return the SHA-256, as hex, of the facts that make it this event and no other.

        Not of `seq`, which a restored journal gives anew, nor of fields that a later version adds:
        a kiosk that was updated must not seem to tell another story of last year.
        """
        facts = (
            self.transaction_id,
            self.number,
            written(self.at),
            self.event,
            self.state,
            self.operation,
            self.currency,
            self.minor,
            self.tip_minor,
            self.sent_minor,
            self.terminal,
            self.source_id,
            self.original_id,
            self.original_terminal,
            self.exchange,
            self.verdict,
            self.response_code,
        )
        return hashlib.sha256("\x1f".join(map(str, facts)).encode()).hexdigest()


class ToldSum(Wire):
    """How many, and how much: `minor` with the tips in it; negative where more went than came."""

    count: Annotated[int, Field(ge=0, lt=2**31)] = 0
    minor: Signed = 0
    tip_minor: Signed = 0


class ToldSheet(Wire):
    """What a closed day came to in one currency, as `domain.totals` counts it, and all days until then.

    Who asked for a payment is not told: there is no sum by cashier.
    """

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    exponent: Annotated[int, Field(ge=0, le=4)]
    approved: dict[Word, ToldSum] = {}
    cancelled: dict[Word, ToldSum] = {}
    open: dict[Word, ToldSum] = {}
    brands: dict[Brand, ToldSum] = {}
    """By card; under the empty name what has none that can be told."""
    elsewhere: ToldSum = Field(default_factory=ToldSum)
    reversed: ToldSum = Field(default_factory=ToldSum)
    not_paid: ToldSum = Field(default_factory=ToldSum)
    net: ToldSum = Field(default_factory=ToldSum)
    running: ToldSum = Field(default_factory=ToldSum)


class ClosedDay(Wire):
    """A business day that was closed (Z): never changes. `seq` is its place in the outbox.

    It covers what was committed after the place `after`, up to and with `last`: see
    `JournalEvent.committed`. `late` counts what came of transactions that an earlier day has counted, and
    `disagreements` what the journal did not agree on with itself.
    """

    seq: Annotated[Seq, Field(ge=1)]
    number: Count
    day: date
    opened_at: Moment | None = None
    at: Moment
    after: Seq
    last: Seq
    late: Seq = 0
    disagreements: Seq = 0
    sheets: Annotated[tuple[ToldSheet, ...], Field(max_length=100)] = ()

    def fingerprint(self) -> str:
        """Return the SHA-256, as hex, of the facts that make it this report and no other.

        Not of the places that it names, which a restored journal gives anew.
        """
        sums = (
            (one.currency, one.exponent, *_facts(one.net), *_facts(one.running))
            for one in sorted(self.sheets, key=lambda one: one.currency)
        )
        facts = (self.number, self.day, written(self.at))
        told = itertools.chain(facts, itertools.chain.from_iterable(sums))
        return hashlib.sha256("\x1f".join(map(str, told)).encode()).hexdigest()


class GivenSignature(Wire):
    """What a fiscal signer gave for an event (`number` of a transaction): never changes.

    `text` and `code` are the signer's, public by law; each is empty where a card number might be in it.
    `seq` is its place in the outbox.
    """

    seq: Annotated[Seq, Field(ge=1)]
    transaction_id: Id
    number: Count
    at: Moment
    text: Slip = ""
    code: Slip = ""


def _facts(one: ToldSum) -> tuple[int, ...]:
    return one.count, one.minor, one.tip_minor


class Health(Wire):
    """How a kiosk stands. `reason` is the obstacle's word, empty when it is ready; times are the kiosk's."""

    ready: bool
    reason: Word = ""
    since: Moment | None = None
    version: Word = ""
    mode: Word = ""
    terminal: Terminal | None = None
    terminal_state: Word = ""
    disk_free_bytes: Seq | None = None
    clock_skew_s: Annotated[float, Field(allow_inf_nan=False)] | None = None
    """The register's clock against TECS's, where TECS tells a time."""
    queued: Seq = 0
    """Events that head office has not stored yet."""
    due: Seq = 0
    """Cancellations that are due."""
    last_payment_at: Moment | None = None
    closed_by_office: bool = False
    configuration: Sha256 | None = None
    """Of what head office has configured; None where it has configured nothing."""


class CommandOutcome(Wire):
    """What came of command `n`; `ok` is False where it was refused, and `sentence` says why."""

    n: Annotated[Seq, Field(ge=1)]
    ok: bool
    sentence: Sentence = ""
    at: Moment


class Batch(Wire):
    """`POST /v1/ingest`: the events, closed days and signatures of places `after < seq <= upto`, each in order.

    Only places up to the last `wire_days.Days.upto` may be passed over, where they lie in days that head office
    said are the same. Any other gap is refused, and a batch that begins beyond what is stored is not
    taken: the answer says from where to send again. Where the outbox does not have these events any
    more, `gone` says so: they are given up, and head office raises an alarm that names the places.
    `boot` is the machine's boot id: two machines with one certificate show by it. `wait_s` asks to be
    held until a command is there.
    """

    v: Literal[1] = 1
    epoch: Epoch
    follows: Annotated[str, Field(pattern=r"^[0-9a-f]{0,40}$")] = ""
    boot: Word = ""
    now: Moment
    after: Seq
    upto: Seq
    gone: bool = False
    events: Annotated[tuple[JournalEvent, ...], Field(max_length=MOST_EVENTS)] = ()
    days: Annotated[tuple[ClosedDay, ...], Field(max_length=MOST_EVENTS)] = ()
    signatures: Annotated[tuple[GivenSignature, ...], Field(max_length=MOST_EVENTS)] = ()
    health: Health | None = None
    outcomes: Annotated[tuple[CommandOutcome, ...], Field(max_length=50)] = ()
    checkpoints: Annotated[tuple[CheckpointLine, ...], Field(max_length=MOST_CHECKPOINTS)] = ()
    """Those that head office does not have, as `Stored.checkpoint` says, oldest first."""
    wait_s: Annotated[float, Field(ge=0, le=LONGEST_WAIT_S)] = 0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        reached = self.after
        for event in self.events:
            if not reached < event.seq <= self.upto:
                raise ValueError(
                    f"event {event.number} of transaction {event.transaction_id} is out of order: its"
                    f" place {event.seq} is not above {reached} and up to {self.upto}"
                )
            reached = event.seq
        if self.upto < self.after:
            raise ValueError(f"upto {self.upto} is below after {self.after}")
        reached = self.after
        for place in self.places():
            if not reached < place <= self.upto:
                raise ValueError(f"place {place} is not above {reached} and up to {self.upto}")
            reached = place
        return self

    def places(self) -> tuple[int, ...]:
        """Return the places of all that is told, in order."""
        return places(self.events, self.days, self.signatures)


def places(*told: Iterable[JournalEvent | ClosedDay | GivenSignature]) -> tuple[int, ...]:
    """Return the places in the outbox of all that is told, in order."""
    return tuple(sorted(one.seq for one in itertools.chain(*told)))


class SignedCommand(Wire):
    """A command as it was signed: `payload` are the very bytes (base64) of a `fleet.commands` order."""

    payload: Annotated[str, Field(max_length=100_000)]
    signature: Annotated[str, Field(max_length=200)]
    key_id: Word


class Stored(Wire):
    """The answer to a batch, given only after COMMIT: everything up to `stored` may be forgotten.

    `compare` asks for the days' digests: this epoch is new, and what it lacks has no name yet. It is
    asked until `/v1/days` and each `/v1/day` that its answer wanted have come; a kiosk that sends events
    meanwhile only sends more than it needs to. `renew` asks for a new certificate.
    """

    stored: Seq
    now: Moment
    compare: bool = False
    renew: bool = False
    commands: tuple[SignedCommand, ...] = ()
    checkpoint: Seq | None = None
    """The place of this journal's last checkpoint here; None: none is wanted."""


class Refused(Wire):
    """What an error's body says (4xx, 5xx): one sentence for whoever reads the log."""

    why: Sentence
