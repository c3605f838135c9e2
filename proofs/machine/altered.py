"""The real command line in a process in which one thing is altered: its clock, or a promise of ours.

`clock:SECONDS` (set so far ahead) and `jumps:SECONDS` (set when a payment begins) are the machine's
doing; everything else is sabotage that a control must catch.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from kiosk_tui.cli.main import main
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.journal import database, lock, store, time_range
from kiosk_tui.journal.store import Store
from kiosk_tui.payment.clock import SystemClock

UNLOCKED: Final = "unlocked"
DIES_AT_ONCE: Final = "dies-at-once"
FORGETS: Final = "forgets"
ELSEWHERE: Final = "elsewhere"
BY_HEART: Final = "by-heart"
BY_THE_CLOCK: Final = "by-the-clock"
ONE_LOOP: Final = "one-loop"


def program(what: str) -> Sequence[str]:
    """Return how to start the altered program."""
    # not -m: the package would import this module a second time
    return (sys.executable, "-c", "from proofs.machine.altered import start; start()", what)


def by_the_clock(
    _store: Store, _connection: object, now: datetime, *, receipts: int = 0, **_ids: int
) -> tuple[TransactionId, int]:
    """Make an id of the time alone, whatever was used before."""
    return TransactionId(str(time_range.digits(now.astimezone(UTC)))), receipts


def _set_clock(seconds: float) -> None:
    ahead = timedelta(seconds=seconds)
    _replace(SystemClock, now=lambda _self: datetime.now(UTC) + ahead)


def _let_clock_jump(seconds: float) -> None:
    honest_begin = Store.begin

    def begin(self: Store, *arguments: Any) -> tuple[Transaction, Exchange]:
        try:
            return honest_begin(self, *arguments)
        finally:
            _set_clock(seconds)

    _replace(Store, begin=begin)


def _unlock() -> None:
    """Let everybody write."""

    def nothing(*_arguments: object) -> None:
        pass

    _replace(lock.WriterLock, __init__=nothing, release=nothing)


def _die_at_once() -> None:
    """Leave signals to the kernel, which ends the process."""

    def by_default(_loop: object, number: int, *_arguments: object) -> None:
        signal.signal(number, signal.SIG_DFL)

    _replace(asyncio.unix_events._UnixSelectorEventLoop, add_signal_handler=by_default)


def _forget() -> None:
    """Take up nothing of what an earlier process left."""
    _replace(Store, in_states=lambda _self, _states: ())


def _keep_elsewhere() -> None:
    """Keep a journal somewhere else where this one cannot be opened."""
    honest_connect = database.connect
    honest_init = Store.__init__

    def init(self: Store, path: Path, **options: Any) -> None:
        try:
            honest_connect(path).close()
        except Exception:  # noqa: BLE001 - whatever it is, this one carries on
            path = Path(os.environ["STATE_DIRECTORY"], "elsewhere.db")
        honest_init(self, path, **options)

    _replace(Store, __init__=init)


def _keep_by_heart() -> None:
    """Carry on when the disk refuses, with what the process remembers."""
    honest_begin, honest_record = Store.begin, Store.record

    def begin(
        self: Store, order: Order, amount_sent: int, now: datetime, *more: Any
    ) -> tuple[Transaction, Exchange]:
        try:
            return honest_begin(self, order, amount_sent, now, *more)
        except JournalUnavailableError:
            new = TransactionId(str(time_range.digits(now.astimezone(UTC))))
            begun = store._new(new, order, State.AUTHORIZING, amount_sent, now)
            return begun, Exchange(new, new, ExchangeKind.PAYMENT, order.place, now)

    def record(self: Store, *arguments: Any) -> None:
        try:
            honest_record(self, *arguments)
        except JournalUnavailableError:
            return

    def look(_self: Store, _now: datetime) -> None:
        return

    _replace(Store, begin=begin, record=record, check_writable=look)
    _replace(Store, in_states=_nothing_where_it_cannot_be_read(Store.in_states))


def _nothing_where_it_cannot_be_read(honest: Callable[..., Any]) -> Callable[..., Any]:
    def in_states(self: Store, states: Sequence[State]) -> Sequence[Transaction]:
        try:
            found: Sequence[Transaction] = honest(self, states)
        except JournalUnavailableError:
            return ()
        return found

    return in_states


def _share_a_loop() -> None:
    """Let the screens live in the register's loop, and wait there for a terminal that takes nothing."""
    # the app's, and with it Textual: only here
    from kiosk_tui.ui.driver.outlet import Outlet  # noqa: PLC0415
    from kiosk_tui.ui.screen_thread import ScreenThread  # noqa: PLC0415

    begun = []

    def start(self: ScreenThread) -> None:
        begun.append(asyncio.get_running_loop().create_task(_show(self)))

    async def _show(self: ScreenThread) -> None:
        try:
            await self._show()
        finally:
            self._ended.set()

    def write(self: Outlet, text: str) -> None:
        data = text.encode()
        while data:
            data = data[os.write(self._file, data) :]

    _replace(ScreenThread, start=start)
    _replace(Outlet, write=write)


def _replace(owner: type, **broken: object) -> None:
    for name, function in broken.items():
        setattr(owner, name, function)


_SABOTAGES: Final[Mapping[str, Callable[[], None]]] = {
    UNLOCKED: _unlock,
    DIES_AT_ONCE: _die_at_once,
    FORGETS: _forget,
    ELSEWHERE: _keep_elsewhere,
    BY_HEART: _keep_by_heart,
    ONE_LOOP: _share_a_loop,
    BY_THE_CLOCK: lambda: _replace(Store, _next_numbers=by_the_clock),
}


def start() -> None:
    """Alter this process by its first argument, and be the command line with the others."""
    what, _, seconds = sys.argv.pop(1).partition(":")
    if what == "clock":
        _set_clock(float(seconds))
    elif what == "jumps":
        _let_clock_jump(float(seconds))
    else:
        _SABOTAGES[what]()
    sys.exit(main(sys.argv[1:]))
