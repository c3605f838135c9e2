"""What is said of keys that came in one piece (a scanner, a line that stalled) and of what was pasted."""

from __future__ import annotations

from kiosk_tui.domain.money import Currency, example_of
from kiosk_tui.text.amounts import format_number
from kiosk_tui.text.texts import _


def no_amount() -> str:
    """Say that a scan is not taken where an amount is typed."""
    return _("That was a scan, not an amount.")


def no_reference() -> str:
    """Say that what was scanned or pasted names no payment."""
    return _("That was a scan, not a reference.")


def nothing_to_scan() -> str:
    """Say that a scan does nothing here."""
    return _("That was a scan: nothing is scanned here.")


def look_first() -> str:
    """Say that an Enter of one's own is wanted: the one that came along was nobody's."""
    return _("If that is right, press Enter.")


def no_amount_pasted(currency: Currency, locale: str) -> str:
    """Say that what was pasted may be read in two ways, or in none."""
    example = format_number(example_of(currency), locale)
    return _("This cannot be read as an amount. Paste it like {example}.").format(example=example)


def digits_only() -> str:
    """Say what is taken where a number is typed."""
    return _("Only digits can be typed here.")


def cut_off() -> str:
    """Say that a field holds less than what came."""
    return _("That was too long: the end is cut off.")


def not_in_list() -> str:
    """Say that the payment whose code was scanned is none of those that are listed."""
    return _("The payment of that code is not in this list.")
