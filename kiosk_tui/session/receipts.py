"""What prints slips, as it is configured."""

from __future__ import annotations

from pathlib import Path

from kiosk_tui.config.models.receipt import ReceiptSettings
from kiosk_tui.receipt.printer import Printer
from kiosk_tui.receipt.receipts import Receipts, Style
from kiosk_tui.receipt.slip import Copy
from kiosk_tui.receipt.text_files import TextFiles
from kiosk_tui.session.launch import Launch, languages


def receipts(launch: Launch) -> Receipts | None:
    """Return what prints slips, or nothing where no printer is configured."""
    config = launch.config.receipt
    if not config.printer:
        return None
    style = Style(
        columns=config.columns,
        copies=tuple(Copy(one) for one in config.copies),
        declined=config.declined,
        locales=languages(launch),
        demo=launch.demo,
    )
    return Receipts(_printer(config), style)


def _printer(config: ReceiptSettings) -> Printer:
    from kiosk_tui.receipt.escpos import Device, EscPos  # noqa: PLC0415

    if config.printer.startswith("text:"):
        return TextFiles(Path(config.printer.partition("://")[2]))
    return EscPos(Device(config.printer, config.profile, config.ask))
