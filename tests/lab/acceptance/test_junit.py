"""The JUnit report can be read by whoever reads such reports, whatever TECS wrote into an answer."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from support.virtual import START

from kiosk_tui.lab.acceptance.junit import xml
from kiosk_tui.lab.acceptance.report import RunVerdict
from kiosk_tui.lab.acceptance.run import StepResult
from kiosk_tui.lab.acceptance.scenario import Scenario


def row(number: int, *found: str, played: bool = True) -> StepResult:
    return StepResult(
        number, f"step{number}", "sale 1.00", "approved", "x", "0.00", 1.0, found, played=played
    )


def test_each_row_is_a_test_case_and_the_whole_is_one_too() -> None:
    rows = (row(1), row(2, "It ended as \x00<declined> & so on."), row(3, "Stopped.", played=False))
    verdict = RunVerdict(
        Scenario("shop.toml", "A shop", ()),
        "the terminal",
        rows,
        ("A charge is left.",),
        2.5,
        False,
    )
    root = ET.fromstring(xml(verdict, START))  # noqa: S314 - our own
    (suite,) = root
    assert suite.attrib["tests"] == "4"
    assert (suite.attrib["failures"], suite.attrib["skipped"]) == ("2", "1")
    good, bad, skipped, whole = suite.findall("testcase")
    assert good.find("failure") is None
    failure = bad.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "It ended as ?<declined> & so on."
    assert skipped.find("skipped") is not None
    assert whole.find("failure") is not None
    assert len(suite.findall("testcase/failure")) == 2
