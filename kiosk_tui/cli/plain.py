"""`kiosk-tui --plain`: the dialogue in lines and the register behind it, side by side.

As with screens, the payment belongs to the register: at the end of the input, a hang-up (SIGHUP) or
SIGTERM the running payment is finished, or left to the journal, then the process ends.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from dataclasses import dataclass, field

from kiosk_tui.cli import opening
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.payment.register import Register
from kiosk_tui.plain.dialogue import converse
from kiosk_tui.plain.input import Gone, Input, Interrupted, Typed
from kiosk_tui.plain.line import LineTerminal
from kiosk_tui.plain.politeness import line_mode
from kiosk_tui.plain.returning import tell_meanwhile
from kiosk_tui.plain.session_dialog import SessionDialog
from kiosk_tui.remote.link.server import LinkServer
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.link import open_link
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.reload import SIGNAL, Reload, begin_anew
from kiosk_tui.session.supervision import Supervision
from kiosk_tui.session.unread import Unread, keep_unread
from kiosk_tui.text.texts import _

log = logging.getLogger(__name__)


def run(arguments: argparse.Namespace) -> int:
    """Run until somebody leaves; return the exit code."""
    if arguments.closed & {"stdin", "stdout"}:
        raise CommandError(Exit.UNAVAILABLE, "Plain mode needs an open stdin and stdout.")
    opening.draw_with_what_there_is(sys.stdout.fileno())
    launch = opening.choose(arguments)
    session = _Session(arguments, launch)
    code = asyncio.run(session.run())
    if session.anew:
        begin_anew()
    return code


@dataclass
class _Session:
    arguments: argparse.Namespace
    launch: Launch
    opened: OpenRegister | None = None
    anew: bool = False
    """Whether the program is to begin anew, with the configuration as it is now."""
    supervision: Supervision = field(default_factory=Supervision)
    link: LinkServer | None = None
    note: Unread | None = None
    unseen: Transaction | None = None
    print_unseen: bool = False

    async def run(self) -> int:
        ears = Input()
        keyboard = sys.stdin.fileno()
        line = LineTerminal(keyboard, sys.stdout.fileno(), sys.stdout.encoding)
        desk = SessionDialog(opening.settings(self.arguments, self.launch), line, ears, keyboard)
        reload = Reload(lambda: desk.resting, lambda: self._begin_anew(desk), desk.refused)
        self._listen_to_signals(desk, reload)
        with line_mode(keyboard, no_way_out=desk.unattended):
            line.start(lambda heard: self._typed(ears, heard), lambda: ears.take(Gone()))
            self.supervision.begin(line.taken)
            try:
                await self._side_by_side(desk)
            finally:
                reload.forget()
                self.supervision.stop()
                if self.opened is not None:
                    await opening.finish(self.opened, self.launch)
                await self.supervision.end()
                await asyncio.to_thread(line.close)
        return Exit.OK

    async def _side_by_side(self, desk: SessionDialog) -> None:
        """Talk while the register opens; the dialogue's end, or that it cannot open, ends both."""
        talk = asyncio.create_task(converse(desk))
        open_ = asyncio.create_task(self._open(desk))
        try:
            await asyncio.wait({talk, open_}, return_when=asyncio.FIRST_COMPLETED)
            if not talk.done():
                await open_
                await talk
            talk.result()
        finally:
            for task in (talk, open_):
                task.cancel()
            await asyncio.gather(talk, open_, return_exceptions=True)

    async def _open(self, desk: SessionDialog) -> None:
        def closed(readiness: Readiness) -> None:
            desk.close_for(readiness)
            self.supervision.closed(readiness)

        settings = desk.settings
        self.opened = await opening.opened(self.launch, settings.mode, closed)
        self.link = await open_link(
            self.opened,
            self.launch,
            settings.mode,
            settings.pin_fits,
            lambda by: self._taken_over(desk, by),
        )
        if not desk.unattended:
            await keep_unread(self.opened, self.launch.journal, self._remember)
            if self.note is not None:
                desk.printed = self.note.printed
        desk.receipts = opening.receipts(self.launch)
        # after the last payment, and before the note of what nobody has seen is closed
        self.opened.beside.push_async_callback(desk.slips_printed)
        desk.attach(self.opened.register)
        self.supervision.attach(self.opened, self.launch)
        await self.opened.register.start()
        await self._tell_meanwhile(desk, self.opened.register)

    def _remember(self, note: Unread, unseen: Transaction | None, *, printed: bool) -> None:
        self.note, self.unseen, self.print_unseen = note, unseen, not printed

    async def _tell_meanwhile(self, desk: SessionDialog, register: Register) -> None:
        """Say how it stands now that what was open has been taken up."""
        if self.unseen is not None:
            with contextlib.suppress(JournalUnavailableError):
                self.unseen = await register.find(self.unseen.id) or self.unseen
            tell_meanwhile(desk, self.unseen)
            if self.print_unseen:
                desk.print_slip(self.unseen)
            self.unseen = None

    def _typed(self, ears: Input, heard: Typed) -> None:
        """Take what is typed after a payment's end as the sign that somebody has heard of it."""
        running = self.opened is None or self.opened.register.running
        if self.note is not None and self.unseen is None and not running:
            self.note.seen()
        ears.take(heard)

    def _taken_over(self, desk: SessionDialog, by: str) -> None:
        desk.say(_("Another session has taken over the register.") + f" {by}")
        desk.take(Gone())

    def _begin_anew(self, desk: SessionDialog) -> None:
        self.anew = True
        desk.take(Gone())

    def _listen_to_signals(self, desk: SessionDialog, reload: Reload) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, desk.take, Interrupted())
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            loop.add_signal_handler(number, self._end, desk, number)
        loop.add_signal_handler(
            SIGNAL,
            lambda: reload.ask(self.launch, None if self.opened is None else self.opened.register),
        )

    def _end(self, desk: SessionDialog, number: signal.Signals) -> None:
        log.info("ending on %s", number.name)
        if number is signal.SIGHUP:
            opening.hang_up()
        if self.link is not None:
            self.link.ending(number.name)
        desk.judged.set()
        desk.take(Gone())
