"""The door for kiosks' journals: `/v1/ingest`, `/v1/days` and `/v1/day`.

It answers after COMMIT and never before. What cannot be taken is refused whole with a sentence and
raises an alarm: a kiosk that cannot go on would otherwise stay unseen.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, NoReturn, TypeVar

import asyncpg
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kiosk_tui.fleet.wire import MOST_BYTES, Batch, SignedCommand, Stored, Wire
from kiosk_tui.fleet.wire_days import DayContents, Days
from kiosk_tui.office.alarms import raise_alarm
from kiosk_tui.office.database import Connection
from kiosk_tui.office.ingest import commands, epochs, store, waiters
from kiosk_tui.office.ingest.identity import identified, serial_of

Message = TypeVar("Message", bound=Wire)
Done = TypeVar("Done")

_LONGEST_SENTENCE: Final = 300
_ID: Final = re.compile(r"[0-9]{1,20}")


def routes() -> list[BaseRoute]:
    """Return the paths of this door; the app's state has `pool` and `ending`."""
    return [
        Route("/v1/ingest", _ingest, methods=["POST"]),
        Route("/v1/days", _days, methods=["POST"]),
        Route("/v1/day", _day, methods=["POST"]),
    ]


async def _ingest(request: Request) -> Response:
    kiosk_id = await identified(request)
    batch = await _read(request, kiosk_id, Batch)
    taken = await _stored(
        request,
        kiosk_id,
        partial(store.take, kiosk_id=kiosk_id, batch=batch, received=datetime.now(UTC)),
    )
    wait_s = batch.wait_s
    del batch  # thousands may be waiting
    return _answer(
        Stored(
            stored=taken.stored,
            now=datetime.now(UTC),
            compare=taken.compare,
            checkpoint=taken.checkpoint,
            renew=request.state.renew,
            commands=await _commands(request, kiosk_id, wait_s),
        )
    )


async def _days(request: Request) -> Response:
    kiosk_id = await identified(request)
    told = await _read(request, kiosk_id, Days)
    compare = partial(epochs.compare, kiosk_id=kiosk_id, told=told)
    return _answer(await _stored(request, kiosk_id, compare))


async def _day(request: Request) -> Response:
    kiosk_id = await identified(request)
    told = await _read(request, kiosk_id, DayContents)
    name_lost = partial(epochs.name_lost, kiosk_id=kiosk_id, told=told)
    return _answer(await _stored(request, kiosk_id, name_lost))


def _answer(message: Wire) -> Response:
    return Response(message.model_dump_json(), media_type="application/json")


async def _read(request: Request, kiosk_id: str, kind: type[Message]) -> Message:
    """Read a body of bounded length and check it."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                await _refuse(
                    request, kiosk_id, 413, f"A body is longer than {MOST_BYTES} bytes: send less."
                )
    except ClientDisconnect as error:
        raise HTTPException(400, "The connection ended in the middle of a body.") from error
    try:
        return kind.model_validate_json(bytes(body))
    except ValidationError as error:
        await _refuse(request, kiosk_id, 422, _sentence(error, bytes(body)))


async def _stored(
    request: Request, kiosk_id: str, work: Callable[[Connection], Awaitable[Done]]
) -> Done:
    """Do the work in one transaction; whoever is answered is answered after its COMMIT."""
    try:
        async with request.app.state.pool.acquire() as connection, connection.transaction():
            return await work(connection)
    except store.BatchRefusedError as error:
        await _refuse(request, kiosk_id, 422, str(error))
    except asyncpg.DataError as error:
        await _refuse(request, kiosk_id, 422, f"PostgreSQL does not take it: {error}.")


async def _refuse(request: Request, kiosk_id: str, status: int, sentence: str) -> NoReturn:
    sentence = sentence[:_LONGEST_SENTENCE]
    path = request.url.path
    async with request.app.state.pool.acquire() as connection:
        await raise_alarm(
            connection, "refused", f"What {kiosk_id} sends is refused: {sentence}", kiosk_id, path
        )
    raise HTTPException(status, sentence)


def _sentence(error: ValidationError, body: bytes) -> str:
    """Name the field, and the event that it is of; what stood in it is not repeated."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(one) for one in first["loc"]) or "the body"
    return f"{where}{_event_at(first['loc'], body)}: {first['msg']}."


def _event_at(where: tuple[int | str, ...], body: bytes) -> str:
    if where[:1] != ("events",) or len(where) == 1:
        return ""
    event: Any = json.loads(body)["events"][where[1]]
    named = event.get("transaction_id") if isinstance(event, dict) else None
    return f" (transaction {named})" if _ID.fullmatch(str(named)) else ""


async def _commands(request: Request, kiosk_id: str, wait_s: float) -> tuple[SignedCommand, ...]:
    """Return what the kiosk is to do; wait for it where it asked to. Raises 403 when it is revoked."""
    pool = request.app.state.pool
    if not wait_s:
        return await commands.deliver(pool, kiosk_id)
    ending: asyncio.Event = request.app.state.ending
    until = asyncio.get_running_loop().time() + wait_s
    room = waiters.of(request)
    with room.entered(kiosk_id, serial_of(request)) as waiter:
        gone = asyncio.ensure_future(
            request.receive()
        )  # the body is read: nothing but the end comes
        gone.add_done_callback(lambda _: waiter.woken.set())
        try:
            while True:
                waiter.woken.clear()
                await room.listening()
                found = await commands.deliver(pool, kiosk_id)
                if found or gone.done() or ending.is_set():
                    return found
                async with asyncio.timeout_at(until):
                    await waiter.woken.wait()
                await identified(request)
        except TimeoutError:
            return ()
        finally:
            gone.cancel()
