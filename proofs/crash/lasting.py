"""A command's register that opens its journal as one that stays: with zeros behind its log.

A kiosk's process takes no single payment and ends; what it does to the journal's log is struck here all the
same, call by call. The log gets a few blocks instead of a hundred: each is written like the first.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from kiosk_tui.journal import log_space
from kiosk_tui.session import session
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.register import OpenRegister, open_register

VARIABLE: Final = "PROOF_LASTING"
"""Asks a child of the fork server for it; nobody else reads it."""

_BYTES: Final = 16 * 1024
"""So many zeros, however long the log is."""


def stay() -> None:
    """Let this process open its register so."""
    honest_open, honest_fill = open_register, log_space.fill

    async def opened(launch: Launch, **_: bool) -> OpenRegister:
        return await honest_open(launch, lasting=True)

    def fill(connection: sqlite3.Connection, log: log_space.Log, _size: int) -> None:
        honest_fill(connection, log, log.size() + _BYTES)

    for owner, name, function in ((session, "open_register", opened), (log_space, "fill", fill)):
        setattr(owner, name, function)
