"""The report that build servers and test managers read: JUnit XML."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree as ET

from kiosk_tui.lab.acceptance.report import RunVerdict
from kiosk_tui.lab.acceptance.run import StepResult


def xml(verdict: RunVerdict, began: datetime) -> bytes:
    """Return a run as one test suite, each row as a test case."""
    rows = verdict.rows
    skipped = [row for row in rows if not row.played]
    suite = ET.Element(
        "testsuite",
        name=_plain(verdict.scenario.title),
        timestamp=began.isoformat(timespec="seconds"),
        tests=str(len(rows) + 1),
        failures=str(len(verdict.failed) - len(skipped) + bool(verdict.found)),
        errors="0",
        skipped=str(len(skipped)),
        time=f"{verdict.seconds:.1f}",
    )
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="against", value=_plain(verdict.against))
    for row in rows:
        _case(suite, verdict.scenario.source, row)
    whole = ET.SubElement(
        suite, "testcase", classname=_plain(verdict.scenario.source), name="the whole", time="0"
    )
    if verdict.found:
        _failure(whole, verdict.found)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    written: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _case(suite: ET.Element, source: str, row: StepResult) -> None:
    name = f"take back {row.name}" if row.undoing else f"{row.name}: {row.asked}"
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_plain(source),
        name=_plain(f"{row.number} {name}"),
        time=f"{row.seconds:.1f}",
    )
    if not row.played:
        ET.SubElement(case, "skipped", message=_plain(" ".join(row.found)))
    elif row.found:
        _failure(case, row.found)
    one = row.transaction
    told = f"expected {row.expected}, got {row.got}, money {row.money}"
    ET.SubElement(case, "system-out").text = _plain(
        told if one is None else f"{told}, transaction {one.id} {one.state}"
    )


def _failure(case: ET.Element, found: tuple[str, ...]) -> None:
    ET.SubElement(case, "failure", message=_plain(found[0])).text = _plain("\n".join(found))


def _plain(text: str) -> str:
    """Leave out what XML cannot hold, whatever TECS wrote into an answer."""
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)
