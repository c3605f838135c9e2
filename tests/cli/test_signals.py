"""No signal that an operator may send ends a payment in its middle."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import DEADLINE_S, PROGRAM, running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey

_OTHERS_BUSINESS = {
    *(signal.SIGKILL, signal.SIGSTOP),  # nobody can take them
    *(signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT),  # ask for the end, in order
    *(signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT, signal.SIGSYS),
    *(signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU),  # stop it, and it goes on
}
HARMLESS = sorted(one for one in signal.valid_signals() - _OTHERS_BUSINESS if one < signal.SIGRTMIN)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as built:
        yield built


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def _waits_for_card(shop: Installation) -> bool:
    return shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD


def test_a_sale_goes_on_through_every_signal_that_does_not_ask_for_its_end(
    shop: Installation,
) -> None:
    sale = subprocess.Popen(
        [*PROGRAM, "--config", str(shop.config), "sale", "--amount", "1.00"],
        env=shop.environment,
        stdout=subprocess.DEVNULL,
    )
    _until(lambda: _waits_for_card(shop))
    for number in HARMLESS:
        sale.send_signal(number)
    assert sale.poll() is None
    shop.simulator.terminal.present_card()
    assert sale.wait(DEADLINE_S) == 0
    assert shop.states == [State.APPROVED]


def test_ctrl_backslash_at_a_sale_asks_for_its_end_and_the_answer_still_decides(
    shop: Installation,
) -> None:
    sale = subprocess.Popen(
        [*PROGRAM, "--config", str(shop.config), "sale", "--amount", "1.00"],
        env=shop.environment,
        stdout=subprocess.DEVNULL,
    )
    _until(lambda: _waits_for_card(shop))
    sale.send_signal(signal.SIGQUIT)
    assert sale.wait(DEADLINE_S) == 1
    assert shop.states == [State.DECLINED]


def test_a_kiosk_goes_on_through_every_signal_that_does_not_ask_for_its_end(
    shop: Installation,
) -> None:
    with running("--config", str(shop.config), folder=shop.folder) as terminal:
        for words, keys in (
            ("Pay by card", "1"),
            ("How much would you like to pay?", "\r"),
            ("add a tip", "0"),
        ):
            terminal.wait(words)
            terminal.hears(keys)
        terminal.wait("Card please")
        _until(lambda: _waits_for_card(shop))
        for number in (*HARMLESS, signal.SIGTSTP):
            os.kill(terminal.pid, number)
        shop.simulator.terminal.present_card()
        terminal.wait("Thank you")
    assert shop.states == [State.APPROVED]
