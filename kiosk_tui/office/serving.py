"""One part of head office on its socket, until systemd says stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final, TypeAlias

import uvicorn
from starlette.applications import Starlette

from kiosk_tui.observe.watchdog.notify import notify
from kiosk_tui.office.database import Pool
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.settings import OfficeSettings

Address: TypeAlias = Path | tuple[str, int]
Make: TypeAlias = Callable[[OfficeSettings, Pool], Starlette]
"""How each part's app is made."""

_MODE: Final = 0o660
"""Its user's and its group's: nginx is in that group, and nobody else."""
_KEPT_S: Final = 90
_END_S: Final = 3
"""So long requests that are under way may take at the end; nginx's client tries again."""


def address_of(text: str) -> tuple[str, int]:
    """Read `host:port`. Raises `OfficeError`."""
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit():
        raise OfficeError(f"'{text}' is no address: write 127.0.0.1:8080.")
    return host.strip("[]"), int(port)


async def serve(app: Starlette, at: Address) -> None:
    """Serve until SIGTERM or SIGINT. Raises `OfficeError` where it cannot listen."""
    async with served(app, at):
        stop = asyncio.create_task(stopped())
        await asyncio.sleep(0)  # it listens for signals before anybody is told that this runs
        ready()
        await stop


def ready() -> None:
    """Tell systemd, where it asked, that this part does its work now."""
    notify(os.environ, READY=1)


async def stopped() -> None:
    """Wait for SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    await stop.wait()
    notify(os.environ, STOPPING=1)


@contextlib.asynccontextmanager
async def served(app: Starlette, at: Address) -> AsyncIterator[socket.socket]:
    """Serve until the block ends; yields what it listens on. Raises `OfficeError`.

    At the end `app.state.ending`, where there is one, is set, so that requests that wait are answered.
    """
    listener = _listener(at)
    server = PartServer(
        uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            # what a client writes into X-Forwarded-For is nobody's address
            proxy_headers=False,
            timeout_graceful_shutdown=_END_S,
            # longer than nginx keeps a line to us: else it asks on one that was just closed
            timeout_keep_alive=_KEPT_S,
        )
    )
    task = asyncio.create_task(server.serve([listener]))
    try:
        await server.up(task)
        yield listener
    finally:
        ending = getattr(app.state, "ending", None)
        if isinstance(ending, asyncio.Event):
            ending.set()
        server.should_exit = True
        await task
        listener.close()
        if isinstance(at, Path):
            at.unlink(missing_ok=True)


class PartServer(uvicorn.Server):
    """Leaves signals to whoever runs it, and says when it is up."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - uvicorn's own
        yield

    async def up(self, task: asyncio.Task[None]) -> None:
        """Return when it serves. Raises what ended it before."""
        while not self.started:
            if task.done():
                await task
                raise OfficeError("The server did not start.")
            await asyncio.sleep(0.005)


def _listener(at: Address) -> socket.socket:
    try:
        if isinstance(at, Path):
            return _unix(at)
        return socket.create_server(at)
    except OSError as error:
        where = str(at) if isinstance(at, Path) else f"{at[0]}:{at[1]}"
        raise OfficeError(f"It cannot listen at {where}: {error.strerror or error}.") from error


def _unix(path: Path) -> socket.socket:
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # no moment at which others may connect: made for its user alone, and then opened to the group
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        path.chmod(_MODE)
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def _remove_stale(path: Path) -> None:
    """Remove a socket that a process left when it was killed; one that is served is left alone."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(kind):
        raise OfficeError(f"It cannot listen at {path}: that is no socket, and not removed.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
        except OSError:
            pass
    raise OfficeError(f"It cannot listen at {path}: another process serves there.")
