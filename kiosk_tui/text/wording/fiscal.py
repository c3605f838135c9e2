"""What is said of a signature that fiscal law wants, and in its place while there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kiosk_tui.text import cells
from kiosk_tui.text.texts import _

if TYPE_CHECKING:
    from kiosk_tui.domain.fiscal import SlipSignature  # only where there is a signer

MOST: Final = 160
"""Characters of a signer's text on a screen."""


def shown(found: SlipSignature) -> str:
    """Return what a screen says of it: the signer's lines, one behind the other, or why there are none."""
    if found.signature is None:
        return why_unsigned(found, _)
    return cells.shortened("  ".join(found.signature.text.splitlines()), MOST)


def why_unsigned(found: SlipSignature, said: Callable[[str], str]) -> str:
    """Say why there is no signature yet: it is waited for, or its signer is out of order."""
    _ = said
    if found.out_of_order:
        return found.mark or _("The fiscal signer is out of order.")
    return _("The fiscal signature is pending.")
