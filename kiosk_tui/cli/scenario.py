"""`kiosk-tui scenario run`: play a scenario against the configured terminal, or the simulator.

The same register, journal and lock as every other command; against the simulator, both are scratch
ones. Whoever reads our output may go away: what a run leaves is taken back all the same.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import os
import sys
import tempfile
import termios
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk_tui.cli import described, output
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit, session_exits
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.language import Language
from kiosk_tui.lab.acceptance import junit, report
from kiosk_tui.lab.acceptance import shipping as shelf
from kiosk_tui.lab.acceptance.reading import ScenarioError, read
from kiosk_tui.lab.acceptance.report import RunVerdict
from kiosk_tui.lab.acceptance.run import Run, StepResult
from kiosk_tui.lab.acceptance.scenario import Scenario, Side
from kiosk_tui.lab.acceptance.sides import OtherSide, PersonAtTerminal, SimulatedTecs
from kiosk_tui.payment.register import Register
from kiosk_tui.session.command import opened
from kiosk_tui.session.launch import Launch, place
from kiosk_tui.session.signals import ENDING
from kiosk_tui.session.terminal import simulated
from kiosk_tui.text.currencies import currency
from kiosk_tui.text.times import local

_SIMULATED_ANSWER_S: Final = 4.0
"""So much longer than its card and host take the register waits for the simulator's answer."""

_BEYOND_SETTLING_S: Final = 120.0
"""So long after "not found" may be believed a step waits for the answer to its cancellation."""


def run(arguments: argparse.Namespace) -> int:
    """List, or play and report; return 0 when all ended as expected."""
    if arguments.scenario is None:
        if not arguments.list:
            raise CommandError(
                Exit.USAGE, "Name a scenario or a file; --list shows those that are shipped."
            )
        return _list_all(arguments)
    launch = choose(arguments)
    scenario = _read(arguments.scenario, launch)
    if arguments.list:
        _say(map(report.listed, scenario.steps))
        return Exit.OK
    side = _side(arguments, launch)
    if not scenario.played_on(side):
        raise CommandError(
            Exit.USAGE,
            f"Nobody can make a real terminal do what {scenario.source} is about: add"
            " --against simulator.",
        )
    if arguments.junit is not None:
        _check_writable(arguments.junit)
    with session_exits(Exit.UNAVAILABLE):
        verdict, began = asyncio.run(_whole(arguments, launch, scenario, side))
    if arguments.junit is not None:
        _write(arguments.junit, junit.xml(verdict, began))
    if verdict.stopped:
        return Exit.INTERRUPTED
    return Exit.OK if verdict.passed else Exit.FAILED


def _read(asked: str, launch: Launch) -> Scenario:
    try:
        text, source = shelf.find(asked)
    except shelf.NoScenarioError as error:
        raise CommandError(Exit.USAGE, str(error)) from error
    try:
        return read(text, source, currency(launch.config.terminal.currency))
    except ScenarioError as error:
        raise CommandError(Exit.BAD_DATA, str(error)) from error


def _list_all(arguments: argparse.Namespace) -> int:
    from kiosk_tui.cli.table import Column, table  # noqa: PLC0415 - rich, for people

    launch = choose(arguments)
    rows = []
    for name in shelf.shipped():
        scenario = _read(name, launch)
        where = "" if scenario.played_on(Side.TERMINAL) else " (simulator only)"
        rows.append([name, str(len(scenario.steps)), f"{scenario.title}{where}"])
    heads = [Column("Name"), Column("Steps", right=True), Column("What it plays", wraps=True)]
    output.draw("\n".join(table(heads, rows)))
    return Exit.OK


def _side(arguments: argparse.Namespace, launch: Launch) -> Side:
    """Return whom to play against. Raises `CommandError` for a terminal that is not configured."""
    if arguments.against is None:
        real = launch.loaded.found and not launch.demo
        return Side.TERMINAL if real else Side.SIMULATOR
    side = Side(arguments.against)
    if side is Side.TERMINAL and launch.demo:
        raise CommandError(Exit.USAGE, "The demo has no terminal: leave out --demo.")
    if side is Side.TERMINAL and not launch.loaded.found:
        raise CommandError(
            Exit.CONFIG,
            "There is no configuration that names a terminal: write one with `kiosk-tui config"
            " init`, or name one with --config FILE.",
        )
    return side


# -- the two sides -------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class _Setting:
    """Where a run plays: the register's launch, the other side, and how it is called."""

    launch: Launch
    other: OtherSide
    against: str


@contextlib.asynccontextmanager
async def _setting(
    view: _View, launch: Launch, scenario: Scenario, side: Side
) -> AsyncIterator[_Setting]:
    if side is Side.TERMINAL:
        terminal = launch.config.terminal
        against = f"the terminal {place(launch).terminal} at {terminal.url}"
        yield _Setting(launch, PersonAtTerminal(view.ask), against)
        return
    try:
        from kiosk_tui.simulator.options import Options  # noqa: PLC0415 - an extra
        from kiosk_tui.simulator.server import served  # noqa: PLC0415
        from kiosk_tui.simulator.tecs import Simulator  # noqa: PLC0415
    except ImportError as error:
        raise CommandError(
            Exit.UNAVAILABLE,
            f"The simulator is not installed ({error.name}): install kiosk-tui[simulator].",
        ) from error
    options = Options(card_s=0, host_s=0, tip_in_amount=launch.config.terminal.tip_in_amount)
    simulator = Simulator(options)
    longest_s = max(step.simulated_s for step in scenario.played_on(side))
    with tempfile.TemporaryDirectory(prefix="kiosk-tui-scenario-") as scratch:
        async with served(simulator) as url:
            own = simulated(launch, url, Path(scratch), longest_s + _SIMULATED_ANSWER_S)
            yield _Setting(own, SimulatedTecs(simulator), "the built-in simulator")


async def _whole(
    arguments: argparse.Namespace, launch: Launch, scenario: Scenario, side: Side
) -> tuple[RunVerdict, datetime]:
    view = _View(json_wanted=arguments.json)
    async with (
        _setting(view, launch, scenario, side) as setting,
        opened(setting.launch) as register,
    ):
        playing = _run(scenario, register, setting)
        _stop_on_signals(playing)
        view.playing = playing
        if not register.readiness.open and not register.readiness.due:
            raise CommandError(Exit.UNAVAILABLE, f"Nothing was sent: {register.readiness.why}")
        guessed = arguments.against is None and side is Side.SIMULATOR
        why = " There is no configuration that names a terminal." if guessed else ""
        view.announce(
            report.opening(scenario, side, setting.against, str(setting.launch.journal), why)
        )
        if side is Side.TERMINAL:
            await view.ready("Enter begins, Ctrl-C leaves it.")
        clock, began = asyncio.get_running_loop().time, local(datetime.now(UTC))
        began_s = clock()
        rows = await _rows(playing, view, side)
        verdict = RunVerdict(
            scenario=scenario,
            against=setting.against,
            rows=tuple(rows),
            found=tuple(await playing.wrong_at_the_end()),
            seconds=clock() - began_s,
            stopped=playing.stopped,
        )
        view.verdict(verdict)
        return verdict, began


def _run(scenario: Scenario, register: Register, setting: _Setting) -> Run:
    config = setting.launch.config
    return Run(
        scenario,
        register,
        setting.other,
        place=place(setting.launch),
        language=Language(config.kiosk.languages[0]),
        patience_s=config.timeouts.settle_s + _BEYOND_SETTLING_S,
    )


async def _rows(playing: Run, view: _View, side: Side) -> list[StepResult]:
    rows = []

    def note(row: StepResult) -> None:
        rows.append(row)
        view.row(row)

    view.heading()
    if side is Side.TERMINAL and not playing.stopped:
        async for row in playing.left_by_another():
            note(row)
    with ProgressLine("", len(playing.steps)) as view.progress:
        try:
            for number, step in enumerate(playing.steps):
                view.progress.tell(f"Playing {step.name}", done=number)
                note(await playing.play(step))
        finally:
            view.progress.tell("Taking back", done=len(playing.steps))
            async for row in playing.undo():
                note(row)
    return rows


def _stop_on_signals(playing: Run) -> None:
    """Make Ctrl-C and its like end the run, not only the payment that is under way."""
    loop = asyncio.get_running_loop()
    for number in ENDING:
        loop.add_signal_handler(number, playing.stop)


# -- what is seen --------------------------------------------------------------------------------


class _View:
    """Prints for people, or JSON lines for programs. Nobody has to listen."""

    def __init__(self, *, json_wanted: bool) -> None:
        self._json = json_wanted
        self._undoing = False
        self.progress = ProgressLine("")
        self.playing: Run | None = None
        """What is stopped when nobody is there to answer any more."""

    def announce(self, lines: Iterable[str]) -> None:
        """Say what is about to happen: for programs, too, to the person beside them."""
        self._tell(lines)

    def heading(self) -> None:
        if not self._json:
            _say(report.heading())

    def row(self, row: StepResult) -> None:
        if not self._json:
            if row.undoing and not self._undoing:
                _say([report.TAKING_BACK])
            self._undoing = row.undoing
            _say(report.lines(row))
            return
        one = row.transaction
        more = None if one is None else described.describe(one)
        say_json(report.described(row, more))

    def verdict(self, verdict: RunVerdict) -> None:
        if not self._json:
            _say(report.closing(verdict))
            return
        say_json(report.summary(verdict))

    async def ask(self, asked: str, what: str) -> None:
        """Tell the person at the terminal what to do with the step that follows."""
        self._tell(report.asking(asked, what))
        await self.ready("    Enter when you are ready.")

    async def ready(self, how: str) -> None:
        """Wait for Enter, or for the end of the run; where nobody types, go on at once."""
        if self.playing is None or self.playing.stopped or not sys.stdin.isatty():
            return
        typed, keyboard = asyncio.Event(), sys.stdin.fileno()
        loop = asyncio.get_running_loop()
        # a doubled Enter must not answer this too; one that comes once it is asked does
        termios.tcflush(keyboard, termios.TCIFLUSH)
        self.progress.hidden = True
        self._tell([how])
        loop.add_reader(keyboard, _heard, keyboard, typed, self.playing)
        waiting = {
            asyncio.ensure_future(typed.wait()),
            asyncio.ensure_future(self.playing.until_stopped()),
        }
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.progress.hidden = False
            loop.remove_reader(keyboard)
            for one in waiting:
                one.cancel()

    def _tell(self, lines: Iterable[str]) -> None:
        if not self._json:
            _say(lines)
            return
        with output.unheard(sys.stderr):
            for line in lines:
                print(line, file=sys.stderr, flush=True)


def _heard(keyboard: int, typed: asyncio.Event, playing: Run) -> None:
    """Take a line for a yes; the end of the input, or a terminal that is gone, ends the run."""
    try:
        line = os.read(keyboard, 4096)
    except OSError:
        line = b""
    if line:
        typed.set()
    else:
        playing.stop()


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        output.say(line)


def _check_writable(path: Path) -> None:
    """See, before anything is sent, that there will be a report."""
    folder = path.absolute().parent
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise CommandError(Exit.USAGE, f"The report {path} cannot be written: name another file.")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE, f"The report {path} cannot be written: {error.strerror}."
        ) from error
