"""What a self-test looks at: the parts that a payment needs, one finding each.

Owns: the findings, as a pure function of facts. The register gathers the facts.
"""

from __future__ import annotations

from enum import StrEnum

from kiosk_tui.payment.readiness import Facts, clock_trouble
from kiosk_tui.records import dataclass


class Part(StrEnum):
    """A part that a payment needs."""

    JOURNAL = "journal"
    SERVER = "server"
    CLOCK = "clock"
    CANCELLATIONS = "cancellations"
    PRINTER = "printer"


@dataclass(frozen=True, slots=True)
class PartCheck:
    """How a part is; `text` says it in a sentence for staff, or names a version."""

    part: Part
    good: bool
    text: str


def findings(facts: Facts) -> tuple[PartCheck, ...]:
    """Return a finding for each part that a payment needs."""
    probe, due = facts.probe, len(facts.due)
    clock = clock_trouble(facts.now, probe)
    reached = probe is not None and probe.reachable
    version = f"{probe.app_name} {probe.version}".strip() if probe else ""
    server = version if reached else (probe.why if probe else "It was not looked at yet.")
    return (
        PartCheck(
            Part.JOURNAL, not facts.journal_trouble, facts.journal_trouble or "It can be written."
        ),
        PartCheck(Part.SERVER, reached, server),
        PartCheck(Part.CLOCK, not clock, clock or f"{facts.now:%Y-%m-%d %H:%M} UTC"),
        PartCheck(
            Part.CANCELLATIONS, not due, f"{due} not yet answered." if due else "None is due."
        ),
    )
