"""Transactions as people read them in lines and lists: the reference first, a mark and a word for the state."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kiosk_tui.cli.colour import Rendition, coloured, styled
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.text.times import stamp
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import Mark, in_words, standing

_LEAST_NOTE: Final = 24
"""Where less room is left than this, notes stand below their transactions."""

_RENDITIONS: Final[Mapping[Mark, Rendition]] = {
    Mark.GOOD: Rendition.GOOD,
    Mark.BAD: Rendition.BAD,
    Mark.LOOK: Rendition.LOOK,
    Mark.RUNNING: Rendition.NAME,
}


def line(one: Transaction) -> str:
    """Return a transaction as one line; on a terminal a note that has no room stands below it."""
    note, told = note_of(one), "  ".join(_cells(one))
    if not note:
        return told
    width = shutil.get_terminal_size().columns
    if sys.stdout.isatty() and _visible(told) + len(note) + 4 > width:
        return "\n".join(_with_notes([told], [note], width))
    return f"{told}  ({note})"


def listing(found: Sequence[Transaction]) -> list[str]:
    """Return transactions as a table; each has what is to be noted beside or below it."""
    from kiosk_tui.cli.table import Column, columns_of_terminal, table  # noqa: PLC0415 - rich

    if not found:
        return ["No transactions."]
    heads = ("Reference", "Time", "What", "Amount", "State")
    columns = [Column(head, right=head == "Amount") for head in heads]
    rows, notes = [_cells(one) for one in found], [note_of(one) for one in found]
    lines = table(columns, rows)
    if not any(notes):
        return lines
    room = columns_of_terminal() - max(map(_visible, lines)) - 2
    if room >= min(_LEAST_NOTE, max(map(len, notes))):
        return table([*columns, Column("Note", wraps=True)], [
            [*row, note] for row, note in zip(rows, notes, strict=True)
        ])  # fmt: skip
    head, *others = lines
    return [head, *_with_notes(others, notes, columns_of_terminal())]


def state_words(state: State) -> str:
    """Return a state as a mark and a word, in the mark's colour."""
    told = standing(state)
    rendition = _RENDITIONS.get(told.mark)
    if rendition is None:
        return str(told)
    return styled(str(told), rendition, colours=coloured(sys.stdout))


def named_states(text: str) -> list[State]:
    """Return the states that a name or a word means, such as `NEEDS_STAFF`, `task` or `+ approved`."""
    asked = text.strip().lower()
    return [
        one
        for one in State
        if asked in (one.lower(), standing(one).word, str(standing(one)).lower())
    ]


def note_of(one: Transaction) -> str:
    """Return what is to be noted about a transaction; TECS's own words only where it was declined."""
    if one.state in DUE:
        note = f"{one.attempts} attempts; {one.why}"
    elif one.balance:
        note = f"balance: {one.balance}"
    elif one.state is State.APPROVED:
        note = one.note
    else:
        note = one.note or one.why
    return in_words(one_line(note)).strip()


def _cells(one: Transaction) -> list[str]:
    return [
        one.reference.replace(" ", ""),  # so that it can be pasted behind --reference
        stamp(one.created_at),
        kind(one.order.operation),
        str(one.charged),
        state_words(one.state),
    ]


def _with_notes(lines: Sequence[str], notes: Sequence[str], width: int) -> Iterator[str]:
    for row, note in zip(lines, notes, strict=True):
        yield row
        for piece in textwrap.wrap(note, max(width - 4, 20)):
            yield f"    {styled(piece, Rendition.DIM, colours=coloured(sys.stdout))}"


def _visible(text: str) -> int:
    return len(re.sub(r"\x1b\[[0-9;]*m", "", text))
