"""What head office asks of a register that changes nothing there: evidence, events, how TECS stands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from kiosk_tui import subprocesses
from kiosk_tui.files import writing
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.orders.tasks import OrderTask
from kiosk_tui.journal import outbox
from kiosk_tui.payment.self_test import Part
from kiosk_tui.session.launch import Launch, place
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.tecs.probing import own_exchange

BUNDLE_S: Final = 300.0
MOST_BUNDLES: Final = 3


class Done(NamedTuple):
    """What came of a command, in a sentence."""

    ok: bool
    sentence: str


async def bundle(launch: Launch, _opened: OpenRegister, task: OrderTask) -> Done:
    """Let `kiosk-tui doctor` pack a support bundle, in a process of its own: it is redacted there."""
    folder = FleetFolder.beside(launch.journal).bundles
    path = folder / f"kiosk-tui-{task.n}.tar.gz"
    await asyncio.to_thread(_make_room, folder)
    named = () if launch.loaded.file is None else ("--config", str(launch.loaded.file))
    command = (*named, "doctor", "--bundle", str(path))
    async with subprocesses.own(command, launch.environment) as process:
        try:
            async with asyncio.timeout(BUNDLE_S):
                await process.wait()
        except TimeoutError:
            return Done(ok=False, sentence=f"It was not packed within {BUNDLE_S:g} s.")
    if not path.exists():
        return Done(ok=False, sentence=f"It was not packed (exit code {process.returncode}).")
    return Done(ok=True, sentence=f"It lies at {path}: a technician fetches it there.")


async def ship_again(launch: Launch, _opened: OpenRegister, task: OrderTask) -> Done:
    """Let the events of some days be sent once more."""
    days = task.body.get("days", [])
    count = await asyncio.to_thread(outbox.tell_again, launch.journal, days)
    return Done(ok=True, sentence=f"{count} events are sent again.")


async def ask_terminal(launch: Launch, opened: OpenRegister, _task: OrderTask) -> Done:
    """Look whether TECS answers, and ask the terminal for its status where that is enabled."""
    server = next(one for one in await opened.register.self_test() if one.part is Part.SERVER)
    if not server.good:
        return Done(ok=False, sentence=f"TECS is not reached: {server.text}")
    took_s = opened.register.service_s or 0.0
    told = f"TECS answers in {took_s * 1000:.0f} ms"
    if not launch.config.terminal.status_query:
        return Done(ok=True, sentence=f"{told}; the terminal is not asked (terminal.status_query).")
    found = await opened.terminal.status(own_exchange(place(launch)))
    why = f": {found.why}" if found.why else "."
    return Done(ok=True, sentence=f"{told}; the terminal's status is {found.state}{why}")


def _make_room(folder: Path) -> None:
    """Remove old bundles but the newest."""
    writing.make_folder(folder)
    found = sorted(folder.glob("kiosk-tui-*.tar.gz"), key=lambda one: one.stat().st_mtime)
    for old in found[: max(0, len(found) - MOST_BUNDLES + 1)]:
        old.unlink()


ERRANDS: Final[Mapping[str, Callable[[Launch, OpenRegister, OrderTask], Awaitable[Done]]]] = {
    "bundle": bundle,
    "ship-again": ship_again,
    "ask-terminal": ask_terminal,
}
"""By verb."""
