"""`kiosk-tui doctor`: look at each link of the chain, name the culprit, pack a support bundle.

Runs beside a kiosk that works: nothing here takes the journal's lock, but for the test sale that somebody
asked for. A configuration that cannot be used is the first finding, not the end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from kiosk_tui.cli import output
from kiosk_tui.cli.colour import Rendition, coloured, styled
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.config.load import environment, load_anyway
from kiosk_tui.diagnosis.chain import CHAIN, TITLES
from kiosk_tui.diagnosis.findings import Finding, Verdict
from kiosk_tui.diagnosis.report import MARKS, WIDTH, describe, lines, summary
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.observe import logs
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.session.bench import Workbench, test_order, workbench
from kiosk_tui.session.command import opened
from kiosk_tui.session.errors import SessionError, UnavailableError
from kiosk_tui.session.launch import Launch, zone_of
from kiosk_tui.session.second_opinion import second_opinion
from kiosk_tui.text.times import tell_times_in

_TITLE: Final = 15
"""So wide is the name of a link, before its verdict."""
_WIDEST: Final = 120
_RENDITIONS: Final = {
    Verdict.GOOD: Rendition.GOOD,
    Verdict.LOOK: Rendition.LOOK,
    Verdict.BAD: Rendition.BAD,
}
_ASK: Final = "only when asked for: --test-sale"


def run(arguments: argparse.Namespace) -> int:
    """Look at everything; return 0 when nothing is bad, 69 or 78 when something is."""
    logs.quiet()  # root's log must not stand in the way of the kiosk's
    loaded, fault = load_anyway(arguments.config, environment())
    if not fault:
        tell_times_in(zone_of(loaded.config), euro=loaded.config.terminal.currency == "EUR")
    command = f"kiosk-tui doctor as user {os.geteuid()}"
    launch = Launch(loaded, getattr(arguments, "demo", False), command, environment())
    if launch.demo:
        output.tell_demo(quietly=arguments.json, asked=True)
    if arguments.ask is not None:
        return asyncio.run(_asked(arguments, launch, fault))
    if arguments.bundle is not None:
        from kiosk_tui.cli.bundle import check_name  # noqa: PLC0415 - only when asked for

        check_name(arguments.bundle)
    return asyncio.run(_examined(arguments, launch, fault))


async def _asked(arguments: argparse.Namespace, launch: Launch, fault: str) -> int:
    """Tell TECS's second opinion of one transaction; return 0, or 69 where there is none."""
    if fault:
        raise CommandError(Exit.CONFIG, fault)
    try:
        with ProgressLine("Asking TECS"):
            told = await second_opinion(launch, arguments.ask)
    except UnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    if arguments.json:
        say_json(told.described())
    else:
        for sentence in told.sentences:
            output.say(sentence)
    return Exit.UNAVAILABLE if told.opinion.known is None else Exit.OK


async def _examined(arguments: argparse.Namespace, launch: Launch, fault: str) -> int:
    try:
        bench = _bench(arguments, launch, fault)
    except UnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    try:
        found = await _told(bench, quietly=arguments.json)
        if arguments.bundle is not None:
            from kiosk_tui.cli.bundle import write  # noqa: PLC0415 - only when asked for

            with ProgressLine("Packing the bundle"):
                await asyncio.to_thread(write, arguments.bundle, launch, fault, bench.examination)
    finally:
        await bench.close()
    if arguments.json:
        more = {} if arguments.bundle is None else {"bundle": str(arguments.bundle)}
        say_json(describe(found) | more)
    else:
        output.say("")
        output.say(summary(found))
        if arguments.bundle is not None:
            output.say(f"Everything for support is in {arguments.bundle}.")
    return exit_of(found)


def _bench(arguments: argparse.Namespace, launch: Launch, fault: str) -> Workbench:
    return workbench(
        launch,
        fault,
        screen=(sys.stdout.fileno(), sys.stdout.encoding),
        sell=(lambda: _sell(launch)) if arguments.test_sale and not fault else None,
        no_sale="" if arguments.test_sale else _ASK,
    )


async def _told(bench: Workbench, *, quietly: bool) -> list[Finding]:
    """Look at everything, and say each finding as it is found."""
    found: list[Finding] = []
    links = [f"Looking at: {TITLES[link]}" for link in CHAIN]
    async with contextlib.aclosing(bench.examination.all()) as looking:
        with ProgressLine(links[0], len(links)) as progress:
            async for one in looking:
                found.append(one)
                progress.tell("".join(links[len(found) :][:1]), done=len(found))
                if not quietly:
                    output.draw("\n".join(_finding(one)))
    return found


def _finding(one: Finding) -> Iterator[str]:
    """Yield a finding as wide as the terminal, its verdict in colour."""
    columns = max(WIDTH, min(shutil.get_terminal_size().columns - 1, _WIDEST))
    mark, style = MARKS[one.verdict], _RENDITIONS.get(one.verdict)
    for number, line in enumerate(lines(one, columns)):
        shown = one_line(line)
        if style is None or number:
            yield shown
        else:
            head, tail = shown[:_TITLE], shown[_TITLE:]
            yield head + tail.replace(mark, styled(mark, style, colours=coloured(sys.stdout)), 1)


def exit_of(found: Sequence[Finding]) -> Exit:
    """Return the exit code of what was found."""
    broken = [one for one in found if one.verdict is Verdict.BAD]
    if any(one.misconfigured for one in broken):
        return Exit.CONFIG
    return Exit.UNAVAILABLE if broken else Exit.OK


async def _sell(launch: Launch) -> Transaction | NotStarted:
    """Make the test sale as any other payment is made, and see its cancellation answered."""
    try:
        async with opened(launch) as register:
            ended = await register.pay(test_order(launch), rehearsal=True)
            if isinstance(ended, NotStarted):
                return ended
            return await register.due_once(ended.id) or ended
    except (SessionError, JournalUnavailableError) as error:
        return NotStarted(Refusal.JOURNAL, str(error))
