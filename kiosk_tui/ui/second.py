"""What the app needs after the first picture, in one place: it loads this module, and nothing else."""

from __future__ import annotations

from kiosk_tui.payment.notifications import ReadinessChanged
from kiosk_tui.text.translations import speak
from kiosk_tui.ui.driver.typed import Burst
from kiosk_tui.ui.journeys.routes import Journeys
from kiosk_tui.ui.messages import RegisterTold

__all__ = ["Burst", "Journeys", "ReadinessChanged", "RegisterTold", "speak"]
