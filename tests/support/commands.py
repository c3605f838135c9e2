"""Head office's signed commands, and a kiosk that takes them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.orders.order import OfficeOrder
from kiosk_tui.fleet.orders.orders import Orders
from kiosk_tui.fleet.orders.signing import key_id, sign
from kiosk_tui.fleet.wire import SignedCommand

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def now() -> datetime:
    return datetime.now(UTC)


def command(n: int, verb: str, /, at: datetime | None = None, **body: Any) -> SignedCommand:
    """Return a command to `lobby-1` that expires an hour after `at`."""
    issued = at or now()
    order = OfficeOrder(
        kiosk="lobby-1",
        n=n,
        verb=verb,
        body=body,
        issued_at=issued,
        expires_at=issued + timedelta(hours=1),
    )
    return sign(order, KEY)


def enrolled(journal: Path) -> FleetFolder:
    """Let a journal's kiosk belong to a head office whose key is `KEY`."""
    found = FleetFolder.beside(journal)
    found.path.mkdir(parents=True, exist_ok=True)
    public = KEY.public_key().public_bytes_raw()
    key = {"key_id": key_id(public), "public": base64.b64encode(public).decode()}
    office = {"url": "https://office.example", "kiosk_id": "lobby-1", "command_keys": [key]}
    found.office.write_text(json.dumps(office))
    return found


def told(folder: FleetFolder) -> list[tuple[int, bool, str]]:
    """Return what head office has still to be told."""
    return [(one.n, one.ok, one.sentence) for one in Orders(folder, now).outcomes()]
