"""What the screen costs: its first picture, its memory at rest, its bytes on the line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from benchmarks.house import LANE, OPEN, TYPING, House
from benchmarks.result import Result
from benchmarks.terminal import Terminal, running

DIGITS = "1255094783"
QUIET_S = 2.5
"""Longer than a second of a busy lane takes to be told."""
HEARS_AGAIN_S = 0.5
"""A fresh screen hears no key for a moment."""


def seconds(house: House, rounds: int) -> Iterator[Result]:
    """Time from the start of each program until its first bytes, and until it is open, in turns.

    What they cost whatever else the machine does is counted in `instructions`.
    """
    programs = (house.bare, house.kiosk, house.demo)
    times: dict[str, list[float]] = {program.name: [] for program in programs}
    opened: list[float] = []
    for number in range(rounds + 1):
        for program in programs:
            with running(program.command, house.environment) as terminal:
                shown = terminal.wait_for(program.first_picture)
                if number:  # the first round only warms the disk's cache
                    times[program.name].append(shown)
                if number and program is house.kiosk:
                    opened.append(terminal.wait_for(OPEN))
    base = median(times["bare"])
    yield Result("first bytes, by the clock", median(times["kiosk"]), "s", base)
    yield Result("first bytes, demo, by the clock", median(times["demo"]), "s", base)
    yield Result("open, by the clock", median(opened), "s", base)


def memory(house: House, rounds: int, rest_s: float) -> Iterator[Result]:
    """Compare the memory of each program when it has been idle for a while."""
    programs = ((house.bare, house.bare.first_picture), (house.kiosk, OPEN), (house.demo, OPEN))
    sizes: dict[str, list[int]] = {program.name: [] for program, _ in programs}
    for _ in range(rounds):
        for program, ready in programs:
            with running(program.command, house.environment) as terminal:
                terminal.wait_for(ready)
                time.sleep(rest_s)
                sizes[program.name].append(terminal.memory())
    base = median(sizes["bare"]) / 1e6
    yield Result("memory at rest", median(sizes["kiosk"]) / 1e6, "MB", base)
    yield Result("memory at rest, demo", median(sizes["demo"]) / 1e6, "MB", base)


def line(house: House, rest_s: float) -> Iterator[Result]:
    """Count what goes over the line: at rest, and for each digit that is typed."""
    with running(house.kiosk.command, house.environment) as terminal:
        terminal.wait_for(OPEN)
        terminal.settle()
        start = terminal.received
        at_rest = terminal.count(rest_s)
        counts = _type_digits(terminal)
        at_rest += terminal.count(rest_s)
    with running(house.bare.command, house.environment) as terminal:
        terminal.wait_for(house.bare.first_picture)
        terminal.settle()
        bare_at_rest = terminal.count(rest_s)
    yield Result("start until open", start, "bytes")
    yield Result("a digit, median", median(counts), "bytes")
    # the third digit moves three figures, and a 1 has a base
    yield Result("a digit, dearest", max(counts), "bytes")
    yield Result("a screen at rest", at_rest, "bytes")
    yield Result("a bare screen at rest", bare_at_rest, "bytes")


def _type_digits(terminal: Terminal) -> list[int]:
    """Type two amounts, as long as they get, digit by digit; return the bytes of each."""
    terminal.type("\r")
    terminal.wait_for(TYPING)
    time.sleep(HEARS_AGAIN_S)
    terminal.settle()
    counts = []
    for amount in (DIGITS[:5], DIGITS[5:]):
        for digit in amount:
            terminal.type(digit)
            counts.append(terminal.count(0.2))
        terminal.type("\x7f" * len(amount))
        terminal.settle()
    return counts


def lane(house: House, rest_s: float) -> Iterator[Result]:
    """Count what a cashier's keys cost: a digit, a step in the list, a payment that changes its state."""
    with running(house.lane.command, house.environment) as terminal:
        terminal.wait_for(LANE)
        time.sleep(HEARS_AGAIN_S)
        terminal.settle()
        at_rest = terminal.count(rest_s)
        digits = [_cost(terminal, digit) for digit in DIGITS[:5]]
        terminal.type("\x7f" * 5)
        terminal.settle()
        payment = _pay(terminal)
        _pay(terminal)
        terminal.type("\x1b[B")
        terminal.wait_for("newest first")
        time.sleep(HEARS_AGAIN_S)
        terminal.settle()
        steps = [_cost(terminal, key) for key in ("\x1b[B", "\x1b[A", "\x1b[B")]
    yield Result("lane: a digit, median", median(digits), "bytes")
    yield Result("lane: a digit, dearest", max(digits), "bytes")
    yield Result("lane: a step in the list", median(steps), "bytes")
    yield Result("lane: a payment, all of it", payment, "bytes")
    yield Result("lane at rest", at_rest, "bytes")


def _cost(terminal: Terminal, key: str) -> int:
    terminal.type(key)
    return terminal.count(0.3)


def _pay(terminal: Terminal) -> int:
    """Take a payment, from the first digit until the screen is at rest again; count the bytes.

    The simulator's customer needs some seconds, and each of them is told.
    """
    terminal.type("700\r")
    spent = 0
    while more := terminal.count(QUIET_S):
        spent += more
    return spent
