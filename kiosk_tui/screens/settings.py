"""What the screens need to know of the configuration. Values only; `wiring` fills them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.transaction import Place


class Mode(StrEnum):
    """Who sits in front of it."""

    KIOSK = "kiosk"
    LANE = "lane"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """Everything that a screen may depend on.

    `pin_fits` says whether a typed service PIN is right, and is None when no PIN is configured.
    It takes a noticeable time (a password hash), so it is called in a thread.
    """

    mode: Mode
    demo: bool
    kiosk_id: str
    place: Place
    amount_min: Money
    amount_max: Money
    tip: TipPolicy
    languages: tuple[str, ...]
    idle_s: float
    pin_fits: Callable[[str], bool] | None
    pin_hint: str = ""
