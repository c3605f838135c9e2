"""Charts are SVG that says its figures, for eyes and for ears."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from kiosk_tui.office.charts.bars import ChartBar, bar_chart
from kiosk_tui.office.charts.frame import HEIGHT, WIDTH, ChartWords, room_for
from kiosk_tui.office.charts.lines import ChartPoint, line_chart

SVG = "{http://www.w3.org/2000/svg}"
WORDS = ChartWords("one", "Payments & more", "3 < 4", "%")


def _parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))  # noqa: S314


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 1), (1, 1), (3, 3), (4, 4), (5, 6), (34, 40), (99, 100), (1001, 1500)]
)
def test_the_axis_ends_at_a_round_figure_above_the_highest(highest: int, top: int) -> None:
    assert room_for(highest, 3).top == top


def test_bars_stand_on_each_other_within_the_room_and_say_their_figures() -> None:
    chart = _parsed(
        bar_chart(
            WORDS,
            [
                ChartBar("09:00", "09:00: 3 approved", (("", 3), ("warn", 1), ("bad", 0))),
                ChartBar("<b>", "none", ()),
            ],
        )
    )
    bars = chart.findall(f".//{SVG}rect")
    assert [one.get("class") for one in bars] == ["bar ", "bar warn"]
    low, high = ((float(one.get("y", "")), float(one.get("height", ""))) for one in bars)
    assert high[0] + high[1] == pytest.approx(low[0], abs=0.2)
    assert low[1] == pytest.approx(3 * high[1], abs=0.3)
    assert all(0 <= float(one.get("x", "")) <= WIDTH for one in bars)
    assert low[0] + low[1] <= HEIGHT
    assert [one.text for one in chart.iter(f"{SVG}title")] == [
        "Payments & more", "09:00: 3 approved", "none",
    ]  # fmt: skip
    assert chart.get("role") == "img"
    assert chart.get("aria-labelledby") == "one-title one-desc"
    assert chart.findtext(f"{SVG}desc") == "3 < 4"


def test_a_line_has_a_gap_where_nothing_was_measured() -> None:
    values = [50.0, 100.0, None, 0.0]
    chart = _parsed(
        line_chart(WORDS, [ChartPoint(f"{one}", f"{one} %", one) for one in values], 100)
    )
    path = next(one for one in chart.iter(f"{SVG}path") if one.get("class") == "line")
    assert [one for one in path.get("d", "") if one.isalpha()] == ["M", "L", "M"]
    assert len(list(chart.iter(f"{SVG}circle"))) == 3
    assert "100%" in [one.text for one in chart.iter(f"{SVG}text")]


def test_words_below_stand_only_where_they_have_room_and_the_last_always() -> None:
    bars = [ChartBar(f"{hour:02}:00", "", (("", 1),)) for hour in range(24)]
    words = [one.text for one in _parsed(bar_chart(WORDS, bars)).iter(f"{SVG}text")]
    hours = [one for one in words if one and ":" in one]
    assert hours[-1] == "23:00"
    assert 4 <= len(hours) <= 8
