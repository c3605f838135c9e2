"""What a technician sees of a register, as lines of plain text. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.remote.link.protocol import RegisterView, TransactionBrief
from kiosk_tui.text.cells import cut
from kiosk_tui.text.times import minutes, stamp
from kiosk_tui.text.wording.states import standing

SILENT_S: Final = 25.0
"""A register that tells nothing for so long may hang: it tells something each ten seconds."""
_NAME: Final = 10


def lines(view: RegisterView, passed_s: float, columns: int) -> list[str]:
    """Draw a register as it was told `passed_s` ago, cut to the width."""
    drawn = [*_head(view), "", *_state(view, passed_s), "", *_due(view), "", *_last(view.last)]
    if passed_s > SILENT_S:
        drawn += ["", f"NO SIGN OF LIFE for {passed_s:.0f} s: it may hang."]
    return [cut(_plain(one), columns) for one in drawn]


def resting(
    why: str, counts: Mapping[str, int], last: Sequence[TransactionBrief], columns: int
) -> list[str]:
    """Draw what the journal says when nobody can be watched: `why`, and what is unfinished."""
    unfinished = ", ".join(
        f"{count} {_standing(state).partition(' ')[2]}" for state, count in counts.items() if count
    )
    drawn = [why, "", _named("Open", unfinished or "nothing"), "", *_last(last)]
    return [cut(_plain(one), columns) for one in drawn]


def _head(view: RegisterView) -> Iterator[str]:
    by = view.holder
    demo = "   DEMO - no money moves" if by.demo else ""
    yield f"{by.command} (process {by.pid})   {by.mode}   version {by.version}{demo}"
    yield f"kiosk {by.kiosk_id}   terminal {by.terminal}   since {_clock(by.since)}"


def _state(view: RegisterView, passed_s: float) -> Iterator[str]:
    yield _named("State", "open" if view.open else f"closed: {view.why}")
    if view.ending:
        yield _named("Ending", view.ending)
    if view.behind:
        yield _named("Disk", "refuses what has happened: it is kept in memory and written later")
    if view.screen:
        yield _named("Screen", view.screen)
    one = view.current
    if one is None:
        yield _named("Now", "no payment runs")
        return
    left = "" if view.seconds_left is None else f"   {minutes(view.seconds_left - passed_s)} left"
    told = f"   terminal: {view.told.replace('_', ' ')}" if view.told else ""
    age_s = (view.age_s or 0.0) + passed_s
    state = _standing(one.state)
    yield _named("Now", f"{_money(one)}   {state}   for {age_s:.0f} s{left}{told}")
    yield _named("", f"reference {one.reference}")


def _due(view: RegisterView) -> Iterator[str]:
    if not view.due_count:
        yield _named("Due", "no cancellation")
        return
    sums = " and ".join(f"{total} {code}" for code, total in view.due_totals.items())
    count = "1 cancellation" if view.due_count == 1 else f"{view.due_count} cancellations"
    yield _named("Due", f"{count}, {sums}")
    for one in view.due:
        tries = f"{one.attempts} attempts"
        told = f"{one.reference}   {_money(one)}   {_standing(one.state)}   {tries}   {one.why}"
        yield _named("", told)


def _last(last: Sequence[TransactionBrief]) -> Iterator[str]:
    if not last:
        yield _named("Last", "nothing yet")
    for number, one in enumerate(last):
        when, why = _clock(one.updated_at), "" if one.state == State.APPROVED else one.why
        told = f"{one.reference}   {when}   {_money(one)}   {_standing(one.state)}   {why}"
        yield _named("" if number else "Last", told)


def _named(name: str, told: str) -> str:
    return f"{name:<{_NAME}}{told}".rstrip()


def _standing(state: str) -> str:
    """Return a mark and a word; a newer register may know states that are not known here."""
    return str(standing(State(state))) if state in tuple(State) else f"! {state}"


def _money(one: TransactionBrief) -> str:
    return f"{one.operation} {one.total} {one.currency}"


def _clock(at: str) -> str:
    try:
        return stamp(datetime.fromisoformat(at))
    except (ValueError, OverflowError):
        return at


def _plain(text: str) -> str:
    """Leave out what would move a cursor: words of a peer's may stand in a `why`."""
    return "".join(one for one in text if one.isprintable())
