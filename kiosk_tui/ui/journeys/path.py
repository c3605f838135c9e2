"""What the paths of customers and staff need of the app."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from textual.dom import DOMNode

if TYPE_CHECKING:
    from kiosk_tui.domain.slip import PrintOutcome
    from kiosk_tui.domain.transaction import Transaction
    from kiosk_tui.domain.tries import Tries
    from kiosk_tui.payment.readiness import Readiness
    from kiosk_tui.receipt.receipts import Receipts
    from kiosk_tui.session.settings import ScreenSettings
    from kiosk_tui.text.themes import Theme
    from kiosk_tui.ui.register_link import RegisterLink
    from kiosk_tui.ui.screens.frame import Frame


class Path(DOMNode):
    """The app, as its paths see it."""

    settings: ScreenSettings
    look: Theme
    receipts: Receipts | None

    if TYPE_CHECKING:

        @property
        def till(self) -> RegisterLink | None:
            """The register, once it is open."""

        @property
        def readiness(self) -> Readiness | None:
            """Whether a payment may start, and why not."""

        @property
        def open_for_customers(self) -> bool:
            """Whether a payment may start."""

        @property
        def frame(self) -> Frame:
            """The screen that is shown."""

        def go(self, screen: Frame) -> None:
            """Show a fresh screen."""

        def rest(self, *, interrupted: bool = False) -> None:
            """Go to where nobody is in the middle of anything."""

        def wear(self, theme: Theme) -> None:
            """Show everything in these colours."""

        def configure(self, settings: ScreenSettings) -> None:
            """Learn what is set."""

        def exit(
            self, result: int | None = None, return_code: int = 0, message: Any | None = None
        ) -> None:
            """End the app."""

        def to_lane(self) -> None:
            """Show the cashier's lane."""

        @property
        def printer_trouble(self) -> str:
            """What must be known before a payment: that there will be no slip."""

        @property
        def service_tries(self) -> Tries:
            """The wrong service PINs so far."""

        def print_slip(self, one: Transaction) -> None:
            """Print what is printed of a payment by itself."""

        def slip_done(self, one: Transaction, outcome: PrintOutcome) -> None:
            """Take note of a slip that was printed, or not."""

        def somebody_is_there(self) -> None:
            """Take note that somebody types."""

        def payment_done(self, payment: asyncio.Future[Any]) -> None:
            """Say how the register's payment ended."""
