"""What the bench shows: one verdict, the way to the terminal, and times that can be read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from support.bench import examination, healthy
from support.pictures import Gallery
from support.showcase import SETTINGS
from textual.strip import Strip

from kiosk_tui.diagnosis.chain import CHAIN, MACHINE, NAMES, ORDER, WAY, Link
from kiosk_tui.diagnosis.evidence import Latency
from kiosk_tui.diagnosis.findings import Finding, Verdict, bad, behind, good, look
from kiosk_tui.diagnosis.report import Mood, overall
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.looks import RICH, TRUE, Rendering
from kiosk_tui.text.themes import THEMES
from kiosk_tui.ui.screens.technician.bench import Bench
from kiosk_tui.ui.widgets.latency_chart import LatencyChart

SIZES = ((80, 24), (100, 30), (120, 40), (200, 60))
ALL_GOOD = {link: good(link, "as it should be") for link in CHAIN}
GENTLE = replace(
    SETTINGS,
    rendering=Rendering(look=RICH, colours=TRUE),
    theme=THEMES["standard"].gentle,
)


def _text(strips: list[Strip]) -> str:
    return "\n".join(strip.text for strip in strips)


def test_every_link_is_a_box_or_a_line_and_no_link_is_both() -> None:
    assert sorted(ORDER) == sorted(CHAIN)
    assert not {*WAY} & {*MACHINE}
    assert max(len(NAMES[link]) for link in WAY) <= 8


@pytest.mark.parametrize(
    ("changed", "closed", "mood", "words"),
    [
        ({}, False, Mood.READY, "READY TO TAKE PAYMENTS"),
        ({Link.TLS: look(Link.TLS, "12 days")}, False, Mood.REMARKS, "READY, WITH 1 REMARK"),
        (
            {Link.TLS: look(Link.TLS, "x"), Link.CLOCK: look(Link.CLOCK, "x")},
            False,
            Mood.REMARKS,
            "READY, WITH 2 REMARKS",
        ),
        (
            {
                Link.AUTHORIZATION: bad(Link.AUTHORIZATION, "refused", "ask"),
                Link.TERMINAL: behind(Link.TERMINAL, Link.AUTHORIZATION),
                Link.TLS: look(Link.TLS, "x"),
            },
            False,
            Mood.NOT_READY,
            "NOT READY: Key",
        ),
        (
            {Link.AUTHORIZATION: behind(Link.AUTHORIZATION, Link.KEY)},
            False,
            Mood.NOT_READY,
            "NOT READY: Key file",
        ),
        ({}, True, Mood.NOT_READY, "NOT READY: the register is closed"),
    ],
)
def test_the_verdict_is_one_sentence(
    changed: dict[Link, Finding], closed: bool, mood: Mood, words: str
) -> None:
    told = overall({**ALL_GOOD, **changed}, closed=closed)
    assert (told.mood, told.text) == (mood, words)


def test_what_was_not_looked_at_is_never_called_ready() -> None:
    most: dict[Link, Finding] = {
        link: one for link, one in ALL_GOOD.items() if link is not Link.DISK
    }
    assert overall(most).mood is Mood.UNKNOWN
    assert overall({}).text == "NOT KNOWN YET: 15 to be looked at"
    assert overall(most).counts == "14 good  •  0 to look at  •  0 bad"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("settings", [SETTINGS, GENTLE], ids=["console", "rich"])
async def test_the_first_broken_link_has_an_x_in_the_line_before_it(
    size: tuple[int, int], settings: ScreenSettings
) -> None:
    async with Gallery(size, settings).opened() as gallery:
        text = _text(await gallery.show("bench"))
        names = next(line for line in text.splitlines() if "DNS" in line and "TECS" in line)
        assert [one for one in re.findall(r"[A-Za-z]+", names) if one != "x"] == [
            NAMES[link] for link in WAY
        ]
        broken = re.compile(r"│(x|─ *x *─)│")
        assert broken.search(text)
        assert not broken.search(_text(await gallery.show("bench_ready")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["bench", "bench_remark", "exchange_times"])
async def test_the_chart_has_an_axis_a_unit_and_its_figures(
    size: tuple[int, int], name: str
) -> None:
    async with Gallery(size, SETTINGS).opened() as gallery:
        text = _text(await gallery.show(name))
        assert " in ms" in text
        axis = (100, 50) if name == "bench_remark" else (500, 250)
        for one in axis:
            assert re.search(rf"(?m)\b{one} │[. ]*\. ", text), one
        assert re.search(r"(?m)\b0 └─+", text)
        assert " ago" in text
        assert "now" in text
        spread = "28 / 34 / 98" if name == "bench_remark" else "130 / 160 / 360"
        least, median, most = spread.split(" / ")
        assert spread in text or f"least {least}  median {median}  most {most}" in text
        if name != "bench_remark":
            assert re.search(r"(?m)│.* x ", text)  # the one that was lost


async def test_a_chart_of_nothing_says_so() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        text = _text(await gallery.show("bench_new"))
        assert "no exchange yet" in text
        assert "NOT KNOWN YET: 15" in text


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ((0.03,), "1 exchange"),
        ((0.03, None), "2 exchanges"),
        ((0.03, 12.5), "20000"),
    ],
)
async def test_the_scale_and_the_count_fit_what_there_is(
    times: tuple[float | None, ...], words: str
) -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        await gallery.show("bench_ready")
        gallery.screen.query_one(LatencyChart).show(Latency(times))
        assert words in _text(await gallery.redrawn())


@pytest.mark.parametrize("size", [*SIZES, (60, 20)])
@pytest.mark.parametrize(("settings", "mark"), [(SETTINGS, ".."), (GENTLE, "…")])
async def test_what_is_cut_says_so(
    size: tuple[int, int], settings: ScreenSettings, mark: str
) -> None:
    long = "A sentence that is far longer than any line of this screen, whatever its width. " * 9
    async with Gallery(size, settings).opened() as gallery:
        await gallery.show("bench_ready")
        screen = gallery.screen
        assert isinstance(screen, Bench)
        found = Finding(Link.PRINTER, Verdict.LOOK, long, long)
        screen._examination.found[Link.PRINTER] = found
        screen._chosen = Link.PRINTER
        screen.tell(found)
        rows = _text(await gallery.redrawn()).splitlines()
        told = [row.rstrip(" │") for row in rows if "sentence" in row or "width" in row]
        assert sum(row.endswith(mark) for row in told) >= 1
        (line,) = [row for row in rows if "Printer     A sentence" in row]
        assert mark in line


def test_two_examinations_are_there_to_be_shown() -> None:
    assert overall(examination().found).mood is Mood.NOT_READY
    assert overall(healthy().found).mood is Mood.READY
    assert overall(healthy(remark=True).found).mood is Mood.REMARKS
