"""Orders to kiosks: what was asked for, by whom, who agreed, and what came of it."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kiosk_tui.fleet.orders.order import LONGEST, VERBS
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.orders import asking, listing
from kiosk_tui.office.orders.request import UNDER_WAY, OrderStage, said
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.web.body_form import body_of, fields_of
from kiosk_tui.office.web.page import PageRequest, form, page

MOST_BOXES: Final = 60
"""So many kiosks are ticked; of more, the names are typed."""
_MOST_HOURS: Final = int(LONGEST.total_seconds() // 3600)
_MOST_ROWS: Final = 200

ABOUT: Final = {
    "close": "No payment begins any more, and customers read the sentence. A payment that runs is finished.",
    "open": "Ends a closing by head office; whatever else keeps a kiosk closed stays.",
    "configuration": "All that head office configures, at once: names, texts, languages, look, tips, limits"
    " downwards. It goes to one kiosk, then to a tenth, then to all, and returns by itself where a kiosk"
    " does not come back.",
    "restart": "The program starts anew, when nobody pays.",
    "bundle": "The kiosk puts together what a technician needs, without card data, and keeps it.",
    "ship-again": "The kiosk sends the events of these days (as 20260131) once more.",
    "ask-terminal": "The kiosk asks TECS how its terminal stands, when nobody pays.",
}


@page("/commands", "Commands", menu="Machines")
async def commands(asked: PageRequest) -> Response:
    """Show the newest orders."""
    found = await listing.orders(asked.connection, _MOST_ROWS)
    return asked.show("commands.html", orders=found, verbs=VERBS, Role=Role)


@page("/commands/ask/{verb}", "Ask for an order", role=Role.COMMAND)
async def new(asked: PageRequest) -> Response:
    """Show the form of one verb."""
    verb = asked.http.path_params["verb"]
    if verb not in VERBS:
        raise HTTPException(404)
    kiosks = await asked.connection.fetch(
        "SELECT kiosk_id, site FROM kiosk WHERE left_at IS NULL ORDER BY kiosk_id LIMIT $1",
        MOST_BOXES + 1,
    )
    return asked.show(
        "command_new.html", verb=verb, verbs=VERBS, fields=fields_of(VERBS[verb]), about=ABOUT,
        kiosks=kiosks if len(kiosks) <= MOST_BOXES else (), most_hours=_MOST_HOURS,
    )  # fmt: skip


@form("/commands/ask/{verb}", role=Role.COMMAND, back="/commands/ask/{verb}")
async def ask(asked: PageRequest) -> str:
    """Ask for an order: somebody else has to agree."""
    verb = asked.http.path_params["verb"]
    if verb not in VERBS:
        raise OfficeError("There is no such order.")
    hours = asked.form.get("hours", "8")
    if not (hours.isascii() and hours.isdigit()) or not 1 <= int(hours[:4]) <= _MOST_HOURS:
        raise OfficeError(f"An order holds for 1 to {_MOST_HOURS} hours.")
    number = await asking.ask(
        asked.connection,
        asked.account,
        verb,
        body_of(VERBS[verb], asked.form),
        " ".join(asked.form.getlist("kiosks")).replace(",", " ").split(),
        hours=int(hours),
        reason=asked.form.get("reason", "").strip(),
    )
    return f"Order {number} was asked for. Somebody else who commands has to approve it."


@page("/commands/{request_id:int}", "Order")
async def command(asked: PageRequest) -> Response:
    """Show one order: the very text that an approval holds for, who agreed, and each kiosk's outcome."""
    number = _number(asked)
    one = await listing.order(asked.connection, number)
    if one is None:
        raise HTTPException(404)
    request, commands_here = one.request, asked.account.role.allows(Role.COMMAND)
    return asked.show(
        "command.html",
        one=one,
        said=json.dumps(said(request), ensure_ascii=False, indent=2, sort_keys=True),
        outcomes=await listing.at_kiosks(asked.connection, number),
        about=ABOUT.get(request.verb, ""),
        waits=request.stage is OrderStage.ASKED and request.stopped_at is None,
        may_approve=commands_here and asked.account.name not in (request.asked_by, *one.approvers),
        may_stop=commands_here and request.stage in UNDER_WAY and request.stopped_at is None,
    )


@form(
    "/commands/{request_id:int}/approve", role=Role.COMMAND, back="/commands/{request_id:int}",
    password_again=True,
)  # fmt: skip
async def approve(asked: PageRequest) -> str:
    """Agree to exactly what was shown; not to one's own request."""
    number, shown = _number(asked), asked.form.get("sha256", "")
    if not re.fullmatch(r"[0-9a-f]{64}", shown):
        raise OfficeError("The form does not say what was looked at: open the page again.")
    await asking.approve(asked.connection, asked.account, number, bytes.fromhex(shown))
    return f"Order {number} is approved, and will be signed."


@form("/commands/{request_id:int}/stop", role=Role.COMMAND, back="/commands/{request_id:int}")
async def stop(asked: PageRequest) -> str:
    """Take an order back, as far as no kiosk has it."""
    number = _number(asked)
    await asking.stop(asked.connection, asked.account, number, asked.form.get("why", "").strip())
    return f"Order {number} is stopped. What a kiosk has done already stays done."


def _number(asked: PageRequest) -> int:
    number: Any = asked.http.path_params["request_id"]
    if number >= 2**63:  # PostgreSQL's longest
        raise HTTPException(404)
    return int(number)
