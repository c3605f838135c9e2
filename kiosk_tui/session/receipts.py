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
    if config.printer.startswith("text:"):
        return TextFiles(Path(config.printer.partition("://")[2]))
    from kiosk_tui.receipt.code_pages import code_page  # noqa: PLC0415 - where there is a printer
    from kiosk_tui.receipt.escpos import Device, EscPos  # noqa: PLC0415
    from kiosk_tui.receipt.logo import DOTS, Logo  # noqa: PLC0415

    page = code_page(config.code_page) if config.code_page else None
    logo = Logo(Path(config.logo), config.columns) if config.logo else None
    return EscPos(
        Device(config.printer, config.profile, config.ask, page, logo, DOTS[config.columns])
    )


def logo_trouble(launch: Launch) -> str:
    """Return why the configured logo cannot be printed, as a sentence; reads it each time."""
    config = launch.config.receipt
    if not config.logo or not config.printer or config.printer.startswith("text:"):
        return ""
    from kiosk_tui.receipt.logo import trouble  # noqa: PLC0415 - where there is one

    return trouble(Path(config.logo), config.columns)
