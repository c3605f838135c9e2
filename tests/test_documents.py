"""The documents say what the code does: what is made from it is equal, what is written names it all."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Final

import pytest
from support import documents, portraits, recording, svg
from support.snapshots import use_utc

from kiosk_tui.cli.described import describe
from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.parser import parser
from kiosk_tui.config.models import fields
from kiosk_tui.simulator.faults import Fault

TOP: Final = Path(__file__).parent.parent
DOCS: Final = TOP / "docs"
PAGES: Final = sorted([*TOP.glob("*.md"), *DOCS.glob("*.md")])
LONGEST_README: Final = 120
LARGEST_PICTURE: Final = 300_000
ANEW: Final = "call scripts/documents"


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", documents.PAGES)
def test_a_page_that_is_made_from_the_program_is_equal_to_it(name: str) -> None:
    assert page(name) == documents.PAGES[name](), ANEW


@pytest.mark.parametrize("path", documents.files(), ids=lambda one: str(one.name))
def test_a_manual_page_or_completion_is_equal_to_the_parser(path: Path) -> None:
    assert path.read_text("utf-8") == documents.files()[path], ANEW


def test_no_manual_page_or_completion_is_left_over() -> None:
    made = set(documents.files())
    assert {one for folder in {path.parent for path in made} for one in folder.iterdir()} == made


@pytest.mark.parametrize(("name", "block"), documents.BLOCKS)
def test_a_table_that_is_made_from_the_program_is_equal_to_it(name: str, block: str) -> None:
    assert documents.block(page(name), block)[0] == documents.BLOCKS[name, block](), ANEW


def test_every_setting_is_named() -> None:
    settings = page("settings.md")
    for key, _ in fields():
        assert f"`{key.partition('.')[2]}`" in settings, key


def test_every_command_exit_code_and_field_of_the_json_is_named() -> None:
    (commands,) = [one for one in parser()._actions if one.dest == "command"]
    assert isinstance(commands.choices, dict)
    for command in commands.choices:
        assert f"\n## kiosk-tui {command}\n" in page("commands.md")
    for code in Exit:
        assert f"\n| {code.value} | " in page("commands.md")
    names = re.findall(
        r'"(\w+)":', Path(describe.__code__.co_filename).read_text().split("def describe_")[0]
    )
    for name in names:
        assert f"`{name}`" in page("integrator.md"), name


def test_every_fault_of_the_simulator_is_named() -> None:
    for fault in Fault:
        assert f"`{fault}`" in page("simulator.md")


def test_every_room_has_its_paragraph() -> None:
    rooms = {one.parent.name for one in (TOP / "kiosk_tui").glob("*/__init__.py")}
    assert set(re.findall(r"^\*\*`(\w+)/`\*\*", page("developer.md"), re.MULTILINE)) == rooms


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    readme = (TOP / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) <= LONGEST_README
    for one in DOCS.glob("*.md"):
        assert f"(docs/{one.name}" in readme, one.name


@dataclasses.dataclass(frozen=True)
class Link:
    source: Path
    target: str

    @property
    def file(self) -> Path:
        return (self.source.parent / self.target.partition("#")[0]).resolve()

    @property
    def heading(self) -> str:
        return self.target.partition("#")[2]


def links() -> list[Link]:
    return [
        Link(one, target)
        for one in PAGES
        for target in re.findall(r"\]\(([^)\s]+)\)", one.read_text("utf-8"))
        if "://" not in target
    ]


def anchors(of: Path) -> set[str]:
    """Return what the headings of a page are linked by: as GitHub makes it of them."""
    headings = re.findall(r"^#+ (.*)$", of.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("link", links(), ids=lambda one: f"{one.source.name}:{one.target}")
def test_no_link_leads_nowhere(link: Link) -> None:
    file = link.file if link.target.partition("#")[0] else link.source
    assert file.exists()
    assert not link.heading or link.heading in anchors(file)


@pytest.mark.parametrize("one", PAGES, ids=lambda one: str(one.name))
def test_every_file_that_is_named_exists(one: Path) -> None:
    folders = "benchmarks|distribution|kiosk_tui|proofs|scripts|systemd|tests"
    named = re.findall(rf"`(?:\./)?((?:{folders})/[\w./@-]*)", one.read_text("utf-8"))
    assert not [name for name in named if not (TOP / name).exists()]


@pytest.mark.parametrize("name", [*portraits.PORTRAITS, portraits.FILM])
def test_a_picture_is_there_is_small_fetches_nothing_and_shows_no_card(name: str) -> None:
    drawn = picture(name)
    assert len(drawn) < LARGEST_PICTURE
    assert "@font-face" not in drawn
    assert not re.search(r"(href|src)=|url\((?!#)", drawn)
    said = "\n".join(text for frame in svg.texts(drawn) for text in frame)
    assert said
    assert not re.search(r"\d{6}[*•.]+\d{4}|\d{12,}|(?:\d{4} ){3}\d", said)


async def test_every_picture_is_equal_to_its_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    use_utc()
    for name, drawn in (await portraits.draw()).items():
        assert picture(name) == drawn, f"{name}: {ANEW}"


@pytest.mark.journey
def test_the_film_says_what_the_program_says() -> None:
    drawn = svg.film(recording.play(), "A payment")
    assert _told(picture(portraits.FILM)) == _told(drawn), ANEW


def _told(drawn: str) -> list[list[str]]:
    """Return the words in each picture; how much time is left, and what a blank is drawn in, depend on the machine."""
    left = re.compile(r"\d:\d\d")
    pictures = (" ".join(one).split() for one in svg.texts(drawn))
    return [[word for word in one if not left.fullmatch(word)] for one in pictures]


def picture(name: str) -> str:
    return (portraits.FOLDER / f"{name}.svg").read_text("utf-8")


def test_no_picture_is_left_over() -> None:
    made = {*portraits.PORTRAITS, portraits.FILM}
    assert {one.stem for one in portraits.FOLDER.glob("*.svg")} == made
    shown = {link.file for link in links() if link.target.endswith((".svg", ".png"))}
    assert shown == set(portraits.FOLDER.iterdir())
