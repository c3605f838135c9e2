"""Every screen in a language that nobody speaks: what is left in our letters must be data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.pictures import Gallery
from support.showcase import SETTINGS, SHOWCASE
from support.strange import WORD, speak_strangely

ENGLISH = ("bench", "exchange", "menu_full")
"""What a technician sees; and a reason that is there twice, to be long, is no sentence of ours."""
KEYS = {"Enter", "Esc", "Down", "Up", "Tab", "Ctrl"}
DATA = {
    *("EUR", "TECS", "VISA", "CSV", "JSON", "Museum", "of", "Time", "anna", "Danke"),
    *("tecsclientrest", "Mo", "Di", "Fr", "Jan", "Nov", "Deutsch", "English"),
}
"""Names, currencies, formats, and the days of the showcase as German writes them."""
SPOKEN = (
    "Thank you!",
    "Broken on arrival, the whole box of it",
    "The setting kiosk.theme is wrong.",
    "The museum is closed for a private event until 14:00.",
    "[b]Sixteen",
    "letters",
)
"""What the showcase's people have typed, at head office too, and what a configuration's reader says of it to its author."""
HOLDER = re.compile(r"/var/\S+|kiosk-tui \w+ as user \d+( \(process \d+\))?")
"""A file, and how another session calls itself."""


@pytest.fixture
def strangely(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_strangely(monkeypatch)


def _left(line: str) -> Iterator[str]:
    line = HOLDER.sub("", line)
    for spoken in SPOKEN:
        line = line.replace(spoken, "")
    yield from (word for word in WORD.findall(line) if word not in KEYS | DATA)


@pytest.mark.usefixtures("strangely")
async def test_whatever_a_screen_says_can_be_said_in_another_language() -> None:
    found = []
    settings = replace(SETTINGS, languages=("de", "en"), locale="de")
    async with Gallery((200, 60), settings).opened() as gallery:
        for name in SHOWCASE:
            if name.startswith(ENGLISH):
                continue
            for strip in await gallery.show(name):
                found += [f"{name}: {word}: {strip.text.strip()}" for word in _left(strip.text)]
    assert not found, "\n".join(found)
