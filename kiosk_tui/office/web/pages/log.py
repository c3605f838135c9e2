"""What people did, for those who command."""

from __future__ import annotations

from starlette.responses import Response

from kiosk_tui.office.people import accounts, actions
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.web.page import PageRequest, page


@page("/log", "Log", role=Role.COMMAND, menu="Office")
async def log(asked: PageRequest) -> Response:
    """Show the newest actions first."""
    return asked.show(
        "log.html",
        actions=await actions.latest(asked.connection, asked.query("name"), asked.query("what")),
        names=[row["name"] for row in await accounts.everyone(asked.connection)],
        most=actions.MOST,
    )
