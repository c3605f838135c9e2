"""Whether a payment may start: rather closed than wrong.

Owns: the rule, as a pure function of facts. The register gathers the facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk_tui.domain.outcome import Probe
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.policy import Exposure
from kiosk_tui.records import dataclass

OLDEST_SANE_YEAR = 2026
"""A machine without a clock battery starts in the past; this code was not there before."""

NEWEST_SANE_YEAR = 2040
"""No release of this program is used for so long. Such years come from an empty battery, the end of
NTP's first era (2036), that of a 32-bit clock (2038) or a typing error; a payment with such a date would
be in no day's totals and sort before all others for ever."""

SKEW = timedelta(minutes=15)
"""More difference to the server's clock than this is absurd; TECS publishes no limit."""


class Obstacle(StrEnum):
    """Why no payment may start, the gravest first."""

    STARTING = "starting"
    JOURNAL = "journal"
    CLOCK = "clock"
    UNREACHABLE = "unreachable"
    CANCELLATION_DUE = "cancellation_due"
    GOODS_DUE = "goods_due"
    CLOSED_BY_OFFICE = "closed_by_office"
    FAULT = "fault"


IN_ORDER: Final = (None, Obstacle.CLOSED_BY_OFFICE)
"""Open, or closed because head office wants that: nothing is wrong, and nobody has to look sooner."""


@dataclass(frozen=True, slots=True)
class ClosingNotice:
    """What head office says to customers where it keeps a register closed; empty where it says nothing."""

    sentence: str = ""
    by_language: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at one moment. `journal_trouble` is a sentence, or empty.

    `notice` is None where head office does not keep the register closed. `goods_due`: an earlier
    process's payment waits for its goods, and holds the terminal.
    """

    now: datetime
    journal_trouble: str
    probe: Probe | None
    due: Sequence[Transaction]
    notice: ClosingNotice | None = None
    goods_due: bool = False


@dataclass(frozen=True, slots=True)
class Readiness:
    """Open, or closed with a reason. `due` are the cancellations that TECS has not answered.

    `notice` is what head office tells customers, also while a graver obstacle is the reason.
    """

    obstacle: Obstacle | None
    why: str = ""
    since: datetime | None = None
    retry_in_s: float | None = None
    due: tuple[Transaction, ...] = ()
    notice: ClosingNotice | None = None

    @property
    def open(self) -> bool:
        """Whether a payment may start."""
        return self.obstacle is None


def judge(facts: Facts, exposure: Exposure) -> Readiness:
    """Return whether a payment may start under these facts."""
    return replace(_judged(facts, exposure), notice=facts.notice)


def _judged(facts: Facts, exposure: Exposure) -> Readiness:
    due = tuple(facts.due)
    if facts.journal_trouble:
        return Readiness(Obstacle.JOURNAL, facts.journal_trouble, due=due)
    if facts.probe is None:
        return Readiness(Obstacle.STARTING, "The first look at the server is under way.", due=due)
    clock = clock_trouble(facts.now, facts.probe)
    if clock:
        return Readiness(Obstacle.CLOCK, clock, due=due)
    if not facts.probe.reachable:
        return Readiness(Obstacle.UNREACHABLE, facts.probe.why, due=due)
    if beyond(exposure, due):
        count = "One cancellation is" if len(due) == 1 else f"{len(due)} cancellations are"
        return Readiness(Obstacle.CANCELLATION_DUE, f"{count} not yet answered by TECS.", due=due)
    if facts.goods_due:
        why = "The goods of an earlier payment are waited for."
        return Readiness(Obstacle.GOODS_DUE, why, due=due)
    if facts.notice is not None:
        return Readiness(
            Obstacle.CLOSED_BY_OFFICE, "Head office has closed this register.", due=due
        )
    return Readiness(None, due=due)


def beyond(exposure: Exposure, due: Sequence[Transaction]) -> bool:
    """Say whether the due cancellations are more than may be open while payments go on."""
    total = sum(one.charged.minor for one in due)
    return len(due) > exposure.count or total > exposure.minor


def absurd(now: datetime) -> bool:
    """Say whether this time is impossible, whatever any server's clock says."""
    return not OLDEST_SANE_YEAR <= now.year <= NEWEST_SANE_YEAR


def clock_trouble(now: datetime, probe: Probe | None) -> str:
    """Return what is wrong with this machine's clock, in a sentence; empty when nothing is."""
    if absurd(now):
        return (
            f"The clock of this machine says {now:%Y-%m-%d}: set it, or let it find a time server."
        )
    if probe is not None and probe.server_time is not None and abs(now - probe.server_time) > SKEW:
        return (
            f"The clock of this machine says {now:%Y-%m-%d %H:%M} UTC, but the server's says"
            f" {probe.server_time:%Y-%m-%d %H:%M}: set it, or let it find a time server."
        )
    return ""
