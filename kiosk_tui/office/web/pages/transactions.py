"""One transaction: found by its id or its reference, and its story."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kiosk_tui.office.queries.transaction_story import transaction_story
from kiosk_tui.office.queries.transactions import find as found_by
from kiosk_tui.office.web.page import PageRequest, page


@page("/find", "Find a transaction", menu="Money")
async def find(asked: PageRequest) -> Response:
    """Look for it; where there is just one, show it."""
    digits = asked.query("digits")
    found = await found_by(asked.connection, digits) if digits else ()
    if len(found) == 1:
        return RedirectResponse(f"/kiosks/{found[0].kiosk_id}/{found[0].id}", 303)
    return asked.show("find.html", found=found, digits=digits)


@page("/kiosks/{kiosk_id}/{transaction_id}", "Transaction")
async def transaction(asked: PageRequest) -> Response:
    """Show its story."""
    names = asked.http.path_params
    found = await found_by(asked.connection, names["transaction_id"], names["kiosk_id"])
    one = next((one for one in found if one.id == names["transaction_id"]), None)
    if one is None:
        raise HTTPException(404)
    return asked.show(
        "transaction.html",
        title=f"Transaction {one.reference}",
        one=one,
        story=await transaction_story(asked.connection, one),
    )
