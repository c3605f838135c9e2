"""How long a cashier looks at an answer that is there: from its last byte until the result is on the panel."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import disk
from benchmarks.house import LANE, House
from benchmarks.result import Result
from benchmarks.terminal import Terminal, running

_BACKSPACE: Final = "\x7f"
"""A digit or Enter would be held for a moment, in case a scanner sends more."""
_WAIT_S: Final = 20.0


def answers(house: House, folder: Path, payments: int) -> Iterator[Result]:
    """Compare with one commit and one key's frame, of the same run.

    The first bytes after an answer are the result's: nothing is painted in between (a test holds that).
    """
    folder.mkdir()
    results, keys = [], []
    with relayed(house.url) as (port, passed):
        config = folder / "config.toml"
        written = Path(house.lane.arguments[1]).read_text(encoding="utf-8")
        moved = written.replace(house.url, re.sub(r":\d+", f":{port}", house.url))
        own = moved.replace("[auth]", "status_query = false\n\n[auth]")
        config.write_text(re.sub(r'path = ".*"', f'path = "{folder}/journal.db"', own), "utf-8")
        command = [one.replace(house.lane.arguments[1], str(config)) for one in house.lane.command]
        with running(command, house.environment) as terminal:
            terminal.wait_for(LANE)
            time.sleep(1.0)
            terminal.settle()
            for _ in range(payments):
                terminal.type("12555")
                terminal.settle()
                keys.append(_painted(terminal, _BACKSPACE))
                terminal.settle()
                passed.clear()
                terminal.type("\r")
                end = time.perf_counter() + _WAIT_S
                while not passed and time.perf_counter() < end:
                    terminal.count(0.005)
                terminal.next(1.0)
                results.append(time.perf_counter() - passed[-1])
                terminal.settle()
    times = disk.Times()
    with contextlib.closing(disk.new_bench(folder / "commits")) as bench:
        for _ in range(100):
            times.payment(bench)
    base = median(times.commits) + median(keys)
    yield Result("answer to result, lane", median(results) * 1e3, "ms", base * 1e3)


def _painted(terminal: Terminal, key: str) -> float:
    pressed = time.perf_counter()
    terminal.type(key)
    terminal.next(1.0)
    return time.perf_counter() - pressed


@contextlib.contextmanager
def relayed(url: str) -> Iterator[tuple[int, list[float]]]:
    """Pass on what goes to `url`; yield a port, and the moments at which payments' answers went on."""
    host, port = re.findall(r"//([^:/]+):(\d+)", url)[0]
    passed: list[float] = []

    def copy(source: socket.socket, sink: socket.socket, *, note: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
                if note and b"authorization" in data.lower():  # not the looks at the server
                    passed.append(time.perf_counter())

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                ours, theirs = listener.accept()[0], socket.create_connection((host, int(port)))
                for source, sink, note in ((ours, theirs, False), (theirs, ours, True)):
                    threading.Thread(
                        target=copy, args=(source, sink), kwargs={"note": note}, daemon=True
                    ).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], passed
