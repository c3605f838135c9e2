"""How a terminal is drawn on: with which characters, and with how many colours.

There is one design and two looks of it: `console` keeps to what every Linux console font and 16 colours
have, `rich` needs UTF-8 and at least 256 colours. What a terminal can do is what it says of itself in
the environment; nothing is asked of it, because an answer may come late or never.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

CONSOLE: Final = "console"
RICH: Final = "rich"
AUTO: Final = "auto"
LOOKS: Final = (AUTO, CONSOLE, RICH)

SIXTEEN: Final = 16
CUBE: Final = 256
TRUE: Final = 1 << 24

_TRUE_TERMINALS: Final = (
    *("kmscon", "xterm-kitty", "alacritty", "foot", "wezterm", "ghostty", "xterm-ghostty"),
    *("contour", "rio"),
)
"""Terminals that draw 24 bits of colour, and whose name does not say so: `COLORTERM` is lost over SSH."""


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
    terminal = environment.get("TERM", "")
    colours = SIXTEEN if terminal == "linux" else _colours(terminal, environment)
    able = colours > SIXTEEN and _utf8(environment)
    look = wanted if wanted in (CONSOLE, RICH) else RICH if able else CONSOLE
    return Rendering(
        look=look,
        colours=colours if look == RICH else SIXTEEN,
        linux=terminal == "linux",
        palette=terminal == "linux",
        mono=bool(environment.get("NO_COLOR")),
    )


def _colours(terminal: str, environment: Mapping[str, str]) -> int:
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return TRUE
    if "direct" in terminal or terminal.startswith(_TRUE_TERMINALS):
        return TRUE
    return CUBE if "256color" in terminal else SIXTEEN


def _utf8(environment: Mapping[str, str]) -> bool:
    language = next(
        (environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), ""
    )
    return "utf8" in language.lower().replace("-", "")
