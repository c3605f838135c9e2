"""Business days: what the one that goes on comes to (X), closing it (Z), and those that are closed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from kiosk_tui.domain.days import NothingToCloseError
from kiosk_tui.remote.api.calls import ApiCall, answer
from kiosk_tui.remote.api.models import DayAnswer, DayClosing, DayList
from kiosk_tui.remote.api.problems import Problem, ProblemError

MOST_DAYS: Final = 31
"""In one answer; `before` asks for older ones."""


async def list_days(call: ApiCall) -> Response:
    before = _number(call.request.query_params.get("before", str(2**31)))
    if before is None:
        raise ProblemError(Problem.INVALID, "before is no number of a day.")
    closed = await _closed(call)
    older = [one for one in reversed(closed) if one["number"] < before]
    return answer(DayList, {"days": older[:MOST_DAYS]})


async def show_day(call: ApiCall) -> Response:
    number = _number(call.request.path_params["number"])
    return answer(DayAnswer, _one(await _closed(call), number))


async def show_current_day(call: ApiCall) -> Response:
    return answer(DayAnswer, await asyncio.to_thread(call.desk.terms.days.so_far))


async def close_day(call: ApiCall) -> Response:
    number = call.asked(DayClosing).number
    try:
        done = await asyncio.to_thread(call.desk.terms.days.close, number)
    except NothingToCloseError as error:
        closed = [] if number is None else await _closed(call)
        for one in closed:
            if one["number"] == number:
                return answer(DayAnswer, one)
        raise ProblemError(Problem.NOTHING_TO_CLOSE, str(error)) from error
    return answer(DayAnswer, done, 201)


async def _closed(call: ApiCall) -> Sequence[dict[str, Any]]:
    # by a reader of its own, in a thread: many days must not hold up a payment
    return await asyncio.to_thread(call.desk.terms.days.closed)


def _one(closed: Sequence[dict[str, Any]], number: int | None) -> dict[str, Any]:
    for one in closed:
        if one["number"] == number:
            return one
    raise ProblemError(Problem.NOT_FOUND, "No day with that number is closed.")


def _number(text: str) -> int | None:
    plain = text.isascii() and text.isdecimal() and len(text) <= len(str(2**31))
    return int(text) if plain else None
