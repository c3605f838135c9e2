"""Faults before a byte of the request leaves, and the time by which it has to.

A connection that nobody takes, and a certificate that does not fit, prove that nothing was sent: the
payment has to end as NOT_SENT, and TECS must know nothing of it. A proxy that lets the payment through
only when its cancellation is settled must find that the payment does not leave any more.
"""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.server import served
from kiosk_tui.tecs.client import Endpoint, TecsTerminal
from proofs.line.cases import on_the_wire
from proofs.line.certificates import Authority
from proofs.line.lane import Certificates, Lane, Road, lane
from proofs.line.wire import Kind, Strike, Way
from proofs.proof import Row

_LEAVE_S: Final = 0.2


class HastyLine(Endpoint):
    """A line on which a payment has to leave at once."""

    @property
    def leave_s(self) -> float:
        return _LEAVE_S


def unsent(folder: Path, authority: Authority, certificates: Certificates) -> Row:
    """Return the row of everything that goes wrong before a byte has left."""
    found = asyncio.run(_unsent(folder, authority, certificates))
    return Row(
        "nothing can have left, so it is NOT_SENT",
        len(found),
        [f"{name}: {' '.join(wrong)}" for name, wrong in found.items() if wrong],
        note=", ".join(found),
    )


def too_late(
    folder: Path, certificates: Certificates, kind: type[TecsTerminal] = TecsTerminal
) -> Row:
    """Return the row of a payment that a proxy lets through when all is over."""
    return Row(
        "leaves whenever a proxy lets it"
        if kind is not TecsTerminal
        else "a proxy lets a payment through after its cancellation was settled",
        1,
        asyncio.run(_too_late(folder, certificates, kind)),
        control=kind is not TecsTerminal,
    )


async def _too_late(
    folder: Path, certificates: Certificates, kind: type[TecsTerminal]
) -> list[str]:
    with tempfile.TemporaryDirectory(dir=folder) as own:
        async with lane(Path(own), certificates, Road.PROXY, kind) as one:
            one.terminal._line = HastyLine(**dataclasses.asdict(one.terminal._line))
            one.simulator.queue_fault(Fault.DROP_AFTER)
            one.wire.arm(Strike(Way.ANSWER, 0, Kind.LATE))  # the proxy's word is held back
            paid = await one.pay()
            for _ in range(3):
                await one.attempt(dropping=False)
                one.wait()
            await asyncio.sleep(2 * _LEAVE_S)  # the one thing here that is about real time
            one.wire.release()
            await one.heard()
            await one.rest()
            _, wrong = await one.judged(paid)
    return wrong


async def _unsent(
    folder: Path, authority: Authority, certificates: Certificates
) -> Mapping[str, list[str]]:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    servers = {
        "a certificate for another host": authority.issue("tecs.example"),
        "a certificate that has expired": authority.issue(expires=yesterday),
        "plain where TLS is spoken": None,
    }
    found = {}
    with tempfile.TemporaryDirectory(dir=folder) as own:
        servers["an authority that nobody knows"] = Authority(Path(own)).issue()
        async with lane(Path(own), certificates, Road.TLS) as one:
            with socket.create_server(("127.0.0.1", 0)) as closed:
                nobody = closed.getsockname()[1]
            url = one.terminal._url
            one.terminal._url = url.replace(str(one.wire.port), str(nobody))
            found["a connection that is refused"] = await _played(one, url)
            for name, wrong in servers.items():
                async with _served(one, wrong) as port:
                    one.wire.upstream, right = port, one.wire.upstream
                    found[name] = await _played(one, url, right)
    return found


async def _played(one: Lane, url: str, upstream: int | None = None) -> list[str]:
    """Take a payment on a spoilt road, mend the road, and judge: nothing must have been sent."""
    one.wire.arm()
    paid = await one.pay()
    wrong = on_the_wire(paid, one.wire.passages, Road.TLS)
    if paid.state is not State.NOT_SENT:
        wrong.append(f"{paid.id} is {paid.state}, though nothing can have left.")
    one.terminal._url = url
    one.wire.upstream = upstream or one.wire.upstream
    await one.recover()
    _, judged = await one.judged(paid)
    return [*wrong, *judged]


@asynccontextmanager
async def _served(one: Lane, certificates: Certificates | None) -> AsyncIterator[int]:
    chain = None if certificates is None else certificates.chain
    key = None if certificates is None else certificates.key
    async with served(one.simulator, certificate=chain, key=key) as url:
        yield urlsplit(url).port or 0
