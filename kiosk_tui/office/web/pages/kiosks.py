"""The machines: lists of them, and one's story."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from kiosk_tui.office.queries import kiosks as queries
from kiosk_tui.office.queries.alarms import alarms
from kiosk_tui.office.queries.found import moment
from kiosk_tui.office.queries.kiosk_story import CheckpointRow, kiosk_story
from kiosk_tui.office.queries.kiosks import KioskFilter, KioskState
from kiosk_tui.office.queries.terminals import terminals as every_terminal
from kiosk_tui.office.queries.transactions import of_kiosk
from kiosk_tui.office.queries.versions import versions as every_version
from kiosk_tui.office.web.page import PageRequest, page
from kiosk_tui.office.web.pages.paging import part, turns
from kiosk_tui.office.wording import advice

_LAST: Final = 25


@page("/silent", "Silent kiosks", menu="Now")
async def silent(asked: PageRequest) -> Response:
    """Show who has not spoken, the longest silence first."""
    now = await moment(asked.connection)
    found = await queries.silent_kiosks(asked.connection, now, _silent(asked), part(asked))
    return asked.show(
        "silent.html", found=found, turns=turns(asked, found), now=now, allowed=_silent(asked)
    )


@page("/closed", "Out of service", menu="Now")
async def closed(asked: PageRequest) -> Response:
    """Show who says that nobody can pay there, why, and what to do."""
    now = await moment(asked.connection)
    found = await queries.closed_kiosks(asked.connection, now, _silent(asked), part(asked))
    return asked.show("closed.html", found=found, turns=turns(asked, found), now=now, advice=advice)


@page("/kiosks", "Kiosks", menu="Machines")
async def kiosks(asked: PageRequest) -> Response:
    """Show all, or those that are looked for."""
    now = await moment(asked.connection)
    wanted = KioskFilter(asked.query("text"), asked.query("site"), asked.query("state"))
    found = await queries.kiosks(asked.connection, now, _silent(asked), wanted, part(asked))
    return asked.show(
        "kiosks.html",
        found=found,
        turns=turns(asked, found),
        now=now,
        sites=await queries.sites(asked.connection),
        states=tuple(KioskState),
    )


@page("/kiosks/{kiosk_id}", "Kiosk")
async def kiosk(asked: PageRequest) -> Response:
    """Show one kiosk's story."""
    now, kiosk_id = await moment(asked.connection), asked.http.path_params["kiosk_id"]
    one = await queries.kiosk(asked.connection, now, _silent(asked), kiosk_id)
    if one is None:
        raise HTTPException(404)
    before = asked.query("before")
    before = before if before.isascii() and before.isdigit() and len(before) <= 20 else ""  # noqa: PLR2004
    last = await of_kiosk(asked.connection, kiosk_id, _LAST, before or None)
    return asked.show(
        "kiosk.html",
        title=kiosk_id,
        one=one,
        now=now,
        advice=advice(one.reason),
        story=await kiosk_story(asked.connection, kiosk_id),
        alarms=(await alarms(asked.connection, open_only=False, kiosk_id=kiosk_id)).rows,
        last=last,
        older=last[-1].id if len(last) == _LAST else "",
        before=before,
    )


@page("/kiosks/{kiosk_id}/checkpoint", "Checkpoint")
async def checkpoint(asked: PageRequest) -> Response:
    """Give an auditor what `kiosk-tui journal verify --checkpoint` takes: the newest good one first."""
    kiosk_id = asked.http.path_params["kiosk_id"]
    story = await kiosk_story(asked.connection, kiosk_id)
    if not story.checkpoints:
        raise HTTPException(404)
    good = [one.line for one in story.checkpoints if not one.wrong]
    return JSONResponse(
        {
            "checkpoint": good[0] if good else None,
            "kiosk": kiosk_id,
            "register_key": story.register_key,
            "checkpoints": [_described(one) for one in story.checkpoints],
        },
        headers={"Content-Disposition": f'attachment; filename="checkpoint-{kiosk_id}.json"'},
    )


@page("/terminals", "Terminals", menu="Machines")
async def terminals(asked: PageRequest) -> Response:
    """Show every terminal and what it did last."""
    found = await every_terminal(asked.connection, part(asked))
    return asked.show(
        "terminals.html", found=found, turns=turns(asked, found), now=await moment(asked.connection)
    )


@page("/versions", "Versions", menu="Machines")
async def versions(asked: PageRequest) -> Response:
    """Show which version runs where."""
    found = await every_version(asked.connection)
    return asked.show(
        "versions.html", found=found, most=max((one.kiosks for one in found), default=0)
    )


def _described(one: CheckpointRow) -> dict[str, Any]:
    """Return a checkpoint as JSON shows it."""
    return asdict(one) | {"received_at": one.received_at.isoformat()}


def _silent(asked: PageRequest) -> timedelta:
    return timedelta(seconds=asked.settings.watch.silent_s)
