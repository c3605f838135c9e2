"""A visit on the line for people and for programs: how long each step took, and what came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any, Final

from kiosk_tui.diagnosis.report import took
from kiosk_tui.domain.evidence import Answered, Asked, Field, Timings, Visit
from kiosk_tui.records import dataclass
from kiosk_tui.text.cells import ljust, width

_IDS: Final = frozenset({"transaction_id", "orig_tx_id", "transaction_date_time"})


def described(one: Visit) -> dict[str, Any]:
    """Return a visit for a program."""
    timings = {
        name.removesuffix("_s") + "_ms": None if value is None else round(value * 1000, 1)
        for name, value in asdict(one.timings).items()
    }
    asked, answered = one.asked, one.answered
    told: dict[str, Any] = {
        "at": one.at.isoformat(timespec="milliseconds"),
        "kind": asked.kind,
        "request": f"{asked.method} {asked.url}",
        "headers": dict(asked.headers),
        "fields": {field.name: field.value for field in asked.fields if field.value},
        "timings": timings,
        "trouble": one.trouble,
    }
    if answered is not None:
        told |= {
            "status": answered.status,
            "server_time": answered.server_time and answered.server_time.isoformat(),
            "answer": {field.name: field.value for field in answered.fields} or answered.text,
            "code": answered.code,
            "meaning": answered.meaning,
            "verdict": answered.verdict,
        }
    return told


def ids(one: Visit) -> Iterator[str]:
    """Yield what looks like a card number in a visit, and is a transaction id or a date."""
    answered = () if one.answered is None else one.answered.fields
    for field in (*one.asked.fields, *answered):
        if field.name in _IDS:
            yield field.value


def steps(timings: Timings) -> str:
    """Write how long each step took, on one line."""
    named = (
        ("connect", timings.connect_s),
        ("TLS", timings.tls_s),
        ("first byte", timings.first_byte_s),
        ("whole", timings.whole_s),
    )
    return "   ".join(f"{name} {took(value)}" for name, value in named if value is not None)


def request_lines(asked: Asked, *, all_fields: bool = False) -> Iterator[str]:
    """Yield a request, field by field; empty fields are named together, unless all are wanted."""
    yield f"{asked.method} {asked.url}"
    for name, value in asked.headers:
        yield f"{name}: {value}"
    shown = [one for one in asked.fields if one.value or all_fields]
    yield from _fields(shown)
    if len(shown) < len(asked.fields):
        yield f"and {len(asked.fields) - len(shown)} fields, sent empty"


def answer_lines(answered: Answered) -> Iterator[str]:
    """Yield an answer, field by field, or its text where there are none."""
    when = f", at {answered.server_time:%Y-%m-%d %H:%M:%S} UTC" if answered.server_time else ""
    yield f"HTTP status {answered.status}, {answered.size} bytes{when}"
    if answered.code:
        verdict = f"; for money: {answered.verdict}" if answered.verdict else ""
        yield f"code {answered.code}: {answered.meaning}{verdict}"
    yield from _fields(answered.fields)
    if not answered.fields and answered.text:
        yield "It is no answer. Each digit in it is hidden:"
        yield from answered.text.splitlines()[:20]


def raw_lines(answered: Answered) -> Iterator[str]:
    """Yield an answer's body as it came, but for what is masked in it."""
    yield f"HTTP status {answered.status}, {answered.size} bytes"
    yield from answered.text.splitlines()


def _fields(fields: Sequence[Field]) -> Iterator[str]:
    """Yield fields in columns as wide as they need to be."""
    names = max((width(one.name) for one in fields), default=0)
    values = min(24, max((width(one.value) for one in fields), default=0))
    for one in fields:
        yield f"{ljust(one.name, names)}  {ljust(one.value, values)}  {one.meaning}".rstrip()


@dataclass(frozen=True, slots=True)
class Latency:
    """The times of several exchanges, in seconds, the oldest first; those without an answer are None."""

    times: tuple[float | None, ...]

    @property
    def known(self) -> tuple[float, ...]:
        """The times of those that were answered, the shortest first."""
        return tuple(sorted(one for one in self.times if one is not None))

    @property
    def spread(self) -> tuple[float, float, float] | None:
        """The least, the median and the most; None where nothing was answered."""
        known = self.known
        return (known[0], median(known), known[-1]) if known else None

    @property
    def line(self) -> str:
        """Return how many there were, the least, the median and the most."""
        count, spread = len(self.times), self.spread
        lost = count - len(self.known)
        told = "1 exchange" if count == 1 else f"{count} exchanges"
        told += f", {lost} without an answer" if lost else ""
        if spread is None:
            return told
        least, middle, most = map(took, spread)
        return f"{told}: least {least}, median {middle}, most {most}"


def latency(visits: Sequence[Visit], count: int) -> Latency:
    """Return the times of the last exchanges."""
    return Latency(
        tuple(one.timings.whole_s if one.answered else None for one in list(visits)[-count:])
    )
