"""Pictures for the documents: real screens in SVG, and a payment as it goes.

python -m support.portraits draws all of them anew into docs/pictures (`scripts/documents` calls it).
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from kiosk_tui.text.looks import CONSOLE, RICH
from kiosk_tui.text.themes import THEMES, drawn
from kiosk_tui.text.translations import NAMES
from support import recording, svg
from support.cells import from_strips
from support.pictures import Gallery
from support.showcase import SETTINGS
from support.snapshots import RENDERINGS, use_utc

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


class Portrait(NamedTuple):
    """Which screen of the showcase, its title, and how it is drawn."""

    screen: str
    title: str
    look: str = RICH
    size: tuple[int, int] = (120, 40)
    theme: str = "standard"


PORTRAITS = {
    "welcome": Portrait("welcome", "A kiosk at rest"),
    "amount": Portrait("amount", "How much would you like to pay?"),
    "tip": Portrait("tip", "A tip"),
    "card": Portrait("waiting", "The card is awaited"),
    "approved": Portrait("approved", "Approved"),
    "declined": Portrait("declined_funds", "Declined"),
    "lane": Portrait("lane_busy", "The cashier's lane"),
    "bench": Portrait("bench", "The technician's bench"),
    "card-console": Portrait(
        "waiting", "The card is awaited, on a text console", CONSOLE, (80, 24)
    ),
    "closed-console": Portrait(
        "closed_clock", "Out of service, with the reason", CONSOLE, (80, 24)
    ),
}
FILM = "payment"
"""The recording of a payment."""


async def draw() -> dict[str, str]:
    """Return each picture by its name."""
    return {name: await _drawn(one) for name, one in PORTRAITS.items()}


async def _drawn(one: Portrait) -> str:
    rendering = RENDERINGS[one.look]
    theme = drawn(THEMES[one.theme], rendering)
    languages = ("en", *(name for name in NAMES if name != "en"))
    settings = replace(
        SETTINGS, rendering=rendering, theme=theme, languages=languages, motion_at_rest=False
    )
    async with Gallery(one.size, settings).opened() as gallery:
        return svg.picture(from_strips(await gallery.show(one.screen), theme), one.title)


def main() -> None:
    """Draw all pictures anew."""
    use_utc()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.svg"):
        old.unlink()
    pictures = {**asyncio.run(draw()), FILM: svg.film(recording.play(), "A payment")}
    for name, picture in pictures.items():
        (FOLDER / f"{name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
