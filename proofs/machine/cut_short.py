"""A sale that dies while TECS awaits the card: what it leaves is due, and TECS knows of it."""

from __future__ import annotations

from kiosk_tui.lab.drill.sandbox import Sandbox

SETTLE_S = 3.0
"""For kills at any moment: one before the request has left must not cost the usual minute."""


async def cut_short(built: Sandbox) -> None:
    """Kill a sale whose request has arrived."""
    built.simulator.set_options(card_s=0.5, host_s=0.0)
    known = len(built.simulator.ledger.requests)
    dying = await built.sale()
    await built.until(dying, lambda: len(built.simulator.ledger.requests) > known, "a request")
    await built.kill(dying)
    built.simulator.set_options(card_s=0.0)
