"""Machines: a one-time code for a new one, and the end of one's certificates."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from kiosk_tui.office.enrolment import codes, qr
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.web.page import PageRequest, form, page

_PATH: Final = "/enrolment"

_MACHINES: Final = """
    SELECT kiosk_id, site, added_at, left_at, max(issued_at) AS issued_at, max(not_after) AS not_after,
        count(serial) FILTER (WHERE revoked_at IS NULL AND not_after > now()) AS valid,
        max(revoked_at) AS revoked_at,
        (array_agg(revoked_by ORDER BY revoked_at DESC NULLS LAST))[1] AS revoked_by
    FROM kiosk LEFT JOIN certificate USING (kiosk_id)
    WHERE $1 = '' OR strpos(kiosk_id || ' ' || site, $1) > 0
    GROUP BY kiosk_id ORDER BY left_at IS NOT NULL, kiosk_id LIMIT 500
"""
_CODES: Final = """
    SELECT kiosk_id, site, made_by, made_at, expires_at FROM enrolment_code
    WHERE used_at IS NULL AND expires_at > now() ORDER BY made_at DESC
"""


@page(_PATH, "Enrolment", role=Role.OPERATE, menu="Machines")
async def enrolment(asked: PageRequest) -> Response:
    """Show the machines' certificates, and the codes that nobody has used yet."""
    return asked.show(
        "enrolment.html",
        machines=await asked.connection.fetch(_MACHINES, asked.query("text")),
        codes=await asked.connection.fetch(_CODES),
    )


@form(_PATH, role=Role.OPERATE, back=_PATH)
async def invite(asked: PageRequest) -> Response:
    """Make a code, and show it: this once, because nobody keeps it."""
    hours = asked.form.get("hours", "24")
    if not (hours.isascii() and hours.isdigit()) or len(hours) > len(str(codes.MOST_HOURS)):
        raise OfficeError(f"A code holds for 1 to {codes.MOST_HOURS} hours.")
    made = await codes.invite(
        asked.connection,
        asked.settings,
        asked.form.get("kiosk", "").strip(),
        by=asked.account.name,
        site=asked.form.get("site", "").strip()[:80],
        hours=int(hours),
    )
    # segno's own drawing of a text of ours: nothing in it comes from anybody
    drawing = Markup(qr.svg(made.line))  # noqa: S704
    return asked.show("invitation.html", invitation=made, drawing=drawing)


@form(_PATH + "/{kiosk}/revoke", role=Role.OPERATE, back=_PATH, password_again=True)
async def revoke(asked: PageRequest) -> str:
    """Take no more from a machine."""
    kiosk = asked.http.path_params["kiosk"]
    count = await codes.revoke(asked.connection, kiosk, by=asked.account.name)
    return f"{kiosk} is cut off: {count} certificates were revoked. What it sent stays."
