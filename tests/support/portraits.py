"""Pictures for the documents: real screens, as a Linux console draws them, in SVG.

python -m support.portraits draws all of them anew into docs/pictures (`scripts/documents` calls it).
"""

from __future__ import annotations

import asyncio
import io
import re
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.segment import Segment, Segments
from rich.terminal_theme import TerminalTheme
from textual.strip import Strip

from kiosk_tui.text.colours import CONSOLE_PALETTE
from kiosk_tui.text.translations import NAMES
from support.pictures import Gallery
from support.showcase import SETTINGS
from support.snapshots import use_utc

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = (80, 24)
PORTRAITS = {
    "kiosk": ("welcome", "A kiosk at rest"),
    "waiting": ("waiting", "The card is awaited"),
    "lane": ("lane_tip", "The cashier's lane"),
    "bench": ("bench_sale", "The technician's bench"),
    "closed": ("closed_clock", "Out of service, with the reason"),
}
"""Each picture's name: which screen of the showcase, and its title."""

_THEME = TerminalTheme(
    CONSOLE_PALETTE[0], CONSOLE_PALETTE[7], list(CONSOLE_PALETTE[:8]), list(CONSOLE_PALETTE[8:])
)
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""rich names a font on somebody's server: pictures here fetch nothing."""


async def draw() -> dict[str, str]:
    """Return each picture by its name."""
    settings = replace(SETTINGS, languages=("en", *(one for one in NAMES if one != "en")))
    async with Gallery(SIZE, settings).opened() as gallery:
        return {
            name: svg(await gallery.show(screen), name, title)
            for name, (screen, title) in PORTRAITS.items()
        }


def svg(rows: list[Strip], name: str, title: str) -> str:
    """Draw rows as a picture that needs nothing from elsewhere."""
    console = Console(
        width=SIZE[0],
        height=SIZE[1],
        file=io.StringIO(),
        force_terminal=True,
        color_system="standard",
        record=True,
        legacy_windows=False,
    )
    for row in rows:
        console.print(Segments([*row, Segment("\n")]), end="")
    drawn = console.export_svg(title=title, theme=_THEME, unique_id=name)
    return _FONT.sub("", drawn).replace("Fira Code", "DejaVu Sans Mono")


def main() -> None:
    """Draw all pictures anew."""
    use_utc()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, drawn in asyncio.run(draw()).items():
        (FOLDER / f"{name}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
