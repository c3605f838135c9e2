"""Pictures of every screen as a console is told to draw them: text with its colours, kept in git.

Each file holds all screens of one size, theme and language; `cat` shows it as it was. Pictures in
SVG (as pytest-textual-snapshot keeps them) would be a hundred times as large, and drawn in another
font and other colours than a console has.

    python -m support.snapshots          draw all of them anew; then look, and see what git says
    python -m support.snapshots NAME     only the screens whose name contains NAME, to this terminal
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from rich.style import Style
from textual.strip import Strip

from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.looks import CONSOLE, CUBE, RICH, TRUE, Rendering
from kiosk_tui.text.themes import THEMES, drawn
from kiosk_tui.text.translations import NAMES
from support.pictures import Gallery
from support.showcase import SETTINGS, SHOWCASE

FOLDER = Path(__file__).parent.parent / "ui" / "screens" / "snapshots"
SIZES = ((80, 24), (100, 30), (120, 40))
WIDEST = (200, 60)
_TITLE = "=== "
RENDERINGS = {
    CONSOLE: Rendering(),
    RICH: Rendering(look=RICH, colours=TRUE),
    "cube": Rendering(look=RICH, colours=CUBE),
}
"""The looks by name: `cube` is the rich one on a terminal of 256 colours."""


@dataclass(frozen=True)
class Album:
    """What one file shows."""

    size: tuple[int, int]
    theme: str
    language: str
    kept: bool = True
    """Whether its pictures are kept and compared; of the others only the faults are told."""
    look: str = CONSOLE

    def __str__(self) -> str:
        return self.path.stem

    @property
    def path(self) -> Path:
        columns, lines = self.size
        look = "" if self.look == CONSOLE else f"-{self.look}"
        return FOLDER / f"{columns}x{lines}-{self.theme}-{self.language}{look}.ans"

    @property
    def rendering(self) -> Rendering:
        return RENDERINGS[self.look]

    @property
    def settings(self) -> ScreenSettings:
        languages = tuple(dict.fromkeys((self.language, *NAMES)))
        return replace(
            SETTINGS,
            rendering=self.rendering,
            theme=drawn(THEMES[self.theme], self.rendering),
            languages=languages,
            locale=self.language,
        )


S, M, L = SIZES
ALBUMS = (
    *(Album(S, theme, "en") for theme in THEMES),
    *(Album(S, "standard", language) for language in ("de", "fr", "pl")),
    *(Album(S, "standard", language, kept=False) for language in ("es", "it", "nl", "cs")),
    *(Album(S, theme, "de", kept=False) for theme in ("high-contrast", "mono")),
    Album(M, "standard", "en"),
    *(Album(M, theme, "pl", kept=False) for theme in ("dark-calm", "high-contrast")),
    *(Album(L, theme, "en") for theme in ("standard", "high-contrast")),
    Album(L, "mono", "de", kept=False),
    Album(WIDEST, "standard", "en", kept=False),
    Album(WIDEST, "high-contrast", "de", kept=False),
    Album(L, "dark-calm", "en", look=RICH),
    Album(S, "standard", "en", kept=False, look=RICH),
    Album(S, "dark-calm", "pl", kept=False, look="cube"),
    Album(M, "high-contrast", "fr", kept=False, look=RICH),
    Album(M, "standard", "de", kept=False, look="cube"),
    Album(L, "standard", "de", kept=False, look=RICH),
    Album(WIDEST, "dark-calm", "fr", kept=False, look=RICH),
    Album(WIDEST, "standard", "en", kept=False, look=RICH),
)
"""Each language at the smallest size, each theme and look at each size; not each of all of them."""


async def draw(album: Album, wanted: str = "") -> dict[str, str]:
    """Return each screen's picture by its name."""
    pictures = {}
    async with Gallery(album.size, album.settings).opened() as gallery:
        for name in SHOWCASE:
            if wanted in name:
                pictures[name] = picture(await gallery.show(name))
    return pictures


def read(album: Album) -> dict[str, str]:
    """Return the pictures that were accepted."""
    text = album.path.read_text(encoding="utf-8")
    parts = [part.split("\n", 1) for part in text.split(_TITLE)[1:]]
    return {name: picture for name, picture in parts}  # noqa: C416 - says what they are


def write(pictures: dict[str, str]) -> str:
    """Write what `read` reads."""
    return "".join(f"{_TITLE}{name}\n{picture}" for name, picture in pictures.items())


def picture(strips: list[Strip]) -> str:
    """Write rows as a console is told to draw them."""
    return "".join(f"{_line(strip)}\n" for strip in strips)


def _line(strip: Strip) -> str:
    line, now = "", "0"
    for part in strip.simplify():
        if not part.text:
            continue
        wanted = _sgr(part.style)
        line += f"\x1b[{wanted}m" * (wanted != now) + part.text
        now = wanted
    if not now.startswith(("0;7", "0;1;7")):
        # the rest of the line in its background: a third of the size
        bare = line.rstrip()
        line = bare + "\x1b[K" * (now != "0" and bare != line)
    return line + "\x1b[m" * (now != "0")


def _sgr(style: Style | None) -> str:
    codes = ["0"]
    if style is None:
        return codes[0]
    codes += [str(code) for code, on in ((1, style.bold), (7, style.reverse)) if on]
    for base, colour in ((30, style.color), (40, style.bgcolor)):
        if colour is not None and colour.triplet is not None:
            codes.append("{};2;{};{};{}".format(base + 8, *colour.triplet))
        elif colour is not None and colour.number is not None:
            codes.append(str(base + colour.number + 52 * (colour.number > 7)))
    return ";".join(codes)


def use_utc() -> None:
    """Show times as in London in winter, whatever machine draws."""
    os.environ["TZ"] = "UTC"
    time.tzset()


def main() -> None:
    """Draw anew, or show."""
    use_utc()
    for wanted in sys.argv[1:]:
        sys.stdout.write(write(asyncio.run(draw(ALBUMS[0], wanted))))
    if not sys.argv[1:]:
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob("*.ans"):
            old.unlink()
        for album in (one for one in ALBUMS if one.kept):
            album.path.write_text(write(asyncio.run(draw(album))), encoding="utf-8")


if __name__ == "__main__":
    main()
