"""What a start does with the tables."""

from __future__ import annotations

from typing import Final

from kiosk_tui.compiled import generated, patterns, table

PATTERNS, GENERATED = "patterns", "generated"
LOADED: Final = (
    *("kiosk_tui.cli.run", "kiosk_tui.ui.first", "kiosk_tui.ui.front", "kiosk_tui.ui.second"),
    *("kiosk_tui.cli.payments", "kiosk_tui.cli.choose", "kiosk_tui.ui.driver.listening"),
    *("httpcore", "anyio._backends._asyncio"),
)
"""The modules that stand for a start: with them comes whatever they import. httpx and httpcore import the
last ones when they first send something."""


def take(file: str = table.FILE) -> None:
    """Take from that file whatever was compiled when the program was installed."""
    tables = table.read(file)
    patterns.use(tables.get(PATTERNS, {}))
    generated.use(tables.get(GENERATED, {}))
