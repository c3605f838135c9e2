"""The order in which places are visited so that the ways between them are short, found in little time.

An open tour from a fixed start. The nearest next place and the order of the rows, either way, are where
it begins; then parts of it are put elsewhere, or turned round, for as long as that makes it shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

Costs = Sequence[Sequence[int]]

_LONGEST: Final = 3
"""Of a tour so many places in a row are put elsewhere."""
_TURNED: Final = 8
"""So many places in a row are turned round: the ways back cost something else each."""
_NOTHING: Final = 1
"""A part whose detour is no longer stays where it is: nowhere is it nearer."""
_START: Final = -1


def short_tour(first: Sequence[int], costs: Costs) -> list[int]:
    """Return an order of the places 0, 1 …; `first` are the ways to each from the start, `costs` between."""
    rows = [*costs, first]  # the start is the last of them: -1
    places = list(range(len(first)))
    tours = [_mended(order, rows) for order in (_nearest(rows), places, places[::-1])]
    return min(tours, key=lambda order: _length(order, rows))


def _nearest(rows: Costs) -> list[int]:
    order: list[int] = []
    left, here = set(range(len(rows) - 1)), _START
    while left:
        here = min(left, key=rows[here].__getitem__)
        left.remove(here)
        order.append(here)
    return order


def _length(order: list[int], rows: Costs) -> int:
    return sum(rows[a][b] for a, b in zip([_START, *order], order, strict=False))


def _mended(order: list[int], rows: Costs) -> list[int]:
    for long in range(1, _LONGEST + 1):
        order = _moved(order, rows, long)
    return _turned(order, rows)


def _moved(order: list[int], rows: Costs, long: int) -> list[int]:
    """Put each part of so many places where it makes the tour shortest."""
    at = 0
    while at + long <= len(order):
        before, after = order[at - 1] if at else _START, order[at + long : at + long + 1]
        spared = rows[before][order[at]]
        if after:
            spared += rows[order[at + long - 1]][after[0]] - rows[before][after[0]]
        if spared <= _NOTHING:
            at += 1
            continue
        part, rest = order[at : at + long], order[:at] + order[at + long :]
        to_part = [row[part[0]] for row in rows]
        from_part = rows[part[-1]]
        costs = []
        here = _START
        for there in rest:
            costs.append(to_part[here] + from_part[there] - rows[here][there])
            here = there
        costs.append(to_part[here])
        least = min(costs)
        if least < costs[at]:
            best = costs.index(least)
            order = rest[:best] + part + rest[best:]
        else:
            at += 1
    return order


def _turned(order: list[int], rows: Costs) -> list[int]:
    """Turn parts round where that makes the tour shorter."""
    order = list(order)
    size = len(order)
    for at in range(size - 1):
        before = order[at - 1] if at else _START
        ahead = back = 0
        for end in range(at + 1, min(size, at + _TURNED)):
            ahead += rows[order[end - 1]][order[end]]
            back += rows[order[end]][order[end - 1]]
            now, then = rows[before][order[at]] + ahead, rows[before][order[end]] + back
            if end + 1 < size:
                now += rows[order[end]][order[end + 1]]
                then += rows[order[at]][order[end + 1]]
            if then < now:
                order[at : end + 1] = order[at : end + 1][::-1]
                break
    return order
