"""How a terminal is drawn on: with which characters, and with how many colours.

There is one design and two looks of it: `console` keeps to what every Linux console font and 16 colours
have, `rich` needs UTF-8 and at least 256 colours. What a terminal can do is what it says of itself in
the environment; nothing is asked of it, because an answer may come late or never.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from kiosk_tui.start.abilities import CUBE, SIXTEEN, TRUE, is_console, is_utf8
from kiosk_tui.start.abilities import colours as colours_of

__all__ = ["AUTO", "CONSOLE", "CUBE", "LOOKS", "RICH", "SIXTEEN", "TRUE", "Rendering", "rendering"]

CONSOLE: Final = "console"
RICH: Final = "rich"
AUTO: Final = "auto"
LOOKS: Final = (AUTO, CONSOLE, RICH)


class Rendering(NamedTuple):
    """What a terminal is drawn with: `look` is `console` or `rich`; `colours` how many it shows.

    `linux` says that it is a Linux console: without bright backgrounds, and with 16 colours that can be
    set, which `palette` says they shall be. `mono`: no colour is wanted at all (`NO_COLOR`).
    """

    look: str = CONSOLE
    colours: int = SIXTEEN
    linux: bool = False
    palette: bool = False
    mono: bool = False

    @property
    def rich(self) -> bool:
        """Whether half blocks, quadrants and rounded frames may be drawn."""
        return self.look == RICH

    @property
    def gentle(self) -> bool:
        """Whether colours are our own, and not the 16 of a console."""
        return self.rich and self.colours > SIXTEEN


def rendering(environment: Mapping[str, str], wanted: str = AUTO) -> Rendering:
    """Return how to draw on the terminal of this environment; `wanted` is `ui.look`."""
    is_linux = is_console(environment)
    colours = colours_of(environment)
    able = colours > SIXTEEN and is_utf8(environment)
    look = wanted if wanted in (CONSOLE, RICH) else RICH if able else CONSOLE
    return Rendering(
        look=look,
        colours=colours if look == RICH else SIXTEEN,
        linux=is_linux,
        palette=is_linux,
        mono=bool(environment.get("NO_COLOR")),
    )
