"""Themes: which of the console's 16 colours a text, a band or a tile has.

Owns: the names of the roles, the three themes that are shipped, and the yardstick for what can be read.
Invariant: a background is one of the eight dark colours (the console has no bright ones), and every
pair has a contrast of at least 4.5 on the Linux console's own palette.
Refuses to know: Textual. A role becomes three CSS variables: `$title-front`, `$title-back`,
`$title-style`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

LEAST_CONTRAST: Final = 4.5
"""WCAG 2.1, level AA."""

COLOURS: Final = (
    *("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"),
    *("bright_black", "bright_red", "bright_green", "bright_yellow"),
    *("bright_blue", "bright_magenta", "bright_cyan", "bright_white"),
)
_DARK: Final = 8
CONSOLE_PALETTE: Final = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0)),
    *((0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)),
    *((85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)),
)
"""The palette of the Linux console (drivers/tty/vt/vt.c), red green blue."""

ROLES: Final = {
    "page": "plain text",
    "title": "what a screen asks",
    "call": "what to do",
    "note": "small print",
    "warning": "what is wrong with what was typed",
    "figures": "amounts in big figures",
    "line": "lines around a field",
    "hint": "the line of keys",
    "head": "the line above",
    "demo": "that no money moves, in the line above",
    "band": "large words at rest",
    "good": "approved",
    "bad": "not paid, out of service",
    "open": "not completed",
    "settled": "not completed, and reversed",
    "tile": "a choice",
    "cap": "the key of a choice",
}
"""What each role is for. An own theme may set any of them."""


class ThemeError(ValueError):
    """A theme that cannot be; the text is a sentence without its full stop."""


class Look(NamedTuple):
    """Front and back, both `default` (the console's own) or both colours; bold or reversed or not."""

    front: str = "default"
    back: str = "default"
    bold: bool = False
    reverse: bool = False

    @property
    def contrast(self) -> float:
        """The WCAG contrast on the Linux console, which shows bold dark colours as bright ones."""
        if self.front == "default":
            return 21.0  # the console's own pair: for its owner to choose
        front, back = COLOURS.index(self.front), COLOURS.index(self.back)
        shown = front + _DARK if self.bold and front < _DARK else front
        light, dark = sorted((_luminance(shown), _luminance(back)), reverse=True)
        return (light + 0.05) / (dark + 0.05)


Theme = Mapping[str, Look]


def parse_look(text: str) -> Look:
    """Read `bold bright_white on blue`, `reverse`, `bold` or `default`. Raises `ThemeError`."""
    words = text.split()
    styles = [word for word in words if word in ("bold", "reverse", "default")]
    rest = [word for word in words if word not in styles]
    bold, reverse = "bold" in styles, "reverse" in styles
    if not rest and styles:
        return Look(bold=bold, reverse=reverse)
    if len(rest) != 3 or rest[1] != "on":  # noqa: PLR2004 - front, on, back
        raise ThemeError(f"'{text}' is no look: write it like 'bold bright_white on blue'")
    front, _, back = rest
    for name, known in ((front, COLOURS), (back, COLOURS[:_DARK])):
        if name not in known:
            raise ThemeError(f"'{name}' is no colour for this: use one of {', '.join(known)}")
    return Look(front, back, bold=bold, reverse=reverse)


def parse_theme(roles: Mapping[str, object]) -> Theme:
    """Read a theme; what it leaves out is as in `standard`. Raises `ThemeError`."""
    theme = dict(THEMES["standard"])
    for role, text in roles.items():
        if role not in ROLES:
            raise ThemeError(f"'{role}' is no role of a theme: there are {', '.join(ROLES)}")
        look = parse_look(text if isinstance(text, str) else repr(text))
        if look.contrast < LEAST_CONTRAST:
            raise ThemeError(
                f"{role} = '{text}' cannot be read: its contrast is {look.contrast:.1f} on the"
                f" console, and at least {LEAST_CONTRAST} is needed"
            )
        theme[role] = look
    return theme


def css_variables(theme: Theme) -> dict[str, str]:
    """Return what the stylesheets call `$title-front`, `$title-back`, `$title-style`."""
    variables = {}
    for role, look in theme.items():
        styles = [name for name in ("bold", "reverse") if getattr(look, name)]
        variables[f"{role}-front"] = f"ansi_{look.front}"
        variables[f"{role}-back"] = f"ansi_{look.back}"
        variables[f"{role}-style"] = " ".join(styles) or "none"
    return variables


def _luminance(colour: int) -> float:
    red, green, blue = (
        one / 255 / 12.92 if one / 255 <= 0.04045 else ((one / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for one in CONSOLE_PALETTE[colour]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _theme(page: str, **roles: str) -> Theme:
    return {role: parse_look(roles.get(role, page)) for role in ROLES}


# No bold black: the console shows it as grey.
THEMES: Final[Mapping[str, Theme]] = {
    "standard": _theme(
        "white on black",
        title="bold bright_white on black",
        call="bold bright_yellow on black",
        note="cyan on black",
        warning="bold bright_yellow on black",
        figures="bright_white on black",
        line="cyan on black",
        hint="bright_cyan on black",
        head="bright_white on blue",
        demo="bright_yellow on blue",
        band="bright_white on blue",
        good="black on green",
        bad="bright_white on red",
        open="bright_yellow on black",
        settled="bright_white on blue",
        tile="bold bright_white on blue",
        cap="black on white",
    ),
    "high-contrast": _theme(
        "bright_white on black",
        title="bold bright_white on black",
        call="bold bright_yellow on black",
        warning="bold bright_yellow on black",
        figures="bright_yellow on black",
        head="black on white",
        demo="black on white",
        hint="bright_yellow on black",
        band="bright_yellow on black",
        good="black on white",
        bad="bright_yellow on black",
        open="bright_yellow on black",
        settled="black on white",
        tile="black on white",
        cap="bold bright_yellow on black",
    ),
    "mono": _theme(
        "default",
        title="bold",
        call="bold",
        warning="bold",
        figures="bold",
        head="reverse",
        demo="reverse",
        band="bold",
        good="reverse",
        bad="reverse",
        open="bold",
        settled="reverse",
        tile="reverse",
        cap="bold",
    ),
}
"""`mono` needs no colour at all: only bold and reverse video."""
