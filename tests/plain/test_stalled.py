"""Nothing that happens to the line holds a payment up, and nothing foreign is loaded for it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import PROGRAM

pytestmark = pytest.mark.journey

_WATCHED = """
import atexit, json, os, sys
from pathlib import Path

def note():
    (Path(os.environ["STATE_DIRECTORY"]) / "seen.json").write_text(json.dumps(sorted(sys.modules)))

atexit.register(note)
from kiosk_tui.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def _fill(pipe: int) -> None:
    os.set_blocking(pipe, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(pipe, b"x" * 4096)
    os.set_blocking(pipe, True)


def test_a_reader_that_stalls_does_not_hold_the_payment_up(lobby: Installation) -> None:
    read, write = os.pipe()
    _fill(write)
    try:
        done = subprocess.run(
            [*PROGRAM, "--config", str(lobby.config), "--plain"],
            env=lobby.environment,
            input=b"12.55\n\n0\n",
            stdout=write,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(read)
        os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [one.minor for one in lobby.simulator.ledger.movements] == [1255]


def test_textual_is_never_loaded(lobby: Installation) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, "--config", str(lobby.config), "--plain"],
        env=lobby.environment,
        input="12.55\n\n0\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Approved" in done.stdout
    loaded = {one.partition(".")[0] for one in json.loads((lobby.folder / "seen.json").read_text())}
    assert not loaded & {"textual", "starlette", "uvicorn"}
    assert loaded >= {"httpx", "sqlite3"}  # the same look sees what must be there


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_without_an_open_line_it_does_not_even_begin(lobby: Installation, closed: str) -> None:
    done = subprocess.run(
        [
            "sh",
            "-c",
            f'exec "$@" {closed}',
            "sh",
            *PROGRAM,
            "--config",
            str(lobby.config),
            "--plain",
        ],
        env=lobby.environment,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 69
    assert done.stderr == "kiosk-tui: Plain mode needs an open stdin and stdout.\n"
    assert not lobby.journal.exists()
