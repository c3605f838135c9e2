"""A real nginx that runs the very file of `distribution/office`, with other ports and folders in it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import trustme

CONF = Path(__file__).parents[2] / "distribution/office/nginx.conf"
PROGRAM = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
MISSING = "nginx is not installed: `apt install nginx-light` (scripts/prepare-proofs does)"
KIOSKS, PEOPLE = "kiosks.office.example", "office.example"

_WHOLE = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/kiosk-office.conf;
}}
"""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def placed(folder: Path, authority: Path, tls: int, plain: int) -> Path:
    """Write the whole configuration for this folder; return it."""
    text = CONF.read_text()
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    for given, ours in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{tls} ssl;"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("/etc/ssl/kiosk-office/", f"{folder}/"),
        ("/run/kiosk-office/", f"{folder}/"),
        ("/var/lib/kiosk-office-enroller/authority.pem", str(authority)),
    ):
        assert given in text, given
        text = text.replace(given, ours)
    (folder / "kiosk-office.conf").write_text(text)
    whole = folder / "nginx.conf"
    # as root its workers would be a user whom the test's folder keeps out
    user = "user root;" if os.geteuid() == 0 else ""
    whole.write_text(_WHOLE.format(folder=folder, user=user))
    return whole


@contextlib.asynccontextmanager
async def running(folder: Path, authority: Path, vouching: trustme.CA) -> AsyncIterator[int]:
    """Run it until the block ends; yields its port."""
    assert PROGRAM is not None, MISSING
    for name, host in (("kiosks", KIOSKS), ("office", PEOPLE)):
        made = vouching.issue_cert(host, "127.0.0.1")
        made.cert_chain_pems[0].write_to_path(str(folder / f"{name}.pem"))
        made.private_key_pem.write_to_path(str(folder / f"{name}.key"))
    port = free_port()
    whole = placed(folder, authority, port, free_port())
    process = await asyncio.create_subprocess_exec(
        *(PROGRAM, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(whole))
    )
    try:
        await _up(process, port, folder)
        yield port
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _up(process: asyncio.subprocess.Process, port: int, folder: Path) -> None:
    while True:
        assert process.returncode is None, (folder / "error.log").read_text()
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await writer.wait_closed()
            return
        await asyncio.sleep(0.02)
