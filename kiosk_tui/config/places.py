"""Addresses that a configuration names, and what each may be."""

from __future__ import annotations

import ipaddress
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


def ip_address(text: str) -> tuple[str, int] | None:
    """Read an address with its port, such as `127.0.0.1:8701`; None when it is none."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if port is None or parts.path or parts.query or parts.fragment or parts.username:
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    return host, port


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach that address."""
    return ipaddress.ip_address(host).is_loopback
