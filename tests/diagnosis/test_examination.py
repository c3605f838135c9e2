"""The chain: its order, what is skipped because of what, and that a fault of a check is a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk_tui.diagnosis import examination
from kiosk_tui.diagnosis.chain import CHAIN, NEEDS, TITLES, Link
from kiosk_tui.diagnosis.console.facts import ConsoleFacts
from kiosk_tui.diagnosis.examination import CHECKS, Examination
from kiosk_tui.diagnosis.findings import Finding, Verdict, bad, good
from kiosk_tui.diagnosis.report import describe, lines, summary, took, worst
from kiosk_tui.diagnosis.subject import JournalFacts, Settings, Subject


def _subject(folder: Path) -> Subject:
    return Subject(
        settings=lambda: Settings("a file", place="1010 Vienna"),
        folder=folder,
        least_free_bytes=1,
        book=JournalFacts,
        console=lambda: ConsoleFacts(terminal=False, term="", encoding="utf-8"),
    )


class _Parts:
    """Checks that find what they are told to find."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.broken: set[Link] = set()
        self.looked: list[Link] = []
        checks = {link: self._check(link) for link in CHAIN}
        monkeypatch.setattr(examination, "CHECKS", checks)

    def _check(self, link: Link) -> examination.Check:
        async def look(_subject: Subject) -> Finding:
            self.looked.append(link)
            return bad(link, "broken", "mend it") if link in self.broken else good(link, "fine")

        return look


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> _Parts:
    return _Parts(monkeypatch)


def test_every_link_has_a_check_a_title_and_stands_behind_what_it_needs() -> None:
    assert set(CHECKS) == set(TITLES) == set(Link) == set(CHAIN)
    for link, needed in NEEDS.items():
        assert all(CHAIN.index(one) < CHAIN.index(link) for one in needed)


@pytest.mark.parametrize("culprit", CHAIN)
async def test_what_needs_a_broken_link_is_skipped_and_names_it(
    parts: _Parts, tmp_path: Path, culprit: Link
) -> None:
    parts.broken = {culprit}
    found = [one async for one in Examination(_subject(tmp_path)).all()]
    assert [one.link for one in found] == list(CHAIN)
    behind = {one.link for one in found if one.because}
    assert behind == {link for link in CHAIN if culprit in _all_needed(link)}
    assert {one.because for one in found if one.because} <= {culprit}
    assert not behind & set(parts.looked)
    assert describe(found)["culprits"] == [culprit]


def _all_needed(link: Link) -> set[Link]:
    return {deep for one in NEEDS[link] for deep in {one, *_all_needed(one)}}


async def test_one_link_alone_looks_first_at_what_it_needs_but_not_again_at_what_is_good(
    parts: _Parts, tmp_path: Path
) -> None:
    known = Examination(_subject(tmp_path))
    assert [one.link async for one in known.each(Link.TLS)] == [Link.DNS, Link.TCP, Link.TLS]
    assert [one.link async for one in known.each(Link.TLS)] == [Link.TLS]


async def test_one_link_alone_looks_again_at_what_was_broken(parts: _Parts, tmp_path: Path) -> None:
    known = Examination(_subject(tmp_path))
    parts.broken = {Link.TCP}
    found = [one async for one in known.each(Link.VERSION)]
    assert found[-1].because is Link.TCP
    parts.broken = set()
    found = [one async for one in known.each(Link.VERSION)]
    assert [one.link for one in found] == [Link.TCP, Link.TLS, Link.VERSION]
    assert found[-1].verdict is Verdict.GOOD


async def test_a_check_that_fails_is_a_finding_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, parts: _Parts, tmp_path: Path
) -> None:
    async def broken(_subject: Subject) -> Finding:
        raise RuntimeError("boom")

    monkeypatch.setitem(examination.CHECKS, Link.DISK, broken)
    found = {one.link: one async for one in Examination(_subject(tmp_path)).all()}
    assert found[Link.DISK].verdict is Verdict.BAD
    assert "RuntimeError" in found[Link.DISK].text
    assert "boom" not in found[Link.DISK].text
    assert found[Link.PRINTER].verdict is Verdict.GOOD


async def test_it_says_what_it_is_looking_at(parts: _Parts, tmp_path: Path) -> None:
    known = Examination(_subject(tmp_path))
    begun: list[Link] = []
    known.began = begun.append
    async for one in known.all():
        assert begun[-1] is one.link
        assert known.running is None


def test_what_was_found_fits_a_console_of_80_columns() -> None:
    long = Finding(Link.AUTHORIZATION, Verdict.BAD, "word " * 60, "do " * 60, took_s=12.0)
    told = list(lines(long))
    assert max(map(len, told)) < 80
    assert told[0].startswith("authorization  BAD    12.0 s  word")
    assert any("-> do" in line for line in told)


def test_the_summary_names_culprits_first() -> None:
    found = [
        good(Link.KEY, ""),
        bad(Link.DNS, "", ""),
        Finding(Link.TCP, Verdict.SKIPPED, "", because=Link.DNS),
        Finding(Link.TLS, Verdict.LOOK, ""),
    ]
    assert summary(found) == "Mend first: DNS. 1 not looked at because of that. Look at: TLS."
    assert worst(found) is Verdict.BAD
    assert worst(found[3:]) is Verdict.LOOK
    assert summary(found[:1]) == "Everything that was looked at is good."


@pytest.mark.parametrize(
    ("seconds", "told"), [(None, ""), (0.0012, "1 ms"), (2.5, "2500 ms"), (12.34, "12.3 s")]
)
def test_times_are_written_short(seconds: float | None, told: str) -> None:
    assert took(seconds) == told
