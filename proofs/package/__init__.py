"""The Debian package: installed without a network, upgraded in the middle of everything, removed.

Owns: a small Debian that is not booted, and two versions of our package made from this checkout. The
whole effort also builds it a second time, elsewhere, and compares the bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final

from kiosk_tui.drill.child import UnexpectedError
from proofs.boot import tree
from proofs.package import machine, story
from proofs.package.machine import Machine
from proofs.proof import Effort, Row, one_by_one

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
    grown = await asyncio.to_thread(tree.tree, mirror)
    built = await asyncio.to_thread(machine.packages, effort.folder / "built")
    if effort.whole:
        again = await asyncio.to_thread(machine.packages, effort.folder / "a second time")
        same = [one.read_bytes() == two.read_bytes() for one, two in zip(built, again, strict=True)]
        yield Row("built twice, in two places", 2, [] if all(same) else ["the bytes differ"])
    async with machine.machine(grown, effort.folder / "machine", built) as one:
        for fault, act in _ACTS:
            yield Row(fault, 1, await _outcome(act, one))
        hasty = await _outcome(story.upgrades_hastily, one)
        yield Row("upgraded without waiting for the payment", 1, hasty, control=True)


async def _outcome(act: Act, one: Machine) -> list[str]:
    try:
        return await act(one)
    except UnexpectedError as error:
        return [str(error)]
