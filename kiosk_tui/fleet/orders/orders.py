"""The shipper's side of commands: believed or not, counted, handed on, and their outcomes told.

A command is counted on the disk before anything is done with it. What the shipper does itself is a file
each time: `close` makes one, `open` takes it away, everything else waits in one for whoever does it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import NotEnrolledError, head_office
from kiosk_tui.fleet.orders import closure, counter, noting, outcomes, tasks
from kiosk_tui.fleet.orders.counter import CounterError, OrderCounter
from kiosk_tui.fleet.orders.order import VERBS, CloseBody, OfficeOrder
from kiosk_tui.fleet.orders.signing import CommandRefusedError, body_of, verify
from kiosk_tui.fleet.wire import CommandOutcome, SignedCommand

log = logging.getLogger(__name__)

CLOSED: Final = "Closed; a payment that runs is finished first."


class Orders:
    """Head office's commands to one kiosk. Every method that writes raises `OSError`."""

    def __init__(self, folder: FleetFolder, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now

    def take_up(self) -> None:
        """Tell of a command that an earlier process counted and did not do. Call it at the start."""
        try:
            last = counter.read(self._folder.counter)
        except CounterError as error:
            log.warning("%s", error)
            return
        if last.begun:
            closed = closure.closure(self._folder)
            if closed is not None and closed.n == last.n:
                noting.note(self._folder, last.n, CLOSED, ok=True)
            elif not self._known(last.n):
                noting.note(self._folder, last.n, tasks.NOT_FINISHED, ok=False)
            counter.write(self._folder.counter, OrderCounter(last.n))

    def take(self, command: SignedCommand) -> None:
        """Do a command, or keep why it is not done; one whose number is used up is never done."""
        try:
            office = head_office(self._folder)
            last = counter.read(self._folder.counter)
            order = verify(command, office.command_keys, office.kiosk_id, last.n, self._now())
        except CommandRefusedError as error:
            self._refuse(error)
        except (NotEnrolledError, CounterError) as error:
            log.warning("command refused: %s", error)
        else:
            self._do(order)

    def outcomes(self) -> tuple[CommandOutcome, ...]:
        """Return what came of commands and has to be told: at most 50, in their order."""
        return outcomes.waiting(self._folder)

    def told(self, told: Iterable[CommandOutcome]) -> None:
        """Forget outcomes that head office has stored."""
        outcomes.forget(self._folder, told)

    def _do(self, order: OfficeOrder) -> None:
        log.info("command %d: %s", order.n, order.verb)
        counter.write(self._folder.counter, OrderCounter(order.n, begun=True))
        _DOES[order.verb](self._folder, order)
        counter.write(self._folder.counter, OrderCounter(order.n))

    def _refuse(self, error: CommandRefusedError) -> None:
        log.warning("command refused: %s", error)
        if error.n is None or self._known(error.n):
            return
        last = counter.read(self._folder.counter)
        if error.n > last.n:  # it is answered, so it is never done later
            counter.write(self._folder.counter, OrderCounter(error.n))
        noting.note(self._folder, error.n, str(error), ok=False)

    def _known(self, n: int) -> bool:
        return outcomes.noted(self._folder, n) or tasks.placed(self._folder, n)


def _close(folder: FleetFolder, order: OfficeOrder) -> None:
    body = body_of(order)
    assert isinstance(body, CloseBody)  # noqa: S101 - for mypy: the table says so
    closed = closure.OfficeClosure(n=order.n, **body.model_dump())
    closure.close(folder, closed)
    noting.note(folder, order.n, CLOSED, ok=True)


def _open(folder: FleetFolder, order: OfficeOrder) -> None:
    closure.reopen(folder)
    told = "No longer closed by head office; another reason may keep it closed."
    noting.note(folder, order.n, told, ok=True)


_DOES: Final[Mapping[str, Callable[[FleetFolder, OfficeOrder], None]]] = dict.fromkeys(
    VERBS, tasks.place
) | {"close": _close, "open": _open}
"""Everything but these two takes its time."""
