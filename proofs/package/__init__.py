"""The Debian package: installed without a network, upgraded in the middle of everything, removed.

Owns: a small tree of each Debian that is supported, not booted, in which a checkout is started and its
package is built. The whole effort also runs its tests there, builds it a second time, elsewhere, and
compares the bytes, and does with the newer Debian all that is done with the older one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

from kiosk_tui.lab.drill.child import PROGRAM
from kiosk_tui.lab.drill.sandbox import sandbox
from proofs.boot import tree
from proofs.package import checkout, debian, machine, story
from proofs.package.debian import Debian
from proofs.package.machine import Machine
from proofs.proof import Effort, Row, one_by_one, played

CLAIM = "An upgrade waits for a payment, keeps what is due, and leaves a program that pays it back."
ASSUMES = (
    "a tree that is not booted: what systemd does with the units is `boot`'s and `vm`'s business",
)

_TOOLS: Final = {"debootstrap": "debootstrap", "dpkg-deb": "dpkg", "git": "git"}
Act = Callable[[Machine], Awaitable[list[str]]]

_ACTS: Final[tuple[tuple[str, Act], ...]] = (
    ("installed without a network", story.installs),
    ("upgraded while a cancellation is due", story.upgrades_with_one_due),
    ("upgraded while a payment is under way", story.upgrades_in_a_payment),
    ("removed, and purged by nobody who says yes", story.removed),
)


def lacks() -> str:
    """Say what this machine lacks: root, tools, overlays, or a mirror of Debian."""
    return tree.lacks("install a package", _TOOLS)


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each thing that happens to the package, then the control."""
    return one_by_one(_rows(effort))


async def _rows(effort: Effort) -> AsyncIterator[Row]:
    mirror = tree.mirror()
    if mirror is None:
        raise RuntimeError(lacks())
    locks = ("dev", "build") if effort.whole else ("package", "build")
    older, newer = await asyncio.to_thread(debian.debians, mirror, locks)
    built: list[Path] = []
    for one in (older, newer):
        with debian.checked_out(one, effort.folder / one.suite) as root:
            yield Row(f"{one.suite}: started from a checkout", 1, await checkout.starts(root))
            if effort.whole:
                yield Row(f"{one.suite}: its tests", 1, await checkout.tests(root))
            to = effort.folder / "built"
            built.append(await asyncio.to_thread(debian.package, root, "1", to))
        if effort.whole:
            with debian.checked_out(one, effort.folder / "elsewhere") as root:
                again = await asyncio.to_thread(debian.package, root, "1", effort.folder / "again")
                same = again.read_bytes() == built[-1].read_bytes()
                fault = f"{one.suite}: built twice, in two places"
                yield Row(fault, 2, [] if same else ["the bytes differ"])
    first, second = ((one, machine.renumbered(one, "+1~", "+2~")) for one in built)
    async for row in _acted(older, first, effort.folder / "older"):
        yield row
    if effort.whole:
        async for row in _acted(newer, second, effort.folder / "newer"):
            yield row
    yield await _next_debian((older, first), (newer, second), effort.folder)


Built = tuple[Path, Path]


async def _acted(on: Debian, built: Built, folder: Path) -> AsyncIterator[Row]:
    """Yield what happens to the package on one Debian, then the control."""
    async with (
        sandbox(folder.with_name(f"{folder.name}-sandbox"), PROGRAM) as tecs,
        machine.machine(on.tree, folder, built, tecs) as one,
    ):
        for fault, act in _ACTS:
            yield await played(f"{on.suite}: {fault}", act(one))
        fault = f"{on.suite}: upgraded without waiting for the payment"
        yield await played(fault, story.upgrades_hastily(one), control=True)


async def _next_debian(old: tuple[Debian, Built], new: tuple[Debian, Built], folder: Path) -> Row:
    async with (
        sandbox(folder / "next-sandbox", PROGRAM) as tecs,
        machine.machine(old[0].tree, folder / "before", old[1], tecs) as before,
        machine.machine(new[0].tree, folder / "after", new[1], tecs) as after,
    ):
        fault = f"{old[0].suite} upgraded to {new[0].suite} while a cancellation is due"
        return await played(fault, story.upgrades_the_debian(before, after))
