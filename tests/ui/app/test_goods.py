"""A kiosk whose goods are handed over by a command, in a real terminal: what the customer sees of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import Terminal, running

from kiosk_tui.domain.lifecycle import State

pytestmark = pytest.mark.journey

GOODS = "Your goods are being handed over."


@pytest.fixture
def vending(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        code = tmp_path / "code"
        script = tmp_path / "dispense"
        script.write_text(
            f"#!/bin/sh\nuntil test -s {code}; do sleep 0.05; done\nread code < {code}\nexit $code\n"
        )
        script.chmod(0o755)
        built.configure(
            kiosk='price = "2.50"', tip="ask = false", goods=f'command = ["{script}"]\nwait_s = 45'
        )
        yield built


def dispensed(vending: Installation, code: int) -> None:
    new = vending.folder / "code.new"
    new.write_text(f"{code}\n")
    new.rename(vending.folder / "code")


def buys(terminal: Terminal) -> None:
    terminal.wait("Pay by card")
    terminal.hears("\r")
    terminal.wait(GOODS)


def test_handed_over_is_approved_and_esc_stops_nothing(vending: Installation) -> None:
    with running("--config", str(vending.config), folder=vending.folder) as terminal:
        buys(terminal)
        assert vending.states == [State.GOODS_DUE]
        terminal.type("\x1b")
        terminal.quiet()
        dispensed(vending, 0)
        terminal.wait("Thank you!")
    assert vending.states == [State.APPROVED]


def test_not_handed_over_is_told_and_the_money_goes_back(vending: Installation) -> None:
    with running("--config", str(vending.config), folder=vending.folder) as terminal:
        buys(terminal)
        dispensed(vending, 1)
        terminal.wait("The goods were not handed over.", "Your payment was reversed.")
    assert vending.states == [State.CANCELLED]
    assert sum(one.minor for one in vending.simulator.ledger.movements) == 0


def test_a_stop_waits_for_the_goods(vending: Installation) -> None:
    with running("--config", str(vending.config), folder=vending.folder) as terminal:
        buys(terminal)
        os.kill(terminal.pid, signal.SIGTERM)
        dispensed(vending, 0)
        assert terminal.ended() == 0
    assert vending.states == [State.APPROVED]


def test_a_stop_that_cannot_wait_so_long_leaves_it_due_and_the_next_start_takes_it_up(
    vending: Installation,
) -> None:
    with running("--config", str(vending.config), folder=vending.folder) as terminal:
        buys(terminal)
        os.kill(terminal.pid, signal.SIGTERM)
        terminal.quiet()
        os.kill(terminal.pid, signal.SIGKILL)  # as systemd does after TimeoutStopSec
        terminal.ended()
    assert vending.states == [State.GOODS_DUE]
    dispensed(vending, 1)  # the killed program's command, which nobody waits for any more
    vending.configure(goods='command = ["/bin/false"]\nwait_s = 1')
    assert vending.run("recover").returncode == 0
    assert vending.states == [State.CANCELLED]
    assert sum(one.minor for one in vending.simulator.ledger.movements) == 0
