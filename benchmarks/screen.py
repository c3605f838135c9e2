"""What the screen costs: its first picture, its memory at rest, its bytes on the line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from benchmarks.house import LANE, OPEN, TYPING, House
from benchmarks.result import Result, ratio
from benchmarks.terminal import Terminal, running

DIGITS = "1255094783"
QUIET_S = 2.5
"""Longer than a second of a busy lane takes to be told."""
HEARS_AGAIN_S = 0.5
"""A fresh screen hears no key for a moment."""


def first_pictures(house: House, rounds: int) -> Iterator[Result]:
    """Time from the start of each program until its first picture, in turns."""
    programs = (house.bare, house.kiosk, house.demo)
    times: dict[str, list[float]] = {program.name: [] for program in programs}
    opened: list[float] = []
    for number in range(rounds + 1):
        for program in programs:
            with running(program.command, house.environment) as terminal:
                seconds = terminal.wait_for(program.first_picture)
                if number:  # the first round only warms the disk's cache
                    times[program.name].append(seconds)
                if number and program is house.kiosk:
                    opened.append(terminal.wait_for(OPEN))
    base = median(times["bare"])
    yield ratio("first picture", median(times["kiosk"]), base, "s", target=1.15)
    yield ratio("first picture, demo", median(times["demo"]), base, "s")
    yield ratio("open for customers", median(opened), base, "s")


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
    yield ratio("memory at rest", median(sizes["kiosk"]) / 1e6, base, "MB")
    yield ratio("memory at rest, demo", median(sizes["demo"]) / 1e6, base, "MB")


def line(house: House, rest_s: float) -> Iterator[Result]:
    """Count what goes over the line: at rest, and for each digit that is typed."""
    with running(house.kiosk.command, house.environment) as terminal:
        terminal.wait_for(OPEN)
        terminal.settle()
        at_rest = terminal.count(rest_s)
        counts = _type_digits(terminal)
        at_rest += terminal.count(rest_s)
    with running(house.bare.command, house.environment) as terminal:
        terminal.wait_for(house.bare.first_picture)
        terminal.settle()
        bare_at_rest = terminal.count(rest_s)
    yield Result("a digit typed, median", median(counts), None, "bytes", 90, None)
    # the third digit moves three figures, and a 1 has a base
    yield Result("a digit typed, dearest", max(counts), None, "bytes", 180, None)
    yield Result("a screen at rest", at_rest, bare_at_rest, "bytes", 0, None)


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
    yield Result("lane: a digit, median", median(digits), None, "bytes", 170, None)
    yield Result("lane: a digit, dearest", max(digits), None, "bytes", 170, None)
    yield Result("lane: a step in the list", median(steps), None, "bytes", 250, None)
    yield Result("lane: a payment, all of it", payment, None, "bytes", 1700, None)
    yield Result("lane at rest", at_rest, None, "bytes", 0, None)


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
