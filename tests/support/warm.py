"""The program, forked from a process that has imported it: a command without half a second of imports.

`run` is what `subprocess.run` would be: a process of its own, with its own arguments, environment,
streams and end. Python itself reads some variables as it starts (`PYTHON...`, `LC_...`): with one of
these, a fresh Python is started. What is proved of starting itself, of terminals and of signals does so
as well (`support.terminal.PROGRAM`).
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

PROGRAM: Final = (sys.executable, "-m", "kiosk_tui")
LONGEST_S: Final = 60.0

_LANG: Final = "C.UTF-8"
_AHEAD: Final = (
    *("anyio._backends._asyncio", "httpcore._backends.anyio", "kiosk_tui.__main__"),
    *("kiosk_tui.cli.config", "kiosk_tui.cli.doctor", "kiosk_tui.cli.journal"),
    *("kiosk_tui.cli.payments", "kiosk_tui.cli.receipt", "kiosk_tui.cli.recover"),
    *("kiosk_tui.cli.scenario", "kiosk_tui.cli.totals", "kiosk_tui.tecs.client"),
)
"""What commands import."""

_STREAMS: Final = (
    ("stdin", "r", "surrogateescape"),
    ("stdout", "w", "surrogateescape"),
    ("stderr", "w", "backslashreplace"),
)
"""As Python makes them in this locale."""

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
_ORDER_BYTES: Final = 65536


def run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    stdin: str = "",
    *,
    stdout: int | None = None,
    stderr: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end. Raises `TimeoutError` after a minute.

    What it writes is returned, unless `stdout` or `stderr` names a file of the test's own.
    """
    command = [*PROGRAM, *arguments]
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(_memory(name)) for name in ("in", "out", "err")]
        os.write(streams[0], stdin.encode())
        os.lseek(streams[0], 0, os.SEEK_SET)
        given = [
            streams[0],
            *(own or file for own, file in zip((stdout, stderr), streams[1:], strict=True)),
        ]
        if _read_by_python(environment):
            code = subprocess.run(
                command,
                env=environment,
                stdin=given[0],
                stdout=given[1],
                stderr=given[2],
                timeout=LONGEST_S,
                check=False,
            ).returncode
        else:
            code = _server().run(arguments, environment, given)
        out, err = (_all_of(one) for one in streams[1:])
    return subprocess.CompletedProcess(command, code, out, err)


def _read_by_python(environment: Mapping[str, str]) -> bool:
    odd = any(name.startswith(("PYTHON", "LC_", "LD_")) for name in environment)
    return odd or environment.get("LANG", _LANG) != _LANG


@contextlib.contextmanager
def _memory(name: str) -> Iterator[int]:
    file = os.memfd_create(name)
    try:
        yield file
    finally:
        os.close(file)


def _all_of(file: int) -> str:
    return os.pread(file, os.fstat(file).st_size, 0).decode().replace("\r\n", "\n")


class _Server:
    """The warm process, seen from the tests: one for each process of pytest, begun when it is needed."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        tests = Path(__file__).parents[1]
        ways = [str(tests.parent), str(tests)]
        begin = f"import sys; sys.path[:0] = {ways}; from support.warm import serve; serve({{}})"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", begin.format(theirs.fileno())],
                env={"PATH": os.environ["PATH"], "LANG": _LANG},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        atexit.register(self._end)

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]
    ) -> int:
        """Return how the command ended, as `subprocess` tells it."""
        read, write = os.pipe()
        with os.fdopen(read, "rb", buffering=0) as reply:
            order = {"arguments": arguments, "environment": environment, "folder": str(Path.cwd())}
            try:
                told = json.dumps(order).encode()
                socket.send_fds(self._orders, [told], [*streams, write])
            finally:
                os.close(write)
            pid = int(_line(reply))
            try:
                return os.waitstatus_to_exitcode(int(_line(reply)))
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise

    def _end(self) -> None:
        self._orders.close()
        self._process.wait()


@functools.cache
def _server() -> _Server:
    return _Server()


def _line(reply: Any) -> bytes:
    """Return the next line that the server writes."""
    if not select.select([reply], [], [], LONGEST_S)[0]:
        raise TimeoutError(f"The command did not end within {LONGEST_S} s.")
    line = reply.readline()
    if not line:
        raise EOFError("The warm process is gone.")
    return bytes(line)


def serve(orders: int) -> None:
    """Fork a child for each order until the tests end; in the child, run its command."""
    for name in _AHEAD:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a child need not look through what it inherited
    order = _wait_for_orders(socket.socket(fileno=orders))
    if order is None:
        return
    sys.argv[1:] = order["arguments"]
    importlib.import_module("kiosk_tui.isolation").enter()
    sys.exit(importlib.import_module("kiosk_tui.__main__").main())


def _wait_for_orders(orders: socket.socket) -> dict[str, Any] | None:
    """Return an order in the child that is to carry it out, and None in the server at its end."""
    woken, wake = os.pipe()
    for one in (woken, wake):
        os.set_blocking(one, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    replies: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([orders.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _reap(replies)
        if orders.fileno() not in ready:
            continue
        told, files, _, _ = socket.recv_fds(orders, _ORDER_BYTES, len(_STREAMS) + 1)
        if not told:
            return None
        order: dict[str, Any] = json.loads(told)
        child = os.fork()
        if not child:
            signal.set_wakeup_fd(-1)
            orders.close()
            for one in (woken, wake, *replies.values()):
                os.close(one)
            _become(order, files)
            return order
        for one in files[:-1]:
            os.close(one)
        replies[child] = files[-1]
        os.write(replies[child], f"{child}\n".encode())


def _become(order: dict[str, Any], files: Sequence[int]) -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, file in enumerate(files[:-1]):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    for number, (name, mode, errors) in enumerate(_STREAMS):
        stream = os.fdopen(number, mode, encoding="utf-8", errors=errors, closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()


def _reap(replies: dict[int, int]) -> None:
    while replies:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        reply = replies.pop(child)
        with contextlib.suppress(BrokenPipeError):  # whoever waited gave up
            os.write(reply, f"{status}\n".encode())
        os.close(reply)
