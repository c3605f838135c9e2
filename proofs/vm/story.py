"""What happens to a whole machine, from its boot on, and what must have come of it at TECS."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.lab.drill.child import UnexpectedError
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.line import Barrier, RequestKind
from kiosk_tui.lab.drill.sandbox import Sandbox
from kiosk_tui.simulator.asgi import PREFIX
from proofs.vm import image
from proofs.vm.machine import GUEST_SEES_US_AT, LONGEST_S, Machine, Make, switched_on

REST: Final = "Press any key to start"
CLOSED: Final = "Out of service"


@dataclass
class Scene:
    """A disk that boots again and again, the TECS that it talks to, and where pictures go."""

    sandbox: Sandbox
    disk: Path
    hardware: Sequence[str]
    folder: Path
    pictures: Path | None = None
    make: Make = Machine
    state: str = "var/lib/kiosk-tui"
    """Where the journal lies, in what `inside` yields."""
    taken: list[str] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def on(self, *, network: bool = True, clock: str = "utc") -> AsyncIterator[Machine]:
        """Switch the machine on; at the end its power is cut."""
        async with switched_on(
            *(self.hardware, self.folder / "machine"), network=network, clock=clock, make=self.make
        ) as machine:
            yield machine

    @contextlib.contextmanager
    def inside(self) -> Iterator[Path]:
        """Open the disk of the machine while it is off."""
        with image.opened(self.disk, self.folder / "inside") as root:
            yield root

    async def picture(self, machine: Machine, name: str) -> None:
        """Keep a picture for people."""
        if self.pictures is not None:
            await machine.picture((self.pictures / f"{name}.png").absolute())
            self.taken.append(name)

    def paid(self) -> int:
        """How many payment requests have reached TECS."""
        return sum(
            one.message_type in {"0001", "0907"} for one in self.sandbox.simulator.ledger.requests
        )

    def judged(self, *, finished: bool = True) -> list[str]:
        """Hold the journal that is on the disk against TECS's ledger."""
        with self.inside() as root:
            for old in self.sandbox.folder.glob("journal.db*"):
                old.unlink()
            for file in (root / self.state).glob("journal.db*"):
                if file.is_file():  # not the sockets that a cut leaves behind
                    shutil.copy(file, self.sandbox.folder / file.name)
        found = judge(self.sandbox.evidence()) + self.sandbox.damage()
        if finished:
            states = {one.state for one in self.sandbox.transactions()}
            found += [f"something is still {state}" for state in sorted(states & OPEN)]
        return found


async def pay(one: Scene, machine: Machine) -> None:
    """Type a payment of 12.55 without a tip, up to where the card is awaited."""
    before = one.paid()
    await machine.shows(REST)
    await machine.type("1")
    await machine.shows("How much would you like to pay?")
    await machine.type("255\r")
    await machine.shows("add a tip")
    await one.picture(machine, "tip")
    await machine.type("0")
    await machine.until(lambda: one.paid() > before, "the payment at TECS")


async def comes_up(one: Scene) -> list[str]:
    """Boot to a kiosk; a customer pays."""
    one.sandbox.simulator.set_options(card_s=6)
    async with one.on() as machine:
        await machine.shows(REST)
        await one.picture(machine, "welcome")
        await pay(one, machine)
        await machine.shows("Please use the card terminal")
        await one.picture(machine, "waiting")
        await machine.shows("Thank you")
        await one.picture(machine, "approved")
    return one.judged() + _newest_is_approved(one)


async def cut_waiting(one: Scene) -> list[str]:
    """Cut the power while the card is awaited; the card is charged all the same."""
    one.sandbox.simulator.set_options(card_s=3)
    async with one.on() as machine:
        await pay(one, machine)
    return await _boots_and_settles(one)


async def cut_cancelling(one: Scene) -> list[str]:
    """Cut the power while a cancellation is asked for whose answer does not come."""
    one.sandbox.simulator.set_options(card_s=1)
    lost = one.sandbox.line.hold_answer(RequestKind.PAYMENT)
    cancelling = one.sandbox.line.hold_answer(RequestKind.CANCELLATION)
    async with one.on() as machine:
        await pay(one, machine)
        await _reached(lost, "the payment's answer")
        await machine.type("\x1b")
        await machine.shows("Stop this payment?")
        await machine.type("\r")
        await machine.shows("Stopping the payment")  # before it hears that the card was charged
        lost.let_go()
        await _reached(cancelling, "the cancellation's answer")
        await one.picture(machine, "reversing")
    cancelling.let_go()
    return await _boots_and_settles(one)


_TIME_TO_RECORD_S: Final = 8.0
"""Far more than a commit takes, also where one core plays a whole machine."""


async def scroll_locked(one: Scene) -> list[str]:
    """Press Scroll Lock while the card is awaited: the approval is recorded, and shown once it is let go."""
    async with _approved_under_scroll_lock(one) as machine:
        await machine.press("scroll_lock")
        await machine.shows("Thank you")
        await one.picture(machine, "scroll-lock-let-go")
    return one.judged() + _newest_is_approved(one)


async def scroll_locked_and_cut(one: Scene) -> list[str]:
    """Cut the power behind a frozen console: what was approved there stays so."""
    async with _approved_under_scroll_lock(one):
        pass
    return await _boots_and_settles(one) + _newest_is_approved(one)


@contextlib.asynccontextmanager
async def _approved_under_scroll_lock(one: Scene) -> AsyncIterator[Machine]:
    one.sandbox.simulator.set_options(card_s=4)
    ledger = one.sandbox.simulator.ledger
    before = len(ledger.movements)
    async with one.on() as machine:
        await pay(one, machine)
        await machine.press("scroll_lock")
        await machine.until(lambda: len(ledger.movements) > before, "the charge at TECS")
        await asyncio.sleep(_TIME_TO_RECORD_S)
        yield machine


def _newest_is_approved(one: Scene) -> list[str]:
    states = [str(each.state) for each in one.sandbox.transactions()]
    return [] if states[:1] == [State.APPROVED] else [f"the payment is {states[:1]}"]


async def _reached(gate: Barrier, what: str) -> None:
    try:
        async with asyncio.timeout(LONGEST_S):
            await gate.reached()
    except TimeoutError:
        raise UnexpectedError(f"It never came: {what}.") from None


async def cut_idle(one: Scene) -> list[str]:
    """Cut the power while nobody is there."""
    async with one.on() as machine:
        await machine.shows(REST)
    return await _boots_and_settles(one)


async def cut_at_random(one: Scene, chance: random.Random) -> list[str]:
    """Cut the power at a random moment of a payment, or of its cancellation."""
    one.sandbox.simulator.set_options(card_s=chance.choice((0.5, 2, 8)))
    # now and then no answer comes before the cut
    held = one.sandbox.line.hold_answer(RequestKind.PAYMENT) if chance.random() < 0.3 else None
    async with one.on() as machine:
        await machine.shows(REST)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(chance.uniform(2, 16)):
                await pay(one, machine)
                await asyncio.sleep(LONGEST_S)
    if held is not None:
        held.let_go()
    return await _boots_and_settles(one)


async def _boots_and_settles(one: Scene) -> list[str]:
    """Boot, and wait until the kiosk is open for customers: before, something may still be due."""
    async with one.on() as machine:
        await machine.shows(REST, CLOSED)
        if REST not in machine.text:
            await one.picture(machine, "closed-while-due")
        await machine.shows(REST)
    return one.judged()


@contextlib.contextmanager
def _done_to(
    one: Scene, harm: Callable[[Path], object], undo: Callable[[Path], object]
) -> Iterator[None]:
    """Do something to the disk of the machine, and undo it however the scene ends."""
    with one.inside() as root:
        harm(root)
    try:
        yield
    finally:
        with one.inside() as root:
            undo(root)


async def missing_key(one: Scene) -> list[str]:
    """Boot without the key: closed, and the console says what is missing."""
    key, away = "etc/credstore/kiosk-tui.authkey", "root/authkey"
    with _done_to(
        one,
        lambda root: shutil.move(root / key, root / away),
        lambda root: shutil.move(root / away, root / key),
    ):
        async with one.on() as machine:
            await machine.shows(CLOSED)
            await machine.shows("key")
            await one.picture(machine, "missing-key")
    return _nothing_paid(one)


async def wrong_user(one: Scene) -> list[str]:
    """Boot where the user of the unit does not exist: closed, and the console says so."""
    lines = "etc/systemd/system/kiosk-tui@.service.d/wrong.conf"

    def harm(root: Path) -> None:
        (root / lines).parent.mkdir(exist_ok=True)
        (root / lines).write_text("[Service]\nUser=nobody-of-that-name\n")

    with _done_to(one, harm, lambda root: (root / lines).unlink()):
        async with one.on() as machine:
            await machine.shows(CLOSED)
            await machine.shows("The user kiosk-tui does not exist")
            await one.picture(machine, "wrong-user")
    return _nothing_paid(one)


async def full_disk(one: Scene) -> list[str]:
    """Boot with a disk that is full to the last block: closed, with the reason; nothing is sent."""
    filler = "root/filler"
    with _done_to(one, lambda root: _fill(root / filler), lambda root: (root / filler).unlink()):
        async with one.on() as machine:
            await machine.shows(CLOSED)
            await one.picture(machine, "full-disk")
    return _nothing_paid(one)


def _fill(file: Path) -> None:
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(1024 * 1024))


async def no_network(one: Scene) -> list[str]:
    """Boot without a network: closed, with the reason."""
    async with one.on(network=False) as machine:
        await machine.shows(CLOSED)
        await one.picture(machine, "no-network")
    return _nothing_paid(one)


async def wrong_clock(one: Scene) -> list[str]:
    """Boot with a battery clock of another age: closed, with the reason."""
    async with one.on(clock="2031-03-01T04:05:06") as machine:
        await machine.shows(CLOSED)
        await one.picture(machine, "wrong-clock")
    return _nothing_paid(one)


_FREEZE: Final = """[Unit]
Description=Freezes the kiosk, and tells how often it was started since
After=kiosk-tui@tty1.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'until systemctl is-active -q kiosk-tui@tty1; do sleep 1; done; sleep 5; \\
    systemctl kill --kill-whom=main --signal=SIGSTOP kiosk-tui@tty1; \\
    while [ "$(systemctl show --value -p NRestarts kiosk-tui@tty1)" = 0 ]; do sleep 1; done; \\
    echo "started anew" >/dev/ttyS0'
[Install]
WantedBy=multi-user.target
"""


async def frozen(one: Scene) -> list[str]:
    """Let its process stand still: the watchdog starts another one."""
    unit = "etc/systemd/system/freeze.service"
    wanted = "etc/systemd/system/multi-user.target.wants/freeze.service"

    def harm(root: Path) -> None:
        (root / unit).write_text(_FREEZE)
        (root / wanted).symlink_to("/" + unit)

    def undo(root: Path) -> None:
        (root / unit).unlink()
        (root / wanted).unlink()

    with _done_to(one, harm, undo):
        async with one.on() as machine:
            await machine.says("started anew")
            await machine.shows(REST)
            await one.picture(machine, "started-anew")
    return one.judged()


def _nothing_paid(one: Scene) -> list[str]:
    return one.judged()


async def forgets(one: Scene) -> list[str]:
    """Take away the journal between two boots, with what is due in it: it must not go unnoticed."""
    one.sandbox.simulator.set_options(card_s=2)
    async with one.on() as machine:
        await pay(one, machine)
    with one.inside() as root:
        for file in (root / one.state).glob("journal.db*"):
            file.unlink()
    async with one.on() as machine:
        await machine.shows(REST)
    return one.judged()


def url(sandbox: Sandbox) -> str:
    """Return where the guest finds TECS."""
    return f"http://{GUEST_SEES_US_AT}:{sandbox.line.port}{PREFIX}"
