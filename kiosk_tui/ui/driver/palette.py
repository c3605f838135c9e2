"""The 16 colours of a Linux console, set to gentler ones while the program has it (console_codes(4))."""

from __future__ import annotations

from typing import Final

from kiosk_tui.text.colours import TUNED

SET: Final = "".join(f"\x1b]P{number:X}{colour}" for number, colour in enumerate(TUNED))
"""160 bytes, without the terminator that only other terminals know: never for those."""
RESET: Final = "\x1b]R"
