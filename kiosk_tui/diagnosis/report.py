"""An examination for people, in lines of 80 columns, and for programs, as one value."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from kiosk_tui.diagnosis.chain import CHAIN, NAMES, TITLES, Link
from kiosk_tui.diagnosis.findings import Finding, Verdict
from kiosk_tui.records import dataclass

WIDTH: Final = 79
"""A line of 80 would make some consoles leave an empty one."""

MARKS: Final = {
    Verdict.GOOD: "good",
    Verdict.LOOK: "LOOK",
    Verdict.BAD: "BAD",
    Verdict.SKIPPED: "-",
}
_INDENT: Final = 30


def lines(one: Finding, columns: int = WIDTH) -> Iterator[str]:
    """Yield a finding, and what to do about it."""
    head = f"{TITLES[one.link]:<15}{MARKS[one.verdict]:<5}{took(one.took_s):>8}  "
    yield from _wrapped(one.text, columns, head, " " * _INDENT)
    if one.do:
        yield from _wrapped(one.do, columns, " " * (_INDENT - 3) + "-> ", " " * _INDENT)


def took(seconds: float | None) -> str:
    """Write how long something took."""
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 9.95 else f"{seconds:.1f} s"  # noqa: PLR2004


def summary(found: Sequence[Finding]) -> str:
    """Return the sentence that it all comes to."""
    culprits = [TITLES[one.link] for one in found if one.verdict is Verdict.BAD]
    looks = [TITLES[one.link] for one in found if one.verdict is Verdict.LOOK]
    behind = sum(one.because is not None for one in found)
    said = []
    if culprits:
        said.append(f"Mend first: {', '.join(culprits)}.")
    if behind:
        said.append(f"{behind} not looked at because of that.")
    if looks:
        said.append(f"Look at: {', '.join(looks)}.")
    return " ".join(said) or "Everything that was looked at is good."


class Mood(Enum):
    """How a machine stands, as a whole."""

    READY = "ready"
    REMARKS = "remarks"
    NOT_READY = "not ready"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Overall:
    """Whether payments can be taken, in one line; `counts` is how many links are how."""

    mood: Mood
    text: str
    counts: str


def overall(found: Mapping[Link, Finding], *, closed: bool = False) -> Overall:
    """Say whether payments can be taken; `closed` is a register that takes none."""
    told = [found[link].verdict for link in CHAIN if link in found]
    goods, looks, bads = map(told.count, (Verdict.GOOD, Verdict.LOOK, Verdict.BAD))
    counts = f"{goods} good  •  {looks} to look at  •  {bads} bad"
    culprit = next((link for link in CHAIN if link in found and found[link].broken), None)
    missing = len(CHAIN) - len(told)
    if culprit is not None:
        return Overall(
            Mood.NOT_READY, f"NOT READY: {NAMES[found[culprit].because or culprit]}", counts
        )
    if closed:
        return Overall(Mood.NOT_READY, "NOT READY: the register is closed", counts)
    if missing:
        return Overall(Mood.UNKNOWN, f"NOT KNOWN YET: {missing} to be looked at", counts)
    if looks:
        remarks = "1 REMARK" if looks == 1 else f"{looks} REMARKS"
        return Overall(Mood.REMARKS, f"READY, WITH {remarks}", counts)
    return Overall(Mood.READY, "READY TO TAKE PAYMENTS", counts)


def describe(found: Sequence[Finding]) -> dict[str, Any]:
    """Return everything for a program. Names are added, never changed."""
    return {
        "verdict": str(worst(found)),
        "culprits": [str(one.link) for one in found if one.verdict is Verdict.BAD],
        "summary": summary(found),
        "findings": [described(one) for one in found],
    }


def described(one: Finding) -> dict[str, Any]:
    """Return one finding for a program."""
    return {
        "link": str(one.link),
        "verdict": str(one.verdict),
        "text": one.text,
        "do": one.do,
        "took_ms": None if one.took_s is None else round(one.took_s * 1000, 1),
        "because": one.because and str(one.because),
    }


def worst(found: Sequence[Finding]) -> Verdict:
    """Return the gravest verdict."""
    told = {one.verdict for one in found}
    return next((one for one in (Verdict.BAD, Verdict.LOOK) if one in told), Verdict.GOOD)


def _wrapped(text: str, columns: int, first: str, after: str) -> list[str]:
    return textwrap.wrap(
        text,
        columns,
        initial_indent=first,
        subsequent_indent=after,
        break_on_hyphens=False,
    )
