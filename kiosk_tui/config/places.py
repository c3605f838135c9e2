"""Addresses that a configuration names, and what each may be."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def is_proxy(url: str) -> bool:
    """Say whether this is a proxy's address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and parts.scheme in ("http", "https") and url.isprintable()


def is_printer(url: str) -> bool:
    """Say whether this is a printer's address: tcp, usb, file or text."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if not url.isprintable() or parts.query or parts.fragment:
        return False
    if parts.scheme == "tcp":
        return bool(host) and port != 0 and parts.path in ("", "/")
    if parts.scheme == "usb":
        return re.fullmatch(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}", parts.netloc, re.ASCII) is not None
    return parts.scheme in ("file", "text") and not parts.netloc and len(parts.path) > 1


def loopback(text: str) -> tuple[str, int] | None:
    """Read an address that only this machine can reach; None when it is no such one."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if port is None or parts.path or parts.query or parts.fragment or parts.username:
        return None
    if host == "::1" or re.fullmatch(r"127(\.[0-9]{1,3}){3}", host, re.ASCII):
        return host, port
    return None
