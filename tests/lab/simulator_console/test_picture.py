"""What the console says of the simulator: every fault under a key, the ledger and its sums as they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk_tui.lab.simulator_console import picture
from kiosk_tui.lab.simulator_console.choices import GROUPS, KEYS, describe
from kiosk_tui.lab.simulator_console.picture import Line, Times
from kiosk_tui.simulator.faults import TRIGGERS, Behaviour, Fault
from kiosk_tui.simulator.ledger import Entry, EntryKind, HostLedger, Status
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.simulator.terminal import Customer

WIDTH, ROWS = 76, 16
"""What is left of 80 x 24 beside the frame."""


def text(lines: list[Line]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


def booked(
    ledger: HostLedger, number: int, kind: EntryKind = EntryKind.CHARGE, minor: int = 1000
) -> Entry:
    entry = Entry(
        str(20261123140000000 + number), "88091105", "1", kind, minor, 0, "EUR", Status.APPROVED
    )
    ledger.approve(entry)
    return entry


def test_every_fault_and_every_amount_s_fate_is_under_a_key() -> None:
    offered = [one.behaviour for group in GROUPS.values() for one in group.choices]
    assert {one.fault for one in offered if one} == {*Fault, None}
    for behaviour, _ in TRIGGERS.values():
        assert offered.count(behaviour) == 1, behaviour


@pytest.mark.parametrize("key", GROUPS)
def test_a_group_fits_into_the_smallest_screen(key: str) -> None:
    group = GROUPS[key]
    assert len(group.choices) <= len(KEYS)
    lines = picture.menu(group, Simulator(), ROWS)
    assert len(lines) == ROWS
    assert max(map(len, text(lines).splitlines())) <= WIDTH
    for wanted, choice in group.keyed():
        assert group.pick(wanted) is choice
    assert group.pick("z") is None


def test_an_option_is_shown_as_it_stands() -> None:
    simulator = Simulator(Options(abort_works=False))
    shown = text(picture.menu(GROUPS["2"], simulator, ROWS))
    assert "an abort stops the card flow: no" in shown
    assert "a status query (9043) is known here: yes" in shown


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (Behaviour(fault=Fault.CUT), "charged, the answer is cut in the middle"),
        (Behaviour(decline="51"), "declined: not enough money (51)"),
        (Behaviour(decline="4"), "declined with code 4"),
        (Behaviour(customer=Customer.CANCELS), "the customer cancels at the terminal (8004)"),
        (Behaviour(customer=Customer.CANCELS, after_s=2), "the customer cancels after 2 s"),
        (Behaviour(), "nothing goes wrong"),
    ],
)
def test_what_comes_next_is_said_in_words(behaviour: Behaviour, words: str) -> None:
    assert describe(behaviour) == words


def test_what_is_queued_is_told_with_what_follows_it() -> None:
    simulator = Simulator()
    assert "whatever its amount asks for" in text(picture.state(simulator, WIDTH))
    simulator.queue_fault(Fault.LATE_CHARGE)
    simulator.queue_fault(Fault.CUT)
    lines = picture.state(simulator, WIDTH)
    assert len(lines) == 4
    assert max(map(len, text(lines).splitlines())) <= WIDTH
    assert "(and 1 more after it)" in " ".join(text(lines).split())
    simulator.forget_queued()
    assert "whatever its amount asks for" in text(picture.state(simulator, WIDTH))


def test_the_sums_are_the_ledger_s() -> None:
    simulator = Simulator()
    ledger = simulator.ledger
    booked(ledger, 1, minor=1255)
    ledger.cancel(booked(ledger, 2, minor=500))
    booked(ledger, 3, EntryKind.REFUND, 200)
    booked(ledger, 4, EntryKind.HOLD, 10_000)
    ledger.decline(booked(HostLedger(), 5))
    shown = text(picture.ledger(simulator, Times(), WIDTH, ROWS))
    assert "stayed 10.55 EUR  charged 17.55  reversed 5.00  refunded 2.00  held 100.00" in shown
    assert [line.split()[3] for line in shown.splitlines()[1:6]] == [
        *("declined", "approved", "approved", "cancelled", "approved")
    ]


@pytest.mark.parametrize("rows", [6, 16, 40])
@pytest.mark.parametrize("width", [76, 116])
def test_the_ledger_fills_its_place_and_tells_how_many_are_older(rows: int, width: int) -> None:
    simulator, times = Simulator(), Times()
    for number in range(50):
        booked(simulator.ledger, number)
    times.note(simulator.ledger, "12:00:00")
    lines = picture.ledger(simulator, times, width, rows)
    assert len(lines) == rows
    shown = text(lines)
    assert max(map(len, shown.splitlines())) <= width
    assert f"({50 - (rows - 4)} older)" in shown
    assert shown.splitlines()[1].startswith("12:00:00  charge")
    assert shown.splitlines()[1].rstrip().split()[-1] in ("20261123140000049", "88091105")


@pytest.mark.parametrize(
    ("minor", "code", "written"),
    [(1255, "EUR", "12.55 EUR"), (500, "JPY", "500 JPY"), (-1250, "KWD", "-1.250 KWD")],
)
def test_amounts_have_their_currency_s_decimals(minor: int, code: str, written: str) -> None:
    assert picture.money(minor, code) == written
    assert picture.money(7, "ZZZ") == "7 minor ZZZ"


@pytest.mark.parametrize(
    "draw", [picture.state, lambda one, _: picture.ledger(one, Times(), 76, 9)]
)
def test_only_characters_that_every_console_has(draw: Callable[..., list[Line]]) -> None:
    simulator = Simulator()
    booked(simulator.ledger, 1)
    assert set(text(draw(simulator, WIDTH))) <= {*map(chr, range(32, 127)), "─", "\n"}
