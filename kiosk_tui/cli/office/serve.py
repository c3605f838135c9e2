"""`kiosk-tui office serve`: one part of head office, each a process with rights of its own."""

from __future__ import annotations

import argparse
import asyncio
import importlib
from pathlib import Path
from typing import Final

from kiosk_tui.cli.office.opened import told
from kiosk_tui.office import database, serving
from kiosk_tui.office.settings import OfficeSettings, load

_APPS: Final = {
    "ingest": ("kiosk_tui.office.doors", "ingest_app"),
    "push": ("kiosk_tui.office.doors", "push_app"),
    "web": ("kiosk_tui.office.web.app", "web_app"),
}
_WORKERS: Final = {
    "signer": "kiosk_tui.office.signer.service",
    "enroller": "kiosk_tui.office.enroller",
}
"""These listen nowhere: they read the database. No other process loads what reads their keys."""


@told
def run(arguments: argparse.Namespace) -> int:
    """Serve until systemd says stop; return the exit code."""
    settings = load(arguments.office_config)
    part = arguments.part
    asyncio.run(
        _serve(part, settings, arguments.socket) if part in _APPS else _work(part, settings)
    )
    return 0


async def _serve(part: str, settings: OfficeSettings, named: Path | None) -> None:
    module, name = _APPS[part]
    make: serving.Make = getattr(importlib.import_module(module), name)
    pool = await database.open_pool(settings.database.url, settings.database.connections)
    try:
        await serving.serve(make(settings, pool), named or _place(part, settings))
    finally:
        # a connection that is in use at the end is cut: what was not committed is sent again
        pool.terminate()


def _place(part: str, settings: OfficeSettings) -> serving.Address:
    if part == "web" and settings.web.address:
        return serving.address_of(settings.web.address)
    return {
        "ingest": settings.ingest.socket,
        "push": settings.ingest.push_socket,
        "web": settings.web.socket,
    }[part]


async def _work(part: str, settings: OfficeSettings) -> None:
    """Run until it fails, or somebody says stop."""
    module = importlib.import_module(_WORKERS[part])
    working = asyncio.create_task(module.run(settings))
    stopping = asyncio.create_task(serving.stopped())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
        await asyncio.wait({working})
        return
    await working
