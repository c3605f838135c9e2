"""What happened that somebody must look at; and that somebody has."""

from __future__ import annotations

from starlette.responses import Response

from kiosk_tui.office import alarms as raised
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.queries import alarms as queries
from kiosk_tui.office.web.page import PageRequest, form, page
from kiosk_tui.office.web.pages.paging import part, turns


@page("/alarms", "Alarms", menu="Now")
async def alarms(asked: PageRequest) -> Response:
    """Show the open ones; with `all` those that were seen, too."""
    open_only = not asked.query("all")
    found = await queries.alarms(asked.connection, part(asked), open_only=open_only)
    return asked.show(
        "alarms.html",
        found=found,
        turns=turns(asked, found),
        may_see=asked.account.role.allows(Role.OPERATE),
    )


@form("/alarms/{alarm_id:int}/seen", "alarm seen", role=Role.OPERATE, back="/alarms")
async def seen(asked: PageRequest) -> str:
    """Note that somebody has looked at it."""
    number = asked.http.path_params["alarm_id"]
    if number >= 1 << 63 or not await raised.seen(asked.connection, number, asked.account.name):
        raise OfficeError(f"Alarm {number} is not open: somebody has seen it already.")
    return f"Alarm {number} was seen by you."
