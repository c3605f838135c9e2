"""Every front does every duty of a session, or the table says why that is not its duty.

Each front lives one life as the real program, in its own way of being used: it finds what an earlier
process left, takes a payment, is looked at, asked and told meanwhile, and is stopped in its middle.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pytest
from support.api import eventually, serving
from support.installation import Installation, installed
from support.systemd import Manager, manager
from support.talk import Talk
from support.terminal import PROGRAM, Terminal, running

from kiosk_tui.config.pin import hash_pin
from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.remote.link.client import take_over, watch
from kiosk_tui.remote.link.protocol import Denial
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey


class FrontName(StrEnum):
    SCREENS = "kiosk-tui run"
    LINES = "kiosk-tui run --plain"
    SERVE = "kiosk-tui serve"
    COMMAND = "kiosk-tui sale"
    RECOVER = "kiosk-tui recover"


class Duty(StrEnum):
    LOCK = "holds the journal's lock, and lets go of it"
    LEFT = "takes up what an earlier process left"
    LOG = "logs where [log] to says"
    FIGURES = "writes the figures"
    ALERTS = "alerts"
    READY = "tells systemd: ready, alive, at its end"
    STATUS = "tells systemd what it is doing"
    WATCHED = "can be watched"
    ASKED = "can be asked for the register, and never hands it over in a payment"
    RELOAD = "looks at a new configuration at a signal, and says why it is not taken"
    STOPS = "at SIGTERM, ends after the payment that runs"
    CLOSES = "leaves no task and no file of the journal open"


SHORT = "it lives for one payment, and that is what its caller waits for"
AT_WORK = "POS software is nobody's to send away: whoever asks is refused"
NO_PAYMENT = "it begins no payment, and ends by itself"
DONE = True

ROWS: Mapping[Duty, tuple[bool | str, ...]] = {
    # screens, lines, serve, one command, recover
    Duty.LOCK: (DONE, DONE, DONE, DONE, DONE),
    Duty.LEFT: (DONE, DONE, DONE, DONE, DONE),
    Duty.LOG: (DONE, DONE, DONE, DONE, DONE),
    Duty.FIGURES: (DONE, DONE, DONE, DONE, DONE),
    Duty.ALERTS: (DONE, DONE, DONE, "nobody may wait for an alert with a customer", DONE),
    Duty.READY: (DONE, DONE, DONE, SHORT, NO_PAYMENT),
    Duty.STATUS: (DONE, DONE, DONE, SHORT, NO_PAYMENT),
    Duty.WATCHED: (DONE, DONE, DONE, SHORT, NO_PAYMENT),
    Duty.ASKED: (DONE, DONE, AT_WORK, SHORT, NO_PAYMENT),
    Duty.RELOAD: (DONE, DONE, DONE, SHORT, NO_PAYMENT),
    Duty.STOPS: (DONE, DONE, DONE, DONE, NO_PAYMENT),
    Duty.CLOSES: (DONE, DONE, DONE, DONE, DONE),
}
TABLE = {duty: dict(zip(FrontName, row, strict=True)) for duty, row in ROWS.items()}

_PROGRAM = """
import asyncio, json, os, sys, threading
from pathlib import Path

from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.observe import logs

notes = open(os.environ["NOTES"], "a", buffering=1)
logs.begin.__defaults__ = (Path(os.environ["JOURNALD"]),)
run, lock, release = asyncio.run, WriterLock.__init__, WriterLock.release

def note(**facts):
    notes.write(json.dumps(facts) + "\\n")

def watched_lock(self, *arguments):
    lock(self, *arguments)
    note(locked=True)

def watched_release(self):
    release(self)
    note(locked=False)

def watched_run(work, **more):
    if threading.current_thread() is not threading.main_thread():
        return run(work, **more)
    async def whole():
        try:
            return await work
        finally:
            left = asyncio.all_tasks() - {asyncio.current_task()}
            note(tasks=[repr(one) for one in left if not one.done()])
    try:
        return run(whole(), **more)
    finally:
        numbers = [Path("/proc/self/fd", one) for one in os.listdir("/proc/self/fd")]
        open_ = [os.readlink(one) for one in numbers if one.is_symlink()]
        note(files=[one for one in open_ if "/journal.db" in one])

asyncio.run, WriterLock.__init__, WriterLock.release = watched_run, watched_lock, watched_release

from kiosk_tui.__main__ import main
sys.exit(main())
"""
"""The program itself; it writes down what cannot be seen from outside."""

DEADLINE_S = 40.0
PIN = "2468"
WRAPPED = (sys.executable, "-c", _PROGRAM)


@dataclass
class Running:
    """A front that has a payment under way, or has ended by itself."""

    pid: int
    ended: Callable[[], int]
    terminal: Terminal | None = None


@dataclass
class World:
    """What a front lives in, and what is heard of it there."""

    shop: Installation
    systemd: Manager
    journald: socket.socket
    logged: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        told = {
            "NOTES": str(self.shop.folder / "notes"),
            "JOURNALD": str(self.shop.folder / "journald"),
            "KIOSK_TUI_LOG__TO": "auto",
        }
        return self.systemd.environment(2.0) | told

    def hear(self) -> None:
        """Take what comes to journald's socket, which holds only a few lines."""
        with contextlib.suppress(OSError):
            while told := self.journald.recv(1 << 20):
                self.logged.append(told.decode(errors="replace"))

    def configure(self, **more: str) -> None:
        folder = self.shop.folder
        self.shop.configure(
            kiosk=f'service_pin_hash = "{hash_pin(PIN)}"',
            metrics=f'file = "{folder}/figures.prom"',
            alert=f'command = ["{folder}/alert"]',
            **more,
        )

    def until(self, front: Running, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end, f"never: {what}; logged: {self.logged[-5:]}"
            self.systemd.listen(front.terminal, 0.05)

    def waits_for_card(self) -> bool:
        return self.shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD

    def notes(self, name: str) -> list[object]:
        lines = (self.shop.folder / "notes").read_text().splitlines()
        return [note[name] for note in map(json.loads, lines) if name in note]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A shop where an earlier process left one transaction to staff, and was killed in another."""
    with (
        installed(tmp_path) as shop,
        manager(tmp_path) as systemd,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journald,
    ):
        alert = tmp_path / "alert"
        alert.write_text(f"#!/bin/sh\ncat >> {tmp_path}/heard\n")
        alert.chmod(0o755)
        assert shop.run("sale", "--amount", "90.17").returncode == 75
        shop.simulator.set_options(card_s=1000)
        made = World(shop, systemd, journald)
        with _command(shop, PROGRAM, shop.environment, "sale", "--amount", "5.00") as killed:
            made.until(killed, made.waits_for_card, "the first payment")
            os.kill(killed.pid, signal.SIGKILL)
        shop.simulator.terminal.present_card()
        shop.folder.joinpath("kiosk-tui.log").unlink()
        journald.bind(str(tmp_path / "journald"))
        threading.Thread(target=made.hear, daemon=True).start()
        made.configure()
        yield made
        journald.shutdown(socket.SHUT_RD)


# -- how each front is used ------------------------------------------------------------------------


@contextmanager
def _command(
    shop: Installation, program: tuple[str, ...], environment: Mapping[str, str], *arguments: str
) -> Iterator[Running]:
    with subprocess.Popen(
        [*program, "--config", str(shop.config), *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            yield Running(process.pid, lambda: process.wait(DEADLINE_S))
        finally:
            process.kill()


@contextmanager
def _screens(world: World) -> Iterator[Running]:
    config = ("--config", str(world.shop.config), "run")
    with running(
        *config, folder=world.shop.folder, environment=world.environment, program=WRAPPED
    ) as terminal:
        for words, keys in (
            ("Pay by card", "1"),
            ("How much would you like to pay?", "255\r"),
            ("add a tip", "0"),
        ):
            terminal.wait(words)
            terminal.hears(keys)
        yield Running(terminal.pid, terminal.ended, terminal)


@contextmanager
def _lines(world: World) -> Iterator[Running]:
    config = ("--config", str(world.shop.config), "run", "--plain")
    with running(
        *config, folder=world.shop.folder, environment=world.environment, program=WRAPPED
    ) as terminal:
        Talk(terminal).pays("2.55")
        yield Running(terminal.pid, terminal.ended, terminal)


@contextmanager
def _serve(world: World) -> Iterator[Running]:
    with (
        serving(world.shop, environment=world.environment, program=WRAPPED) as served,
        served.connect() as api,
    ):
        eventually(lambda: api.get("/v1/status").body["open"])  # what was left is answered first
        api.begin("1")
        yield Running(served.process.pid, served.ended)


@contextmanager
def _sale(world: World) -> Iterator[Running]:
    environment = world.shop.environment | world.environment
    with _command(world.shop, WRAPPED, environment, "sale", "--amount", "2.55") as front:
        yield front


@contextmanager
def _recover(world: World) -> Iterator[Running]:
    environment = world.shop.environment | world.environment
    with _command(world.shop, WRAPPED, environment, "recover") as front:
        yield front


USED = {
    FrontName.SCREENS: _screens,
    FrontName.LINES: _lines,
    FrontName.SERVE: _serve,
    FrontName.COMMAND: _sale,
    FrontName.RECOVER: _recover,
}


# -- what is seen of it ----------------------------------------------------------------------------


def _wanted(front: FrontName, duty: Duty) -> bool:
    return TABLE[duty][front] is DONE


async def _first_view(journal: Path) -> bool:
    async with contextlib.aclosing(watch(journal)) as views:
        async for view in views:
            return view.current is not None
    return False


def _in_the_middle(world: World, name: FrontName, front: Running) -> dict[Duty, bool]:
    """Look at it, ask it and tell it while its payment waits for the card; then stop it."""
    shop = world.shop
    world.until(front, world.waits_for_card, "a payment")
    if _wanted(name, Duty.READY):
        world.until(front, lambda: "WATCHDOG=1" in world.systemd.heard, "a sign of life")
    seen = {
        Duty.WATCHED: asyncio.run(_first_view(shop.journal)),
        Duty.ASKED: asyncio.run(take_over(shop.journal, "a test", PIN)) is Denial.RUNNING,
    }
    if _wanted(name, Duty.ALERTS):
        world.until(front, (shop.folder / "heard").exists, "an alert")

    def logged(words: str) -> bool:
        return any(words in one for one in world.logged)

    world.configure(tip="percent = [500]")
    os.kill(front.pid, signal.SIGUSR1)
    if _wanted(name, Duty.RELOAD):
        world.until(front, lambda: logged("reload refused"), "the refusal")
    seen[Duty.RELOAD] = logged("reload refused")
    os.kill(front.pid, signal.SIGTERM)
    world.until(front, lambda: logged("ending on SIGTERM"), "the signal")
    shop.simulator.terminal.present_card()
    front.ended()
    seen[Duty.STOPS] = shop.states[0] in {State.APPROVED, State.DECLINED, State.CANCELLED}
    return seen


def _at_the_end(world: World) -> dict[Duty, bool]:
    world.systemd.listen(None, 0.1)
    told = {one.partition("=")[0] for one in world.systemd.heard}
    folder = world.shop.folder
    return {
        Duty.LOCK: world.notes("locked") == [True, False],
        Duty.LEFT: world.shop.states[-2] is State.CANCELLED,
        Duty.LOG: bool(world.logged) and not (folder / "kiosk-tui.log").exists(),
        Duty.FIGURES: (folder / "figures.prom").exists(),
        Duty.ALERTS: (folder / "heard").exists(),
        Duty.READY: told >= {"READY", "WATCHDOG", "STOPPING"},
        Duty.STATUS: "STATUS" in told,
        Duty.CLOSES: world.notes("tasks") == [[]] and world.notes("files") == [[]],
    }


@pytest.mark.parametrize("name", FrontName)
def test_a_front_does_its_duties(world: World, name: FrontName) -> None:
    nothing = dict.fromkeys(Duty, False)
    with USED[name](world) as front:
        if name is FrontName.RECOVER:
            front.ended()
            seen = nothing
        else:
            seen = nothing | _in_the_middle(world, name, front)
        seen |= _at_the_end(world)
    assert not [one for one in world.shop.states if one in OPEN]
    assert seen == {duty: _wanted(name, duty) for duty in Duty}


def test_what_is_no_duty_has_its_reason() -> None:
    reasons = {one for row in TABLE.values() for one in row.values() if one is not DONE}
    assert all(isinstance(one, str) and " " in one for one in reasons)
    assert set(TABLE) == set(Duty)
