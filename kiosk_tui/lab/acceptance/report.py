"""What is told of a run: a table for a console of 80 columns, and the same for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kiosk_tui.domain.money import Money, by_currency
from kiosk_tui.lab.acceptance.run import StepResult
from kiosk_tui.lab.acceptance.scenario import Scenario, Side, Step
from kiosk_tui.lab.acceptance.undoing import can_be_undone
from kiosk_tui.text.cells import ljust

COLUMNS: Final = 79
"""A line of 80 would make some consoles leave an empty one."""

TAKING_BACK: Final = "    What was left approved is taken back:"

_RULE: Final = "─" * COLUMNS
_INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """How a whole run ended. `found` is what is wrong beyond any step."""

    scenario: Scenario
    against: str
    rows: tuple[StepResult, ...]
    found: tuple[str, ...]
    seconds: float
    stopped: bool

    @property
    def failed(self) -> tuple[StepResult, ...]:
        """The rows that did not end as expected."""
        return tuple(row for row in self.rows if not row.passed)

    @property
    def passed(self) -> bool:
        """Whether everything ended as expected."""
        return not self.stopped and not self.failed and not self.found


def opening(scenario: Scenario, side: Side, against: str, journal: str, why: str) -> list[str]:
    """Say what is about to happen to money, before any of it does."""
    steps = scenario.played_on(side)
    left_out = [step.name for step in scenario.steps if step not in steps]
    lines = _wrapped(f"{scenario.title}: {_counted(len(steps), 'step')} against {against}.{why}")
    if side is Side.SIMULATOR:
        lines += _wrapped("No money moves. The journal is a scratch one, and gone at the end.")
    else:
        lines += _wrapped(
            f"MONEY MOVES: up to {_most(steps)} is charged to the cards that are presented, and"
            f" recorded in {journal}. What is left approved at the end is cancelled.{_stays(steps)}"
        )
    if left_out:
        lines += _wrapped(f"Only for the other side, and left out: {', '.join(left_out)}.")
    return lines


def heading() -> list[str]:
    """Return the head of the table."""
    return [
        "",
        f"{'':>3} {'step':<12} {'asked':<16} {'expected':<13} {'got':<13} {'money':>8} {'time':>5}",
        _RULE,
    ]


def asking(asked: str, what: str) -> list[str]:
    """Say to the person at a terminal what to do there with the step that follows."""
    return _wrapped(f"At the terminal, for {asked}: {what}", _INDENT)


def lines(row: StepResult) -> list[str]:
    """Return a row of the table, and what is wrong with it."""
    mark = "ok" if row.passed else "NO"
    known = f"{row.number:>3} {ljust(row.name, 12)} {row.asked:<16} {row.expected:<13}"
    told = f"{known} {row.got:<13} {row.money:>8} {row.seconds:>4.1f}s {mark}"
    return [told, *(line for one in row.found for line in _wrapped(one, _INDENT))]


def closing(verdict: RunVerdict) -> list[str]:
    """Return what stands below the table."""
    lines = [_RULE]
    for one in verdict.found:
        lines += _wrapped(one)
    steps = [row for row in verdict.rows if not row.undoing]
    good = sum(row.passed for row in steps)
    counted = f"{good} of {_counted(len(steps), 'step')} as expected, {verdict.seconds:.0f} s."
    undone = [row for row in verdict.rows if row.undoing]
    if undone:
        back = sum(row.passed for row in undone)
        counted += f" Taken back at the end: {back} of {len(undone)}."
    if verdict.stopped:
        return [*lines, *_wrapped(f"STOPPED before its end: {counted}")]
    return [*lines, *_wrapped(f"{'PASSED' if verdict.passed else 'FAILED'}: {counted}")]


def described(row: StepResult, more: dict[str, Any] | None) -> dict[str, Any]:
    """Return a row for programs; `more` is its transaction. Names are added, never changed."""
    return {
        "number": row.number,
        "step": row.name,
        "asked": row.asked,
        "expected": row.expected,
        "got": row.got,
        "money": row.money,
        "seconds": row.seconds,
        "passed": row.passed,
        "played": row.played,
        "undoing": row.undoing,
        "found": list(row.found),
        "transaction": more,
    }


def summary(verdict: RunVerdict) -> dict[str, Any]:
    """Return the verdict for programs. Names are added, never changed."""
    word = "stopped" if verdict.stopped else "passed" if verdict.passed else "failed"
    return {
        "verdict": word,
        "scenario": verdict.scenario.source,
        "title": verdict.scenario.title,
        "against": verdict.against,
        "steps": sum(not row.undoing for row in verdict.rows),
        "failed": len(verdict.failed),
        "found": list(verdict.found),
        "seconds": round(verdict.seconds, 1),
    }


def listed(step: Step) -> str:
    """Return a step as a line of a list."""
    where = "" if step.side is None else f"{step.side} only"
    return f"{step.number:>3} {ljust(step.name, 20)} {step.asked:<22} {step.expected:<18} {where}".rstrip()


def _most(steps: Sequence[Step]) -> str:
    charges = [step.charged for step in steps if step.operation.charges and step.amount]
    if not charges:
        return "nothing"
    return _in_all(charges)


def _stays(steps: Sequence[Step]) -> str:
    """Say what is not taken back."""
    kept = [
        f"{one.name} ({one.charged})" for one in steps if one.keep and can_be_undone(one.operation)
    ]
    back = [one.amount for one in steps if one.operation.pays_back]
    told = f" Kept, as the file says: {', '.join(kept)}." if kept else ""
    if back:
        told += f" Refunds of up to {_in_all(back)} cannot be taken back."
    return told


def _in_all(amounts: Sequence[Money]) -> str:
    return " + ".join(map(str, by_currency(amounts).values()))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _wrapped(sentence: str, before: str = "") -> list[str]:
    return textwrap.wrap(
        sentence,
        COLUMNS,
        initial_indent=before,
        subsequent_indent=before,
        break_long_words=False,
        break_on_hyphens=False,
    )
