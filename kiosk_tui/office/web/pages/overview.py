"""The first page."""

from __future__ import annotations

from starlette.responses import Response

from kiosk_tui.office.web.page import PageRequest, page


@page("/", "Overview", menu="Now")
async def overview(asked: PageRequest) -> Response:
    """Show how the fleet stands."""
    kiosks = await asked.connection.fetchval("SELECT count(*) FROM kiosk WHERE left_at IS NULL")
    return asked.show("overview.html", kiosks=kiosks)
