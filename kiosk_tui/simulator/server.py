"""The simulator on a socket, under uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk_tui.simulator.asgi import PREFIX, create_app
from kiosk_tui.simulator.tecs import Simulator


@contextlib.asynccontextmanager
async def served(
    simulator: Simulator,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    certificate: str | None = None,
    key: str | None = None,
) -> AsyncIterator[str]:
    """Serve until the block ends; yields the base URL. Raises `OSError` when the port is taken."""
    _check_loopback(host)
    sockets = [socket.create_server((host, port))]
    server = _Server(_config(simulator, certificate, key))
    task = asyncio.create_task(server.serve(sockets))
    pushing: asyncio.Task[None] | None = None
    try:
        await server.ready(task)
        name = sockets[0].getsockname()
        scheme = "http" if certificate is None else "https"
        if simulator.push is not None:
            pushing = asyncio.create_task(simulator.push.run())
        yield f"{scheme}://{host}:{name[1]}{PREFIX}"
    finally:
        if pushing is not None:
            pushing.cancel()
        server.should_exit = True
        server.force_exit = True
        await task
        for one in sockets:
            one.close()


def run(simulator: Simulator, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve until interrupted. Raises `ValueError` for an address that is not loopback."""

    async def whole() -> None:
        async with served(simulator, host=host, port=port) as url:
            on_ready(url)
            await asyncio.Event().wait()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(whole())


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs it, and says when it is up."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - uvicorn's own
        yield

    async def ready(self, task: asyncio.Task[None]) -> None:
        while not self.started:
            if task.done():
                await task
                raise OSError("the simulator did not start")
            await asyncio.sleep(0.005)


def _config(simulator: Simulator, certificate: str | None, key: str | None) -> uvicorn.Config:
    return uvicorn.Config(
        _with_raw_receive(create_app(simulator)),
        http="h11",  # pure Python: its request cycle's transport is what a dropped line cuts
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",  # a line that is dropped on purpose is no error
        access_log=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=0,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )


def _with_raw_receive(app: ASGIApp) -> ASGIApp:
    """Keep the server's own `receive`, from which a dropped line finds its socket."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "kiosk_tui.receive": receive}, receive, send)

    return wrapped


def _check_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(f"'{host}' is not this machine: the simulator serves only loopback.")
