"""Themes: which colours a text, a tile or a flood has.

Owns: the names of the roles, the themes that are shipped, and the yardstick for what can be read. A
theme is drawn twice: in a console's 16 colours, and in gentle ones where a terminal has them.
Invariant: on a console a background is one of the eight dark colours (it has no bright ones), and every
pair that is text has a contrast of at least 4.5, in the palette that it is drawn with.
Refuses to know: Textual. A role becomes three CSS variables: `$title-front`, `$title-back`,
`$title-style`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from kiosk_tui.text.colours import (
    COLOURS,
    CONSOLE_PALETTE,
    DARK,
    RGB,
    contrast,
    cubed,
    hexed,
    is_hex,
    mixed,
    rgb,
)
from kiosk_tui.text.looks import Rendering

LEAST_CONTRAST: Final = 4.5
"""WCAG 2.1, level AA."""

ROLES: Final = {
    "page": "plain text",
    "title": "what a screen asks",
    "dim": "second lines",
    "accent": "signs, the currency, what to do",
    "line": "rules and frames",
    "field": "figures in the field that is typed into",
    "field-accent": "the currency in that field",
    "tile": "a choice",
    "tile-dim": "second lines on a choice",
    "tile-accent": "amounts on a choice",
    "current": "the present step or language, the first key",
    "key": "the cap of a key",
    "ok": "approved: the flood",
    "bad": "declined: the flood",
    "neutral": "stopped: the flood",
    "ok-text": "what is good, in text",
    "bad-text": "what is bad, in text",
    "warn": "what to look at, out of service",
    "chip": "that no money moves",
    "track": "waves that are not lit, the rest of a bar; never text",
    "gold": "the chip of the card that is drawn",
    "card": "that card: its frame and face; with 24 bits of colour from the back to the front",
}
"""What each role is for. An own theme may set any of them."""

_WAS: Final = {
    "call": "accent",
    "note": "dim",
    "warning": "warn",
    "good": "ok",
    "settled": "neutral",
    "cap": "key",
    "demo": "chip",
}
_GONE: Final = frozenset({"figures", "hint", "head", "band", "open"})
"""Roles of own themes that were written before the looks of today: the first are read by their new
names, the others have nothing to colour any more."""


class ThemeError(ValueError):
    """A theme that cannot be; the text is a sentence without its full stop."""


class Look(NamedTuple):
    """Front and back, both `default` (the terminal's own) or both colours; bold or reversed or not.

    A colour is one of a console's by its name, or `#0B1220`. `below`, if not empty, is the back in the
    last row: from row to row it goes there from `back`.
    """

    front: str = "default"
    back: str = "default"
    bold: bool = False
    reverse: bool = False
    below: str = ""

    @property
    def contrast(self) -> float:
        """The least WCAG contrast; a Linux console shows bold dark colours as bright ones."""
        return self.contrast_in(CONSOLE_PALETTE)

    def contrast_in(self, palette: tuple[RGB, ...]) -> float:
        """Return the least contrast in a palette for the 16 colours."""
        if self.front == "default":
            return 21.0  # the console's own pair: for its owner to choose
        front = self.front
        if self.bold and front in COLOURS[:DARK]:
            front = COLOURS[COLOURS.index(front) + DARK]
        backs = filter(None, (self.back, self.below))
        return min(contrast(rgb(front, palette), rgb(back, palette)) for back in backs)


Theme = Mapping[str, Look]


def parse_look(text: str) -> Look:
    """Read `bold bright_white on blue`, `#F5F8FC on #0B1220>#101C33`, `reverse`, `bold` or `default`.

    Raises `ThemeError`.
    """
    words = text.split()
    styles = [word for word in words if word in ("bold", "reverse", "default")]
    rest = [word for word in words if word not in styles]
    bold, reverse = "bold" in styles, "reverse" in styles
    if not rest and styles:
        return Look(bold=bold, reverse=reverse)
    if len(rest) != 3 or rest[1] != "on":  # noqa: PLR2004 - front, on, back
        raise ThemeError(f"'{text}' is no look: write it like 'bold bright_white on blue'")
    front, _, backs = rest
    back, _, below = backs.partition(">")
    for name, known in ((front, COLOURS), (back, COLOURS[:DARK]), (below, ("",))):
        if name not in known and not is_hex(name):
            raise ThemeError(
                f"'{name}' is no colour for this: use one of {', '.join(known)}, or one like #0B1220"
            )
    return Look(front, back, bold=bold, reverse=reverse, below=below)


class Drawn(NamedTuple):
    """A theme as it is drawn on a console, and in gentle colours."""

    console: Theme
    gentle: Theme


def parse_theme(roles: Mapping[str, object]) -> Drawn:
    """Read a theme; what it leaves out is as in `standard`. Raises `ThemeError`."""
    own = {}
    for role, text in roles.items():
        name = _WAS.get(role, role)
        if name in _GONE:
            continue
        if name not in ROLES:
            raise ThemeError(f"'{role}' is no role of a theme: there are {', '.join(ROLES)}")
        look = parse_look(text if isinstance(text, str) else repr(text))
        if look.contrast < LEAST_CONTRAST and name not in NO_TEXT:
            raise ThemeError(
                f"{role} = '{text}' cannot be read: its contrast is {look.contrast:.1f} on the"
                f" console, and at least {LEAST_CONTRAST} is needed"
            )
        own[name] = look
    standard = THEMES["standard"]
    on_console = {role: look for role, look in own.items() if not _has_hex(look)}
    return Drawn({**standard.console, **on_console}, {**standard.gentle, **_in_hex(own)})


def drawn(theme: Drawn, rendering: Rendering, accent: str = "") -> Theme:
    """Return a theme as it is drawn with a rendering, with a brand's accent, if there is one."""
    if rendering.mono:
        return THEMES["mono"].console
    return branded(theme.gentle if rendering.gentle else theme.console, accent)


def branded(theme: Theme, accent: str) -> Theme:
    """Return a theme with a brand's colour (`#RRGGBB`) as its accent; made readable where it is not.

    The colours of states are never a brand's, and what has no colour of its own stays as it is.
    """
    if not accent or theme["accent"].front == "default" or not has_floods(theme):
        return theme
    front = readable(accent, theme)
    at_back = front if is_hex(front) else COLOURS[COLOURS.index(front) % DARK]
    inks = ("#000000", "#FFFFFF") if is_hex(front) else ("black", "bright_white")
    ink = max(inks, key=lambda one: _least_contrast(rgb(one), rgb(at_back)))
    changed = {
        role: theme[role]._replace(front=front)
        for role in ("accent", "field-accent", "tile-accent")
    }
    return {**theme, **changed, "current": Look(ink, at_back)}


def readable(accent: str, theme: Theme) -> str:
    """Return the accent as it can be read on this theme's grounds: lighter, or a console's nearest."""
    grounds = [rgb(theme[role].back) for role in ("accent", "tile-accent")]
    wanted = rgb(accent)
    if not is_hex(theme["accent"].front):
        fitting = ("bright_cyan", "bright_yellow", "bright_green", "bright_magenta", "bright_white")
        return min(fitting, key=lambda one: _distance(rgb(one), wanted))
    for step in range(21):
        lighter = mixed(wanted, (255, 255, 255), step * 0.05)
        if min(_least_contrast(lighter, ground) for ground in grounds) >= LEAST_CONTRAST:
            return hexed(lighter)
    return "#FFFFFF"


def has_floods(theme: Theme) -> bool:
    """Whether states fill their ground; otherwise a double frame in their colour tells them."""
    return theme["ok"].back != theme["page"].back


def css_variables(theme: Theme) -> dict[str, str]:
    """Return what the stylesheets call `$title-front`, `$title-back`, `$title-style`."""
    variables = {}
    for role, look in theme.items():
        styles = [name for name in ("bold", "reverse") if getattr(look, name)]
        variables[f"{role}-front"] = _css(look.front)
        variables[f"{role}-back"] = _css(look.back)
        variables[f"{role}-style"] = " ".join(styles) or "none"
    return variables


def _css(colour: str) -> str:
    return colour if is_hex(colour) else f"ansi_{colour}"


def _distance(one: RGB, other: RGB) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _least_contrast(one: RGB, other: RGB) -> float:
    """Return the contrast on a terminal that shows these colours, or the nearest of 256."""
    return min(contrast(one, other), contrast(cubed(one), cubed(other)))


def _has_hex(look: Look) -> bool:
    return is_hex(look.front) or is_hex(look.back)


def _in_hex(theme: Theme) -> dict[str, Look]:
    """Return a console's theme for a terminal whose sixteen colours may be anything."""
    return {
        role: look
        if look.front == "default"
        else look._replace(front=hexed(rgb(look.front)), back=hexed(rgb(look.back)))
        for role, look in theme.items()
    }


def _theme(page: str, **roles: str) -> Theme:
    named = {role.replace("_", "-"): text for role, text in roles.items()}
    return {role: parse_look(named.get(role, page)) for role in ROLES}


NO_TEXT: Final = frozenset({"track", "gold", "card"})
"""Roles that no text is written in."""


# No bold black: the console shows it as grey.
def _standard() -> Theme:
    return _theme(
        "bright_white on black",
        title="bold bright_white on black",
        dim="white on black",
        accent="bright_cyan on black",
        line="cyan on black",
        field_accent="bright_cyan on black",
        tile="bright_white on blue",
        tile_dim="white on blue",
        tile_accent="bright_cyan on blue",
        current="black on cyan",
        key="black on white",
        ok="black on green",
        bad="bright_white on red",
        neutral="bright_white on blue",
        ok_text="bright_green on black",
        bad_text="bright_red on black",
        warn="bright_yellow on black",
        chip="bright_white on yellow",
        track="bright_black on black",
        gold="bright_yellow on blue",
        card="bright_cyan on blue",
    )


_FLOODS: Final = {
    "ok": "#04170D on #2FBF77>#27A868",
    "bad": "#FFFFFF on #B3261E>#961B14",
    "ok_text": "#4ADE95 on #0B1220",
    "bad_text": "#FF8A80 on #0B1220",
    "warn": "#FFC24B on #0B1220",
    "chip": "#241800 on #FFC24B",
}


def _ink() -> Theme:
    return _theme(
        "#F5F8FC on #0B1220>#101C33",
        **_FLOODS,
        title="bold #F5F8FC on #0B1220",
        dim="#B4C2D9 on #0B1220",
        accent="#5CC8F7 on #0B1220",
        line="#5673AB on #0B1220",
        field="#F5F8FC on #182642",
        field_accent="#5CC8F7 on #182642",
        tile="#F5F8FC on #182642",
        tile_dim="#B4C2D9 on #182642",
        tile_accent="#5CC8F7 on #182642",
        current="#06202E on #5CC8F7",
        key="#0B1220 on #DCE6F5",
        neutral="#F5F8FC on #2B3E63>#22345A",
        track="#3D5480 on #0B1220",
        gold="#E8C168 on #182642",
        card="#7B5CF0 on #5CC8F7",
    )


def _calm() -> Theme:
    return _theme(
        "#F2EBDD on #12110F>#171512",
        **{role: text.replace("#0B1220", "#12110F") for role, text in _FLOODS.items()},
        title="bold #F2EBDD on #12110F",
        dim="#C2B8A3 on #12110F",
        accent="#E8B86B on #12110F",
        line="#7D6F55 on #12110F",
        field="#F2EBDD on #221F1A",
        field_accent="#E8B86B on #221F1A",
        tile="#F2EBDD on #221F1A",
        tile_dim="#C2B8A3 on #221F1A",
        tile_accent="#E8B86B on #221F1A",
        current="#241600 on #E8B86B",
        key="#171512 on #E9DFCB",
        neutral="#F5F8FC on #2B3E63>#22345A",
        track="#5A5243 on #12110F",
        gold="#E8C168 on #221F1A",
        card="#8A5A2B on #E8B86B",
    )


def _high() -> Theme:
    return _theme(
        "bright_white on black",
        title="bold bright_white on black",
        accent="bright_yellow on black",
        field_accent="bright_yellow on black",
        tile_accent="bright_yellow on black",
        current="black on white",
        key="black on white",
        ok="bright_green on black",
        bad="bright_red on black",
        warn="bright_yellow on black",
        ok_text="bright_green on black",
        bad_text="bright_red on black",
        chip="black on white",
        track="bright_black on black",
        gold="bright_yellow on black",
    )


def _mono() -> Theme:
    return _theme(
        "default", title="bold", accent="bold", current="reverse", key="reverse", chip="reverse"
    )


def _calm_on_console() -> Theme:
    amber = {"accent": "black", "field-accent": "black", "tile-accent": "blue"}
    changed = {role: parse_look(f"bright_yellow on {back}") for role, back in amber.items()}
    return {**_standard(), **changed}


class _Shipped(Mapping[str, Drawn]):
    """The themes that are shipped, each made when it is first asked for: a first picture needs one."""

    _makers: Final = {
        "standard": lambda: Drawn(_standard(), _ink()),
        "dark-calm": lambda: Drawn(_calm_on_console(), _calm()),
        "high-contrast": lambda: Drawn(
            _high(), {**_in_hex(_high()), "current": parse_look("#000000 on #FFFF55")}
        ),
        "mono": lambda: Drawn(_mono(), _mono()),
    }

    def __init__(self) -> None:
        self._made: dict[str, Drawn] = {}

    def __getitem__(self, name: str) -> Drawn:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


THEMES: Final[Mapping[str, Drawn]] = _Shipped()
"""`mono` needs no colour at all: only bold and reverse video."""
