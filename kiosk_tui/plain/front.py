"""Lines as a session's front: the dialogue and the register behind it, side by side.

As with screens, the payment belongs to the register: at the end of the input, a hang-up (SIGHUP) or
SIGTERM the running payment is finished, or left to the journal, then the process ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.payment.register import Register
from kiosk_tui.plain.dialogue import converse
from kiosk_tui.plain.input import Gone, Input, Interrupted, Typed
from kiosk_tui.plain.line import LineTerminal
from kiosk_tui.plain.returning import tell_meanwhile
from kiosk_tui.plain.session_dialog import SessionDialog
from kiosk_tui.plain.terminal_mode import line_mode
from kiosk_tui.remote.link.takeover import Held
from kiosk_tui.session.console import hang_up
from kiosk_tui.session.front import LINES, Reason, ReloadRefused, Signalled, TakeoverGranted
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.receipts import receipts
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.screens import screen_settings
from kiosk_tui.session.session import Session
from kiosk_tui.text.texts import _


class LineFront:
    """One dialogue on this process's standard streams."""

    failed = False

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._events = Input()
        self._keyboard = sys.stdin.fileno()
        self._line = LineTerminal(self._keyboard, sys.stdout.fileno(), sys.stdout.encoding)
        settings = screen_settings(launch)
        self._dialog = SessionDialog(settings, self._line, self._events, self._keyboard)
        self._session = Session(self, LINES)

    async def run(self) -> bool:
        """Run until somebody leaves; return whether the program is to begin anew.

        Raises `SessionError` or `ConfigError`.
        """
        self._launch = self._session.begin(lambda: self._launch)
        with line_mode(self._keyboard, no_way_out=self._dialog.unattended):
            try:
                async with self._session as session:
                    session.catch_signals()
                    loop = asyncio.get_running_loop()
                    loop.add_signal_handler(signal.SIGINT, self._dialog.take, Interrupted())
                    self._line.start(self._typed, lambda: self._events.take(Gone()))
                    session.supervise()
                    await self._side_by_side()
            finally:
                await asyncio.to_thread(self._line.close)
        return session.anew

    async def _side_by_side(self) -> None:
        """Talk while the register opens; the dialogue's end, or that it cannot open, ends both."""
        talk = asyncio.create_task(converse(self._dialog))
        open_ = asyncio.create_task(self._open())
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

    async def _open(self) -> None:
        opened = await self._session.open()
        await self._tell_meanwhile(opened.register)

    async def attach(self, opened: OpenRegister) -> None:
        """Let the dialogue work with the register."""
        dialog = self._dialog
        if self._session.note is not None:
            dialog.printed = self._session.note.printed
        dialog.receipts = receipts(self._launch)
        if dialog.receipts is not None and opened.register.signing.signs:
            dialog.receipts.signature_of = opened.register.signing.on_slip
        # after the last payment, and before the note of what nobody has seen is closed
        opened.beside.push_async_callback(dialog.slips_printed)
        dialog.attach(opened.register)

    async def _tell_meanwhile(self, register: Register) -> None:
        """Say how it stands now that what was open has been taken up."""
        left = self._session.left
        if left is None:
            return
        with contextlib.suppress(JournalUnavailableError):
            left = await register.transaction(left.id) or left
        tell_meanwhile(self._dialog, left)
        if not self._session.left_printed:
            self._dialog.print_slip(left)
        self._session.left = None

    def _typed(self, heard: Typed) -> None:
        """Take what is typed after a payment's end as the sign that somebody has heard of it."""
        session = self._session
        running = session.opened is None or session.opened.register.running
        if session.note is not None and session.left is None and not running:
            session.note.seen()
        self._events.take(heard)

    # -- the session asks ----------------------------------------------------------------------------

    @property
    def resting(self) -> bool:
        """Whether nobody is in the middle of anything."""
        return self._dialog.resting

    async def alive(self) -> bool:
        """Return once the terminal has taken what was said."""
        return await self._line.taken()

    def told(self, news: Readiness | Held | ReloadRefused) -> None:
        """Say why there is no register, or keep for staff why a configuration was not taken."""
        if isinstance(news, ReloadRefused):
            self._dialog.refused(news.why)
        elif isinstance(news, Readiness):
            self._dialog.close_for(news)

    def leave(self, why: Reason) -> None:
        """Let the dialogue end, as at the end of the input."""
        if isinstance(why, TakeoverGranted):
            self._dialog.say(_("Another session has taken over the register.") + f" {why.by}")
        if isinstance(why, Signalled):
            if why.number is signal.SIGHUP:
                hang_up()
            self._dialog.readiness_known.set()
        self._dialog.take(Gone())
