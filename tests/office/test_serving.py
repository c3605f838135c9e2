"""A part listens on a socket that only its group reaches, and ends when systemd says so."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kiosk_tui.office import serving
from kiosk_tui.office.errors import OfficeError


async def _hello(_: Request) -> Response:
    return PlainTextResponse("hello")


async def _wait(request: Request) -> Response:
    request.app.state.held.set()
    await request.app.state.ending.wait()
    return PlainTextResponse("later")


def _app() -> Starlette:
    app = Starlette(routes=[Route("/", _hello), Route("/wait", _wait)])
    app.state.ending, app.state.held = asyncio.Event(), asyncio.Event()
    return app


def _client(at: Path) -> httpx.AsyncClient:
    transport = httpx.AsyncHTTPTransport(uds=str(at))
    return httpx.AsyncClient(transport=transport, base_url="http://office")


async def test_only_its_user_and_group_reach_the_socket(tmp_path: Path) -> None:
    at = tmp_path / "ingest.sock"
    async with serving.served(_app(), at), _client(at) as client:
        assert at.stat().st_mode & 0o777 == 0o660
        assert (await client.get("/")).text == "hello"
    assert not at.exists()


async def test_a_socket_that_a_killed_process_left_is_taken_over(tmp_path: Path) -> None:
    at = tmp_path / "ingest.sock"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(at))
    async with serving.served(_app(), at), _client(at) as client:
        assert (await client.get("/")).text == "hello"


async def test_a_socket_that_is_served_is_not_taken_from_whom_it_serves(tmp_path: Path) -> None:
    at = tmp_path / "ingest.sock"
    async with serving.served(_app(), at), _client(at) as client:
        with pytest.raises(OfficeError, match="another process"):
            await serving.serve(_app(), at)
        assert (await client.get("/")).text == "hello"


async def test_a_file_of_somebody_is_not_removed(tmp_path: Path) -> None:
    at = tmp_path / "ingest.sock"
    at.write_text("mine")
    with pytest.raises(OfficeError, match="no socket"):
        await serving.serve(_app(), at)
    assert at.read_text() == "mine"


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match="cannot listen"):
        await serving.serve(_app(), tmp_path / "nowhere" / "ingest.sock")


async def test_a_port_of_this_machine_serves_too() -> None:
    async with serving.served(_app(), ("127.0.0.1", 0)) as listener, httpx.AsyncClient() as client:
        port = listener.getsockname()[1]
        assert (await client.get(f"http://127.0.0.1:{port}/")).text == "hello"


async def test_a_request_that_waits_is_answered_at_the_end(tmp_path: Path) -> None:
    at, app = tmp_path / "ingest.sock", _app()
    async with _client(at) as client:
        async with serving.served(app, at):
            waiting = asyncio.create_task(client.get("/wait"))
            await app.state.held.wait()
        assert (await waiting).text == "later"


@pytest.mark.parametrize("text", ["8080", "127.0.0.1:", "127.0.0.1:http", ""])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(OfficeError, match="no address"):
        serving.address_of(text)


@pytest.mark.journey
async def test_a_part_says_that_it_is_ready_and_ends_at_sigterm(
    database_url: str, tmp_path: Path
) -> None:
    settings = tmp_path / "office.toml"
    settings.write_text(f'[database]\nurl = "{database_url}"\n')
    told, at = tmp_path / "notify", tmp_path / "ingest.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(told))
        manager.setblocking(False)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kiosk_tui", "office", "serve", "--part", "ingest"),
            *("--office-config", str(settings), "--socket", str(at)),
            env=os.environ | {"NOTIFY_SOCKET": str(told)},
            stderr=asyncio.subprocess.PIPE,
        )
        heard = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(manager, 100), 30)
        assert heard == b"READY=1"
        async with _client(at) as client:
            assert (await client.get("/nowhere")).json() == {"why": "Not Found"}
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, said) == (0, b"")
    assert not at.exists()


@pytest.mark.journey
@pytest.mark.parametrize("part", ["enroller", "signer"])
async def test_a_part_that_listens_nowhere_says_so_too_and_ends_at_sigterm(
    database_url: str, tmp_path: Path, part: str
) -> None:
    settings = tmp_path / "office.toml"
    settings.write_text(
        f'[database]\nurl = "{database_url}"\n[keys]\n'
        f'signer = "{tmp_path}/signer"\nenroller = "{tmp_path}/enroller"\n'
    )
    told = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(told))
        manager.setblocking(False)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kiosk_tui", "office", "serve", "--part", part),
            *("--office-config", str(settings)),
            env=os.environ | {"NOTIFY_SOCKET": str(told)},
            stderr=asyncio.subprocess.PIPE,
        )
        heard = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(manager, 100), 60)
        assert heard == b"READY=1"
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, said) == (0, b"")
