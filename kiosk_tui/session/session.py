"""The life of an opened register, the same for everybody: opened, supervised, told of, given back.

Owns: signals, reload, the word to systemd, and what lies beside the register while it is open.
Invariant: whatever happens between `open` and `close`, everything is given back in its order, after
the running payment or its time; a front that was left behind begins no payment after that.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Self

from kiosk_tui.config.overlay import overlay_file
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.fleet.folder import ALONE_S, FleetFolder
from kiosk_tui.journal.lock import JournalBusyError
from kiosk_tui.observe import logs
from kiosk_tui.observe.reporting.reporter import Reporter
from kiosk_tui.payment.notifications import ReadinessChanged
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.remote.link.server import LinkServer
from kiosk_tui.remote.link.takeover import Takeover
from kiosk_tui.session.checkpoints import Checkpoints
from kiosk_tui.session.errors import HeldError, JournalRefusedError
from kiosk_tui.session.front import (
    Duties,
    Front,
    Reloading,
    ReloadRefused,
    Signalled,
    TakeoverGranted,
)
from kiosk_tui.session.launch import Launch, NamedFileError
from kiosk_tui.session.link import open_link
from kiosk_tui.session.register import OpenRegister, open_register, reporter
from kiosk_tui.session.reload import Reload
from kiosk_tui.session.screens import service_pin
from kiosk_tui.session.signals import ENDING, RELOAD
from kiosk_tui.session.supervision import Supervision
from kiosk_tui.session.unread import Unread, keep_unread

if TYPE_CHECKING:
    from kiosk_tui.session.order_desk import OrderDesk

log = logging.getLogger(__name__)

OPEN_AGAIN_S: Final = 5.0


class Session:
    """One front's register. Used as a context, whose end gives everything back."""

    def __init__(self, front: Front, duties: Duties) -> None:
        self._front = front
        self._duties = duties
        self._supervision = Supervision()
        self._reload = Reload(
            lambda: self._front.resting,
            self._begin_anew,
            self._reload_refused,
        )
        self._desk: OrderDesk | None = None
        self._checkpoints: Checkpoints | None = None
        self._doing: list[asyncio.Task[None]] = []
        self._giving_back: asyncio.Task[None] | None = None
        self._link: LinkServer | None = None
        self._takeover: Takeover | None = None
        self.launch: Launch | None = None
        self.opened: OpenRegister | None = None
        self.anew = False
        """Whether the program is to begin anew once everything is given back."""
        self.note: Unread | None = None
        """Where it is kept what nobody at the front has seen; only where people are told that."""
        self.left: Transaction | None = None
        """What an earlier process left in the note."""
        self.left_printed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._give_back()
        if self._giving_back is not None:
            await self._giving_back

    def begin(self, choose: Callable[[], Launch]) -> Launch:
        """Learn what to open, and log where the configuration says. Blocks; raises what `choose` raises.

        Returns what was chosen.
        """
        launch = choose()
        if self._duties.lasting and overlay_file(launch.journal).exists():
            from kiosk_tui.session.trial import counted  # noqa: PLC0415 - only then

            launch = counted(launch)
        self.launch = launch
        logs.begin(launch.journal.with_name("kiosk-tui.log"), to=launch.config.log.to)
        return launch

    def catch_signals(self) -> None:
        """Leave in order when somebody asks for that, and reload when asked."""
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self.end, number)
        if self._duties.lasting:
            loop.add_signal_handler(RELOAD, self._look_at_configuration)

    def supervise(self) -> None:
        """Give systemd signs of life from now on, where it asked for them."""
        self._supervision.begin(self._front.alive)

    # -- opening -------------------------------------------------------------------------------------

    async def open(self) -> OpenRegister:
        """Open the register, let the front work with it, and look at the chain once.

        Raises `SessionError`, or `ConfigError` for a file that the configuration names.
        """
        launch, duties = self._known(), self._duties
        machines = reporter(launch)
        try:
            self.opened = opened = await self._in_turn(launch, machines)
        except BaseException:
            await machines.close()
            raise
        opened.beside.push_async_callback(machines.close, alerting=duties.alerting)
        if duties.lasting:
            machines.start()
        machines.attach(opened.register)
        if duties.hands_over and launch.hands_over:
            _hand_over(opened, launch)
        if duties.lasting:
            await self._let_others_in(opened, launch)
        await self._front.attach(opened)
        self._supervision.attach(opened, launch)
        if duties.lasting:
            await opened.register.start()
            self._take_orders(opened, launch)
            self._close_days(launch)
            self._sign_chain(launch)
        else:
            await opened.register.look()
        return opened

    async def _in_turn(self, launch: Launch, machines: Reporter) -> OpenRegister:
        """Open; a lane's screen shows who is at the register meanwhile, and may ask for it."""
        if not self._duties.waits or launch.mode != "lane":
            return await self._patiently(launch, machines, None)

        async with Takeover(launch.journal, launch.command, self._front.told) as self._takeover:
            return await self._patiently(launch, machines, self._takeover)

    async def _patiently(
        self, launch: Launch, machines: Reporter, takeover: Takeover | None
    ) -> OpenRegister:
        """Open: an unattended kiosk keeps trying, a person waits for the register, or is told."""
        stubborn = self._duties.people and launch.mode == "kiosk" and not launch.demo
        while True:
            try:
                return await open_register(launch, lasting=self._duties.lasting)
            except (JournalUnavailableError, NamedFileError) as error:
                held = isinstance(error, JournalBusyError)
                if held and takeover is not None:
                    await takeover.wait(str(error))
                    continue
                log.warning("%s", error)
                if isinstance(error, NamedFileError) and not stubborn:
                    raise
                if not stubborn:
                    raise (HeldError if held else JournalRefusedError)(str(error)) from error
                line = isinstance(error, NamedFileError)
                obstacle = Obstacle.UNREACHABLE if line else Obstacle.JOURNAL
                closed = Readiness(obstacle, str(error), retry_in_s=OPEN_AGAIN_S)
                if not held:  # whoever has it open tells for it
                    machines.start()
                    machines.heard(ReadinessChanged(closed))
                self.close_for(closed)
                await asyncio.sleep(OPEN_AGAIN_S)

    def close_for(self, readiness: Readiness) -> None:
        """Tell everybody why there is no register yet."""
        self._front.told(readiness)
        self._supervision.closed(readiness)

    async def _let_others_in(self, opened: OpenRegister, launch: Launch) -> None:
        """Let others watch and ask for the register, and learn what nobody has seen."""
        if not self._duties.people:
            self._link = await open_link(opened, launch, "serve")
            return
        pin_fits = service_pin(launch)
        self._link = await open_link(opened, launch, launch.mode, pin_fits, self._taken_over)
        if launch.mode != "kiosk":
            await keep_unread(opened, launch.journal, self._remember)

    def _remember(self, note: Unread, unseen: Transaction | None, *, printed: bool) -> None:
        self.note, self.left, self.left_printed = note, unseen, printed

    def _known(self) -> Launch:
        if self.launch is None:
            raise RuntimeError("a session is begun before it is opened")
        return self.launch

    # -- while it is open ----------------------------------------------------------------------------

    def shown(self, screen: str) -> None:
        """Let whoever watches know which screen is shown, by its name."""
        if self._link is not None:
            self._link.shown(screen)

    def ask_for_it(self, pin: str) -> None:
        """Ask whoever holds the register for it; nothing where nobody waits for it here."""
        if self._takeover is not None:
            self._takeover.ask(pin)

    def _look_at_configuration(self) -> None:
        self._reload.ask(self.launch, None if self.opened is None else self.opened.register)

    def _take_orders(self, opened: OpenRegister, launch: Launch) -> None:
        """Do what head office orders from now on."""
        if not launch.demo:
            self._doing.append(asyncio.create_task(self._obey(opened, launch)))

    async def _obey(self, opened: OpenRegister, launch: Launch) -> None:
        folder = FleetFolder.beside(launch.journal)
        while not folder.enrolled and launch.loaded.overlay is None:  # noqa: ASYNC110 - a file comes
            await asyncio.sleep(ALONE_S)
        from kiosk_tui.session.order_desk import OrderDesk  # noqa: PLC0415 - most have no head office

        self._desk = OrderDesk(launch, opened, self._front, self._look_at_configuration)
        await self._desk.run()

    def _close_days(self, launch: Launch) -> None:
        """Close each business day when it has ended, where that is wanted."""
        if launch.config.day.close == "automatic":
            from kiosk_tui.session.business_days import BusinessDays  # noqa: PLC0415 - only then
            from kiosk_tui.session.receipts import receipts  # noqa: PLC0415

            printer = receipts(launch) if launch.config.day.print else None
            self._doing.append(asyncio.create_task(BusinessDays(launch, printer).run()))

    def _sign_chain(self, launch: Launch) -> None:
        """Let the journal's chain be signed from time to time from now on."""
        self._checkpoints = Checkpoints(launch)
        self._doing.append(asyncio.create_task(self._checkpoints.run()))

    def _reload_refused(self, why: str) -> None:
        self._front.told(ReloadRefused(why))
        if self._desk is not None:
            self._desk.refused(why)

    def _begin_anew(self) -> None:
        self.anew = True
        self._front.leave(Reloading())

    def _taken_over(self, by: str) -> None:
        self._front.leave(TakeoverGranted(by))
        self._giving_back = asyncio.create_task(self._give_back())  # the other session waits for it

    # -- the end -------------------------------------------------------------------------------------

    def end(self, number: signal.Signals) -> None:
        """Let the front leave, as this signal asks for."""
        log.info("ending on %s", number.name)
        if self._link is not None:
            self._link.ending(number.name)
        self._front.leave(Signalled(number))

    async def _give_back(self) -> None:
        """Let a running payment end, then give everything back; again does nothing."""
        self._reload.forget()
        for task in self._doing:
            task.cancel()
        await asyncio.gather(*self._doing, return_exceptions=True)
        self._supervision.stop()
        opened, self.opened = self.opened, None
        if opened is not None:
            opened.register.retire(self._duties.ends)
            await opened.close(self._patience_s())
            if self._checkpoints is not None:  # the journal is free again: nobody waits for this
                await self._checkpoints.last()
        await self._supervision.end()

    def _patience_s(self) -> float:
        config = self._known().config
        times = config.timeouts
        payment_s = times.answer_s + times.give_up_s + config.goods.wait_s
        return payment_s if self._duties.lasting else 0.0


def _hand_over(opened: OpenRegister, launch: Launch) -> None:
    from kiosk_tui.session.goods import GoodsCommand  # noqa: PLC0415 - only where it is configured

    goods = launch.config.goods
    running = GoodsCommand(opened.register, goods.command, goods.wait_s)
    opened.beside.push_async_callback(running.close)
