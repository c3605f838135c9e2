"""How things stand at one moment, as machines are told. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk_tui.payment.readiness import Obstacle


@dataclass(frozen=True, slots=True)
class RegisterStatus:
    """The register at one moment. Ages are in seconds; `closed_s` is 0 while it is open."""

    obstacle: Obstacle | None
    why: str = ""
    closed_s: float = 0.0
    due: tuple[str, ...] = ()
    oldest_due_s: float = 0.0
    needs_staff: tuple[str, ...] = ()
    disk_free_bytes: int | None = None
