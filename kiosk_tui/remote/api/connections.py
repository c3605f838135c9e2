"""Connections, bounded: how many, and how long one may take to say something or to read.

A subclass of uvicorn's protocol, which waits for a request's head, and for a reader, as long as it takes.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from kiosk_tui.records import dataclass
from kiosk_tui.remote.api.app import KNOWN
from kiosk_tui.remote.api.problems import PROBLEM_TYPE, Problem

MOST_CONNECTIONS: Final = 32
"""At each socket, of those that were let in."""
MOST_UNKNOWN: Final = 32
"""At a port: so many may not have said a token yet; one more takes the place of the oldest."""
LONGEST_HEAD: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds: for the head of a request, for a reader who does not read, and between two requests."""

    head_s: float = 5.0
    read_s: float = 10.0
    idle_s: int = 30


class Admission:
    """The connections of one socket: silent ones keep nobody out who has a token."""

    def __init__(self, *, tokens_needed: bool) -> None:
        self._tokens_needed = tokens_needed
        self._known: set[BoundedConnection] = set()
        self._unknown: list[BoundedConnection] = []

    def come(self, one: BoundedConnection) -> None:
        """Let one in, or end it."""
        if not self._tokens_needed:
            self.greet(one)
            return
        if len(self._unknown) >= MOST_UNKNOWN:
            self._unknown[0].refuse(f"{MOST_UNKNOWN} connections have not said a token.")
        self._unknown.append(one)

    def greet(self, one: BoundedConnection) -> None:
        """Know one from now on, or end it where too many are known."""
        if one in self._known:
            return
        if len(self._known) >= MOST_CONNECTIONS:
            one.refuse(f"{MOST_CONNECTIONS} connections are open already.")
            return
        self.leave(one)
        self._known.add(one)

    def leave(self, one: BoundedConnection) -> None:
        """Forget one."""
        self._known.discard(one)
        if one in self._unknown:
            self._unknown.remove(one)


class BoundedConnection(H11Protocol):
    """One connection."""

    def __init__(
        self, config: Config, state: ServerState, admission: Admission, deadlines: Deadlines
    ) -> None:
        super().__init__(config, state, {})
        self._application: ASGIApp = config.loaded_app
        self.app = self._run
        self._admission = admission
        self._deadlines = deadlines
        self._head: asyncio.TimerHandle | None = None
        self._reader: asyncio.TimerHandle | None = None
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin: the head of its first request is waited for."""
        super().connection_made(transport)
        # not 0: TLS counts that as reached by nothing
        transport.set_write_buffer_limits(high=1, low=0)
        self._await_head()
        self._admission.come(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._admission.leave(self)
        self._cancel_head()
        self._cancel_reader()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a head have to come to an end in time."""
        if self._refused:
            return
        super().data_received(data)
        if self._answering:
            self._cancel_head()
        elif self._head is None and not self.transport.is_closing():
            self._await_head()

    def pause_writing(self) -> None:
        """Give a reader who does not read some time."""
        super().pause_writing()
        if self._reader is None:
            self._reader = self.loop.call_later(self._deadlines.read_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it has read."""
        super().resume_writing()
        self._cancel_reader()

    def refuse(self, why: str) -> None:
        """Say why, and end, whatever it is doing."""
        self._end_with(Problem.CONNECTIONS, why)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP. uvicorn calls this; a payment that was asked for before goes on."""
        del msg
        self._end_with(Problem.MALFORMED, "The request is no HTTP/1.1, or its head is too long.")

    @property
    def _answering(self) -> bool:
        cycle: object = self.cycle  # None before the first request, whatever uvicorn's types say
        return cycle is not None and not self.cycle.response_complete

    def _end_with(self, problem: Problem, why: str) -> None:
        self._refused = True
        if self._answering:
            begun = self.cycle.response_started
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if begun:
                self.transport.abort()
                return
        body = problem.document(why)
        reason = problem.title.encode("ascii")
        self.transport.write(
            b"HTTP/1.1 %d %b\r\ncontent-type: %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
            % (problem.status, reason, PROBLEM_TYPE.encode(), len(body), body)
        )
        self.transport.close()

    def _await_head(self) -> None:
        self._head = self.loop.call_later(self._deadlines.head_s, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head = None
        if self.conn.our_state is h11.IDLE and self.conn.their_state is h11.IDLE:
            self._end_with(Problem.TOO_SLOW, "No request came in time.")
        else:
            self.transport.abort()

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._refused:
            told: dict[str, Any] = {KNOWN: self._greeted}
            await self._application({**scope, **told}, receive, send)

    def _greeted(self) -> None:
        self._admission.greet(self)

    def _cancel_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _cancel_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None
