"""The real program in a real terminal: systemd hears of it only while everything really moves."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import terminal as support
from support.installation import Installation, installed
from support.systemd import Manager, manager
from support.terminal import Terminal, running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.simulator.options import Options
from proofs.machine import mounts

pytestmark = pytest.mark.journey

WATCHDOG_S = 2.0
NOWHERE = "http://127.0.0.1:1"

needs_mounts = pytest.mark.skipif(bool(mounts.lacks()), reason="needs root and a loop device")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Manager]:
    with manager(tmp_path) as built:
        yield built


@contextlib.contextmanager
def _kiosk(
    shop: Installation, systemd: Manager, *arguments: str, watchdog_s: float = WATCHDOG_S
) -> Iterator[Terminal]:
    told = systemd.environment(watchdog_s)
    config = ("--config", str(shop.config))
    with running(*config, "run", *arguments, folder=shop.folder, environment=told) as terminal:
        yield terminal


def _to_waiting(terminal: Terminal) -> None:
    for words, keys in (
        ("Pay by card", "1"),
        ("How much would you like to pay?", "255\r"),
        ("add a tip", "0"),
    ):
        terminal.wait(words)
        terminal.hears(keys)
    terminal.wait("Card please")


def test_ready_is_said_when_the_first_real_screen_is_up(
    shop: Installation, systemd: Manager
) -> None:
    with _kiosk(shop, systemd) as terminal:
        systemd.until(terminal, "READY=1")
        assert terminal.shows("Pay by card")
        assert systemd.status == "idle"
        assert not [one for one in systemd.heard if one.startswith("WATCHDOG")][1:]
        systemd.until(terminal, "WATCHDOG=1", len(systemd.heard))


def test_a_kiosk_that_waits_for_its_journal_asks_for_time_and_is_not_ready(
    shop: Installation, systemd: Manager
) -> None:
    lock = WriterLock(shop.journal, "kiosk-tui recover")
    with _kiosk(shop, systemd) as terminal:
        systemd.until(terminal, "STATUS=out of service: The journal")
        systemd.until(terminal, "EXTEND_TIMEOUT_USEC=2000000", len(systemd.heard))
        assert "kiosk-tui recover" in systemd.status
        assert not {"READY=1", "WATCHDOG=1"} & set(systemd.heard)
        lock.release()
        systemd.until(terminal, "READY=1")
        assert terminal.shows("Pay by card")


def test_the_status_follows_a_payment_and_its_cancellation(
    shop: Installation, systemd: Manager
) -> None:
    shop.simulator.set_options(card_s=1000)
    with _kiosk(shop, systemd) as terminal:
        _to_waiting(terminal)
        systemd.until(terminal, "STATUS=waiting for card")
        shop.stop()
        systemd.until(terminal, "STATUS=1 cancellation due, out of service: ")


def test_a_screen_that_stands_still_gets_no_sign_of_life(
    shop: Installation, systemd: Manager
) -> None:
    with _kiosk(shop, systemd) as terminal:
        systemd.until(terminal, "WATCHDOG=1")
        with terminal.stopped():
            since = systemd.until(terminal, "STATUS=standing still: The screen")
            systemd.listen(terminal, 2 * WATCHDOG_S)
            assert "WATCHDOG=1" not in systemd.heard[since:]
        since = systemd.until(terminal, "WATCHDOG=1", since)
        assert systemd.status == "idle"


def test_no_payment_is_ended_because_its_screen_stands_still(
    shop: Installation, systemd: Manager
) -> None:
    shop.simulator.set_options(card_s=4 * WATCHDOG_S, host_s=0)
    with _kiosk(shop, systemd) as terminal:
        _to_waiting(terminal)
        with terminal.stopped():
            systemd.listen(terminal, WATCHDOG_S)  # what was on its way
            since = len(systemd.heard)
            systemd.until(terminal, "WATCHDOG=1", since)
            since = systemd.until(terminal, "STATUS=standing still: The screen", since)
            assert shop.states == [State.APPROVED]
        systemd.until(terminal, "WATCHDOG=1", since)


def test_a_line_that_stands_still_gets_none_in_plain_mode_either(
    shop: Installation, systemd: Manager
) -> None:
    with _kiosk(shop, systemd, "--plain") as terminal:
        systemd.until(terminal, "READY=1")
        systemd.until(terminal, "WATCHDOG=1")
        terminal.wait("Amount in EUR")
        with terminal.stopped():
            terminal.type("12.55\n")
            since = systemd.until(terminal, "STATUS=standing still: The screen")
            systemd.listen(terminal, 2 * WATCHDOG_S)
            assert "WATCHDOG=1" not in systemd.heard[since:]
        systemd.until(terminal, "WATCHDOG=1", since)
        terminal.wait("You pay 12.55 EUR")


_STUCK = """
import signal, sys, time
signal.signal(signal.SIGALRM, lambda *_: time.sleep(3600))
from kiosk_tui.__main__ import main
sys.exit(main())
"""
"""A fault of ours that keeps the loop from turning, while every other thread goes on."""


def test_a_loop_that_is_stuck_gets_no_sign_of_life(
    shop: Installation, systemd: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "PROGRAM", (sys.executable, "-c", _STUCK))
    with _kiosk(shop, systemd) as terminal:
        systemd.until(terminal, "WATCHDOG=1")
        os.kill(terminal.pid, signal.SIGALRM)
        systemd.listen(terminal, WATCHDOG_S / 2)  # what was on its way
        since = len(systemd.heard)
        systemd.listen(terminal, 2 * WATCHDOG_S)
        assert not systemd.heard[since:]


@needs_mounts
def test_a_disk_that_does_not_answer_gets_no_sign_of_life(
    shop: Installation, systemd: Manager
) -> None:
    # with the server away the chain is looked at every few seconds
    shop.config.write_text(shop.config.read_text().replace(shop.url, NOWHERE))
    with mounts.small_disk(shop.folder / "small") as disk:
        journal = f'\n[journal]\npath = "{disk.where}/journal.db"\n'
        shop.config.write_text(shop.config.read_text() + journal)
        with _kiosk(shop, systemd) as terminal:
            systemd.until(terminal, "READY=1")
            assert systemd.status.startswith("out of service: ")
            systemd.until(terminal, "WATCHDOG=1")
            with _frozen(disk.where):
                since = systemd.until(terminal, "STATUS=standing still: The journal")
                systemd.listen(terminal, 2 * WATCHDOG_S)
                assert "WATCHDOG=1" not in systemd.heard[since:]
            systemd.until(terminal, "WATCHDOG=1", since)


@contextlib.contextmanager
def _frozen(folder: Path) -> Iterator[None]:
    subprocess.run(["fsfreeze", "--freeze", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["fsfreeze", "--unfreeze", folder], check=True)


def test_a_payment_is_finished_before_the_end_and_time_is_asked_for_it(
    tmp_path: Path, systemd: Manager
) -> None:
    with (
        installed(tmp_path, Options(card_s=3, host_s=0)) as shop,
        _kiosk(shop, systemd) as terminal,
    ):
        _to_waiting(terminal)
        since = systemd.until(terminal, "STATUS=waiting for card")
        os.kill(terminal.pid, signal.SIGTERM)
        since = systemd.until(terminal, "STOPPING=1", since)
        systemd.until(terminal, "EXTEND_TIMEOUT_USEC=2000000", since - 1)
        assert systemd.status == "stopping: a payment is being finished"
        assert terminal.ended() == 0
        (entry,) = shop.simulator.ledger.entries.values()
        assert shop.simulator.ledger.net_minor(entry.transaction_id) == 1255
        systemd.listen(None, 0.1)
        assert "WATCHDOG=1" not in systemd.heard[since:]


def test_a_terminal_that_stands_still_does_not_keep_a_payment_from_being_finished(
    tmp_path: Path, systemd: Manager
) -> None:
    with (
        installed(tmp_path, Options(card_s=3, host_s=0)) as shop,
        _kiosk(shop, systemd) as terminal,
    ):
        _to_waiting(terminal)
        systemd.until(terminal, "STATUS=waiting for card")
        with terminal.stopped():
            os.kill(terminal.pid, signal.SIGTERM)
            assert terminal.ended() == 0
        (entry,) = shop.simulator.ledger.entries.values()
        assert shop.simulator.ledger.net_minor(entry.transaction_id) == 1255


def test_why_it_cannot_start_is_its_last_word(shop: Installation, systemd: Manager) -> None:
    shop.config.write_text("[kiosk]\nmode = 5\n")
    with _kiosk(shop, systemd) as terminal:
        assert terminal.ended() == 78
        systemd.until(None, "STATUS=ended: ")
        assert "kiosk.mode" in systemd.status
        assert "READY=1" not in systemd.heard
