"""What a terminal can do, by what it says of itself in the environment: nothing is asked of it."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DUMB = frozenset({"", "dumb", "unknown"})
"""What `TERM` says where no cursor can be moved."""

SIXTEEN = 16
CUBE = 256
TRUE = 1 << 24

_TRUE_TERMINALS = (
    *("kmscon", "xterm-kitty", "alacritty", "foot", "wezterm", "ghostty", "xterm-ghostty"),
    *("contour", "rio"),
)
"""Terminals that draw 24 bits of colour, and whose name does not say so: `COLORTERM` is lost over SSH."""

_ERASING = (
    *("linux", "xterm", "rxvt", "putty", "tmux", "screen-256color-bce", "konsole", "gnome", "vte"),
    *("st-", "iterm", "mlterm", *_TRUE_TERMINALS),
)
"""Terminals that erase in the colour that is set (terminfo's `bce`)."""

TUNED = (
    *("0B1220", "B3261E", "2FBF77", "7A4B00", "1B2F57", "6D3FA8", "3FA9D6", "B4C2D9"),
    *("5F7194", "FF8A80", "6EEBAD", "FFC24B", "8FA8FF", "D9A6FF", "7FD8FF", "F5F8FC"),
)
"""The sixteen colours, gentler, for a Linux console whose palette may be set: every pair stays readable."""

PALETTE_SET = "".join(f"\x1b]P{number:X}{colour}" for number, colour in enumerate(TUNED))
"""160 bytes (console_codes(4)), without the terminator that only other terminals know: never for those."""
PALETTE_RESET = "\x1b]R"


def is_console(environment: "Mapping[str, str]") -> bool:
    """Whether it is a Linux console: 16 colours that can be set, and no bright grounds."""
    return environment.get("TERM") == "linux"


def colours(environment: "Mapping[str, str]") -> int:
    """Return how many colours the terminal shows, as far as it says."""
    terminal = environment.get("TERM", "")
    if is_console(environment):
        return SIXTEEN
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return TRUE
    if "direct" in terminal or terminal.startswith(_TRUE_TERMINALS):
        return TRUE
    return CUBE if "256color" in terminal else SIXTEEN


def is_utf8(environment: "Mapping[str, str]") -> bool:
    """Whether texts are read as UTF-8 here."""
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    language = next((environment[name] for name in names if environment.get(name)), "")
    return "utf8" in language.lower().replace("-", "")


def erases(environment: "Mapping[str, str]") -> bool:
    """Whether what is erased gets the ground that is set; GNU screen, whatever it is called, does not."""
    return environment.get("TERM", "").startswith(_ERASING) and not environment.get("STY")
