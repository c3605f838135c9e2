"""What somebody does with a checkout on a fresh Debian: `./start` and `./test`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from kiosk_tui.lab.drill.child import UnexpectedError
from proofs.machine.screen import in_a_terminal
from proofs.package import debian

_TESTED: Final = ("domain", "payment", "journal", "tecs", "ui/screens", "remote", "observe")


async def starts(root: Path) -> list[str]:
    """Start it as the README says, on a terminal, and take a payment in the demo."""
    try:
        async with in_a_terminal(
            debian.command(root, "start"), {"PATH": "/usr/sbin:/usr/bin"}
        ) as it:
            await it.pay()
            await it.shows("Approved")
    except UnexpectedError as error:
        return [str(error)]
    return []


async def tests(root: Path) -> list[str]:
    """Run the tests of the payment path and of the screens."""
    command = debian.command(root, "test", *(f"tests/{name}" for name in _TESTED))
    running = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await running.communicate()
    return [] if running.returncode == 0 else [said.decode("utf-8", "replace")[-2000:]]
