"""What happens to a booted kiosk, and what must have come of it. Each scene begins with a kiosk at rest."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.lab.drill.child import PROGRAM, UnexpectedError
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.line import HOST, RequestKind
from kiosk_tui.lab.drill.sandbox import KEY, Sandbox, sandbox
from kiosk_tui.simulator.asgi import PREFIX
from proofs.boot.console import Console, console, until
from proofs.boot.container import RECOVER, SIGN, UNIT, Machine, machine
from proofs.machine.mounts import Disk, small_disk

OPEN: Final = "Pay by card"
_CARD_S: Final = 2.0
_SETTLE_S: Final = 3

_FAST: Final = "[Service]\nWatchdogSec=8\n"
"""The same watchdog, but nobody waits forty seconds for it."""
_SOON: Final = "[Timer]\nOnBootSec=\nOnUnitInactiveSec=\nOnActiveSec=1\nRandomizedDelaySec=0\n"


@dataclass(frozen=True, slots=True)
class Scene:
    """A machine, its console, and the TECS that it talks to."""

    machine: Machine
    console: Console
    sandbox: Sandbox
    disk: Disk

    # -- the kiosk -------------------------------------------------------------------------------

    async def started(self) -> None:
        """Wait until the kiosk is open."""
        await until(self._is_active, f"{UNIT} is active", lambda: self.console.text)
        await self.console.shows(OPEN)

    async def again(self, before: str) -> None:
        """Wait until another process than this one is the kiosk, and open."""

        async def another() -> bool:
            return await self.main_pid() not in {before, "0"}

        await until(another, "another process is the kiosk", lambda: self.console.text)
        await self.started()

    async def main_pid(self) -> str:
        """Return the number of its process, inside of the container."""
        return await self.machine.show("MainPID")

    async def kill(self, signal: str) -> None:
        """Send the kiosk's process a signal."""
        await self.machine.systemctl("kill", "--kill-whom=main", f"--signal={signal}", UNIT)

    async def _is_active(self) -> bool:
        return await self.machine.show("ActiveState") == "active"

    # -- payments --------------------------------------------------------------------------------

    async def waiting(self) -> None:
        """Pay, up to where the card is awaited."""
        before = len(self.sandbox.transactions())
        await self.console.pay()
        await until(
            lambda: len(self.sandbox.transactions()) > before, "a payment in the journal", self.text
        )

    async def settled(self, *states: State) -> None:
        """Wait until the last payment is in one of these states."""
        await until(
            lambda: self.state in states,
            f"the payment is {' or '.join(states)}",
            lambda: f"It is {self.state}.\n{self.text()}",
        )

    @property
    def state(self) -> State:
        """The last payment's."""
        return self.sandbox.transactions()[0].state

    def judged(self) -> list[str]:
        """Hold the journal against TECS's ledger."""
        return judge(self.sandbox.evidence()) + self.sandbox.damage()

    def text(self) -> str:
        """Return what stands on the console."""
        return self.console.text

    def configure(self, more: str = "") -> None:
        """Write the machine's configuration."""
        place = self.machine.root / "etc/kiosk-tui/config.toml"
        place.write_text(
            f'[terminal]\nurl = "http://{HOST}:{self.sandbox.line.port}{PREFIX}"\n'
            'number = "88091105"\nstatus_query = false\n'
            f"[timeouts]\nsettle_s = {_SETTLE_S}\nanswer_s = 60\n{more}"
        )
        place.chmod(0o644)

    @property
    def binds(self) -> Mapping[str, str]:
        """What of ours is where in the machine."""
        return {self.console.device: "/dev/tty1", str(self.disk.where): "/var/lib/kiosk-tui"}

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Let the journal's disk answer nobody."""
        subprocess.run(["fsfreeze", "--freeze", self.disk.where], check=True)
        try:
            yield
        finally:
            subprocess.run(["fsfreeze", "--unfreeze", self.disk.where], check=True)


@contextlib.asynccontextmanager
async def scene(tree: Path, folder: Path) -> AsyncIterator[Scene]:
    """Boot a machine whose kiosk pays at a simulated TECS, with its journal on a small disk of its own."""
    async with (
        sandbox(folder / "sandbox", PROGRAM) as built,
        console() as screen,
        machine(tree, folder / "machine") as booting,
    ):
        with small_disk(folder / "small") as disk:
            built.simulator.set_options(card_s=0, host_s=0)
            built.journal.symlink_to(disk.where / "journal.db")
            made = Scene(booting, screen, built, disk)
            (booting.root / "etc/kiosk-tui").mkdir()
            made.configure()
            key = booting.root / "etc/credstore/kiosk-tui.authkey"
            key.parent.mkdir(0o700, exist_ok=True)
            key.touch(0o600)
            key.write_text(KEY + "\n")
            await booting.alter("kiosk-tui@.service", "")
            (booting.root / "etc/systemd/system/kiosk-tui@.service.d/fast.conf").write_text(_FAST)
            shutil.rmtree(disk.where / "lost+found", ignore_errors=True)
            try:
                await booting.switch_on(made.binds)
                yield made
            finally:
                await booting.cut()


# -- what happens ------------------------------------------------------------------------------------


async def comes_up(one: Scene) -> list[str]:
    """Boot to an open kiosk, as its own user, with nothing else on its console; a customer pays."""
    found = []
    if await one.machine.show("StatusText") != "idle":
        found.append(f"its status is {await one.machine.show('StatusText')!r}")
    pid = await one.main_pid()
    user = await one.machine.run("stat", "--format=%U %a", f"/proc/{pid}", "/var/lib/kiosk-tui")
    if user.split() != ["kiosk-tui", "555", "kiosk-tui", "700"]:
        found.append(f"users and modes are {user}")
    await one.waiting()
    await one.settled(State.APPROVED)
    await one.console.shows("Approved")
    return found + one.judged()


async def killed(one: Scene) -> list[str]:
    """Kill its process while the card is awaited: another takes over, and cancels."""
    one.sandbox.simulator.set_options(card_s=_CARD_S)
    await one.waiting()
    before = await one.main_pid()
    await one.kill("SIGKILL")
    await one.settled(State.CANCELLED, State.NOTHING_TO_CANCEL)
    await one.again(before)
    return one.judged()


async def cut_waiting(one: Scene) -> list[str]:
    """Take the machine's power while the card is awaited, and boot it again."""
    one.sandbox.simulator.set_options(card_s=_CARD_S)
    await one.waiting()
    return await _cut(one)


async def cut_cancelling(one: Scene) -> list[str]:
    """Take its power while a cancellation is under way whose answer does not come."""
    one.sandbox.simulator.set_options(card_s=0)
    paying = one.sandbox.line.hold_answer(RequestKind.PAYMENT)
    cancelling = one.sandbox.line.hold_answer(RequestKind.CANCELLATION)
    await one.waiting()
    await paying.reached()
    await one.kill("SIGKILL")
    await cancelling.reached()
    found = await _cut(one)
    for gate in (paying, cancelling):
        gate.let_go()
    return found


async def cut_idle(one: Scene) -> list[str]:
    """Take its power while nobody is there."""
    await one.machine.cut()
    await one.machine.switch_on(one.binds)
    await one.started()
    return one.judged()


async def _cut(one: Scene) -> list[str]:
    await one.machine.cut()
    await one.machine.switch_on(one.binds)
    await one.settled(State.CANCELLED, State.NOTHING_TO_CANCEL)
    await one.started()
    return one.judged()


async def frozen_process(one: Scene) -> list[str]:
    """Let its process not run one more instruction: the watchdog has another one."""
    before = await one.main_pid()
    await one.kill("SIGSTOP")
    await one.again(before)
    return await _by_the_watchdog(one)


async def frozen_screen(one: Scene) -> list[str]:
    """Stop the console: the watchdog has another process, whose picture is seen again."""
    before = await one.main_pid()
    one.console.stop()
    await one.again(before)
    return await _by_the_watchdog(one)


async def frozen_disk(one: Scene) -> list[str]:
    """Let the disk answer nobody: no sign of life; when it answers again, a kiosk is there again."""
    before = await one.main_pid()

    async def noticed() -> bool:
        return await one.machine.show("Result") == "watchdog"

    with one.frozen():
        await until(noticed, "the watchdog", one.text)
    await one.again(before)
    return await _by_the_watchdog(one)


async def _by_the_watchdog(one: Scene) -> list[str]:
    said = await one.machine.run("journalctl", "--no-pager", "--output=cat", f"--unit={UNIT}")
    return [] if "Watchdog timeout" in said else ["another process came, but not by the watchdog"]


async def stopped_while_paying(one: Scene) -> list[str]:
    """Tell it to stop while the card is awaited: the payment is finished first."""
    one.sandbox.simulator.set_options(card_s=_CARD_S)
    await one.waiting()
    await one.machine.systemctl("stop", UNIT)
    state = one.state
    await one.machine.systemctl("start", UNIT)
    await one.started()
    return one.judged() + ([] if state is State.APPROVED else [f"the payment is {state}"])


async def cannot_start(one: Scene) -> list[str]:
    """Spoil its configuration: the console says so, and the kiosk comes back when it is mended."""
    one.configure("[kiosk]\nmode = 5\n")
    await one.kill("SIGKILL")
    await one.console.shows("Out of service / ")
    await one.console.shows("For staff: kiosk.mode")
    one.configure()
    await one.started()
    return []


async def no_user(one: Scene) -> list[str]:
    """Take away its user: systemd cannot start even its sign, and yet the console says so, for as long."""
    await one.machine.alter("kiosk-tui@.service", "[Service]\nUser=nobody-of-that-name\n")
    await one.kill("SIGKILL")
    await one.console.shows("Out of service / ")
    await one.console.shows("The user kiosk-tui does not exist")
    await one.machine.systemctl("stop", UNIT)
    signs = [await one.machine.show("ActiveState", unit) for unit in (SIGN, UNIT)]
    await one.machine.systemctl("start", "--no-block", UNIT)

    async def there() -> bool:
        return await one.machine.show("ActiveState", SIGN) == "activating"

    await until(there, "its sign again", one.text)
    await one.machine.alter("kiosk-tui@.service", "")
    await one.started()
    return ["told to stop, it goes on"] if "activating" in signs else []


async def recovered(one: Scene) -> list[str]:
    """Leave a cancellation due and no screen: the timer's replay has it answered."""
    await _left_due(one)
    await one.machine.alter("kiosk-tui-recover.timer", _SOON)
    await one.machine.systemctl("start", "kiosk-tui-recover.timer")
    await one.settled(State.CANCELLED, State.NOTHING_TO_CANCEL)
    await one.machine.systemctl("stop", "kiosk-tui-recover.timer")
    await one.machine.systemctl("start", UNIT)
    await one.started()
    return one.judged() + await _replayed_beside(one)


async def _replayed_beside(one: Scene) -> list[str]:
    """Start a replay while the kiosk has the journal: it ends quietly, and names who has it."""
    await one.machine.systemctl("start", RECOVER)
    state = await one.machine.systemctl("is-failed", RECOVER)
    said = await one.machine.run("journalctl", "--output=cat", "--lines=20", f"--unit={RECOVER}")
    if state == "inactive" and "in use by kiosk-tui run" in said:
        return []
    return [f"beside a kiosk, the replay is {state} and said: {said}"]


async def _left_due(one: Scene) -> None:
    one.sandbox.simulator.set_options(card_s=_CARD_S)
    await one.waiting()
    await one.kill("SIGKILL")
    await one.machine.systemctl("stop", UNIT)
    if one.state not in {State.AUTHORIZING, State.CANCEL_DUE}:
        raise UnexpectedError("Nothing was left due.")


# -- controls: a unit with one thing wrong -----------------------------------------------------------

_MOST_FAILURES: Final = 2


async def never_starts(one: Scene, lines: str) -> list[str]:
    """Start a unit with these lines in it: it must fail, or show nothing."""
    await one.machine.systemctl("stop", UNIT)
    await one.machine.alter("kiosk-tui@.service", lines)
    await one.console.forget()
    await one.machine.systemctl("start", "--no-block", UNIT)

    async def decided() -> bool:
        if await one.machine.show("ActiveState") == "active":
            return True
        return int(await one.machine.show("NRestarts")) >= _MOST_FAILURES

    await until(decided, "a kiosk, or failures")
    shown = one.console.has(OPEN)
    said = await one.machine.run("journalctl", "--output=cat", "--lines=1", "-t", "kiosk-tui-sign")
    await _mended(one)
    return [] if shown else [said]


async def stays_dead(one: Scene) -> list[str]:
    """Kill the process of a unit that does not restart."""
    await one.machine.alter("kiosk-tui@.service", "[Service]\nRestart=no\n")
    await one.kill("SIGKILL")

    async def ended() -> bool:
        return await one.machine.show("ActiveState") in {"failed", "inactive"}

    await until(ended, "its end")
    dead = await one.machine.show("Result")
    await _mended(one)
    return [f"it stayed dead: {dead}"]


async def stays_frozen(one: Scene) -> list[str]:
    """Freeze the process of a unit without a watchdog, for thrice as long as the watchdog takes."""
    await one.machine.systemctl("stop", UNIT)
    await one.machine.alter("kiosk-tui@.service", "[Service]\nWatchdogSec=0\n")
    await one.machine.systemctl("start", UNIT)
    before = await one.main_pid()
    await one.kill("SIGSTOP")
    await asyncio.sleep(24)
    same = await one.main_pid() == before
    await one.kill("SIGKILL")
    await _mended(one)
    return ["it stood still for ever"] if same else []


async def _mended(one: Scene) -> None:
    await one.machine.alter("kiosk-tui@.service", "")
    await one.machine.systemctl("restart", UNIT)
    await one.started()
