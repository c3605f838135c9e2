"""The register, forked instead of started: a real process without the half second of imports.

Reads orders from standard input, one JSON object per line: `number`, `arguments` of `kiosk-tui`,
`environment`, `told` and `complained` (files for its output) and `held` (stop before the first
step, so that a tracer can take hold). Writes `began NUMBER PID` and `ended PID STATUS`, where STATUS
is what `waitpid` says. A child runs the program's own command line; it dies with this process.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import sys
from typing import Any, Final

from kiosk_tui.cli.main import main as command_line
from kiosk_tui.config.models import Config
from kiosk_tui.text.amounts import check_locale
from kiosk_tui.text.currencies import currency
from proofs.crash import lasting, sabotage

_AHEAD: Final = (
    "anyio._backends._asyncio",
    "httpcore._backends.anyio",
    "kiosk_tui.cli.payments",
    "kiosk_tui.cli.recover",
    "kiosk_tui.config.pin",
    "kiosk_tui.config.secrets",
    "kiosk_tui.journal.lock",
    "kiosk_tui.journal.writer",
    "kiosk_tui.payment.clock",
    "kiosk_tui.payment.register",
    "kiosk_tui.tecs.client",
)
"""Whatever a payment would import later, so that it is there before the first point."""

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
_LET_ANYBODY_TRACE: Final = (0x59616D61, ctypes.c_ulong(-1))  # PR_SET_PTRACER, where Yama guards
_ORDERS, _REPLIES = 0, 1


def main() -> int:
    """Serve until standard input ends; in each child, run its command."""
    for name in _AHEAD:
        importlib.import_module(name)
    check_locale("en")
    currency("EUR")
    Config.model_rebuild()
    gc.freeze()  # a child need not look through what it inherited, at its end least of all
    order = _wait_for_orders()
    if order is None:
        return 0
    if os.environ.pop(lasting.VARIABLE, ""):
        lasting.stay()
    if sabotage.VARIABLE in os.environ:
        sabotage.commit(os.environ.pop(sabotage.VARIABLE))
    return command_line(order["arguments"])


def _wait_for_orders() -> dict[str, Any] | None:
    """Return an order in the child that is to carry it out, and None in the server at its end."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    pending = b""
    while True:
        ready, _, _ = select.select([_ORDERS, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _reap()
        if _ORDERS not in ready:
            continue
        read = os.read(_ORDERS, 65536)
        if not read:
            return None
        *lines, pending = (pending + read).split(b"\n")
        for line in lines:
            order: dict[str, Any] = json.loads(line)
            child = os.fork()
            if not child:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                os.close(woken)
                os.close(wake)
                _become(order)
                return order
            if order["held"]:
                os.waitpid(child, os.WUNTRACED)
            _reply(f"began {order['number']} {child}")


def _become(order: dict[str, Any]) -> None:
    library = ctypes.CDLL(None)
    library.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    library.prctl(*_LET_ANYBODY_TRACE, 0, 0, 0)
    os.setsid()  # Ctrl-C stops the proof, and is no customer giving up
    written = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for name, flags, number in (
        (os.devnull, os.O_RDONLY, 0),
        (order["told"], written, 1),
        (order["complained"], written, 2),
    ):
        opened = os.open(name, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(order["environment"])
    if order["held"]:
        os.kill(os.getpid(), signal.SIGSTOP)


def _reap() -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not child:
            return
        _reply(f"ended {child} {status}")


def _reply(line: str) -> None:
    os.write(_REPLIES, line.encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
