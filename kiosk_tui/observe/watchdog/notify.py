"""sd_notify: lines of NAME=value in one datagram to the socket that systemd named.

Our own code, because the packages for it are older than our Python or need a compiler and libsystemd.
Nothing waits here: a manager that does not listen must not delay a payment.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Final

SOCKET: Final = "NOTIFY_SOCKET"
_LONGEST: Final = 500


def notify(environment: Mapping[str, str], **facts: str | int) -> bool:
    """Tell facts, such as `READY=1`; return whether the manager's socket has taken them."""
    address = environment.get(SOCKET, "")
    if address[:1] not in {"/", "@"}:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    lines = "\n".join(f"{name}={_one_line(str(value))}" for name, value in facts.items())
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.setblocking(False)
            line.sendto(lines.encode("utf-8", "replace"), address)
    except OSError:
        return False
    return True


def watchdog_s(environment: Mapping[str, str]) -> float | None:
    """Return within how many seconds systemd wants a sign of life of this process; None: it wants none."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    text = environment.get("WATCHDOG_USEC", "")
    return int(text) / 1e6 if text.isascii() and text.isdigit() and int(text) else None


def _one_line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:_LONGEST]
