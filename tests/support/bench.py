"""A technician's examination as it stands after a look at everything: values only, nothing is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from kiosk_tui.diagnosis.chain import CHAIN, Link
from kiosk_tui.diagnosis.console.facts import ConsoleFacts
from kiosk_tui.diagnosis.examination import Examination
from kiosk_tui.diagnosis.findings import Finding, Verdict, bad, behind, left_out, look
from kiosk_tui.diagnosis.subject import JournalFacts, Settings, Subject
from kiosk_tui.domain.evidence import Answered, Field, Timings, Visit
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order
from kiosk_tui.tecs.client import Endpoint
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.inspection import Inspector
from kiosk_tui.tecs.messages import Dialect
from support.fakes import EUR, PLACE
from support.virtual import START

_GOOD = {
    Link.CONFIGURATION: "It can be used: /etc/kiosk-tui/config.toml",
    Link.KEY: "It is there, for raw: /etc/kiosk-tui/authkey",
    Link.DNS: "test.tecs.at is 192.0.2.17",
    Link.TCP: "192.0.2.17:443 takes it",
    Link.VERSION: "tecsclientrest 0.14.15, built 2026-03-02",
    Link.CLOCK: "2026-11-23 14:01:02 UTC, as the server's",
    Link.DISK: "12 GB free at /var/lib/kiosk-tui, safe on the disk in 3.1 ms",
    Link.JOURNAL: "whole, 1204 transactions",
    Link.CONSOLE: "the Linux console, 80 x 24, theme standard",
    Link.KEYBOARD: "USB Numeric Keypad, NumLock on",
}
_BRIEF = {
    Link.CONFIGURATION: "settings",
    Link.DNS: "name",
    Link.TCP: "port 443",
    Link.VERSION: "0.14.15",
}
_ANSWER = (
    Field("message_type", "0002", "0002 is an answer"),
    Field("transaction_id", "20261123140102345678", "must be the one sent"),
    Field("response_code", "8018", "decides"),
    Field("response_text", "READY", "TECS's words"),
)


def examination() -> Examination:
    """Return one that found a key refused, and remembers a few questions."""
    line = Inspector(
        Endpoint("https://test.tecs.at/tecsclientrest"),
        CodeTable(),
        lambda _visit: None,
        place=PLACE,
        dialect=Dialect(UTC, currency="EUR", place="1010 Vienna"),
        order=Order(Operation.SALE, Money(1, EUR), PLACE, reason="TEST"),
    )
    subject = Subject(
        settings=lambda: Settings("/etc/kiosk-tui/config.toml"),
        folder=Path("/var/lib/kiosk-tui"),
        least_free_bytes=1,
        book=JournalFacts,
        console=lambda: ConsoleFacts(terminal=False, term="", encoding="utf-8"),
        line=line,
    )
    known = Examination(subject)
    known.found = {link: _found(link) for link in CHAIN}
    raw = json.dumps({one.name: one.value for one in _ANSWER}, indent=1)
    answered = Answered(200, 117, START, _ANSWER, raw, "8018", "the terminal is ready")
    for hundredths in (9, 12, 8, 31, 0, 14, 11, 10, 22, 9):
        timings = Timings(0.011, 0.034, hundredths / 100, 0.05 + hundredths / 100)
        known.note(
            Visit(
                START,
                line.status_request(),
                timings,
                answered if hundredths else None,
                "" if hundredths else "TECS did not answer in time.",
            )
        )
    return known


def _found(link: Link) -> Finding:
    if link in _GOOD:
        took_s = 0.012 * (1 + CHAIN.index(link))
        return Finding(link, Verdict.GOOD, _GOOD[link], took_s=took_s, brief=_BRIEF.get(link, ""))
    if link is Link.TLS:
        renew = "Whoever runs the server has to renew its certificate."
        told = "TLSv1.3, issued by Let's Encrypt, 12 days left"
        return replace(look(link, told, renew), took_s=0.024)
    if link is Link.AUTHORIZATION:
        return bad(
            link,
            "TECS refused the key (HTTP status 401).",
            "Look at auth.scheme, and at the key: is it the one of this account and this server (test"
            " or live)? Ask TECS for a new one.",
        )
    if link is Link.PRINTER:
        return left_out(link, "none is configured (receipt.printer)")
    return behind(link, Link.AUTHORIZATION)


def healthy(*, remark: bool = False) -> Examination:
    """Return one that found everything good, or with a printer that is low on paper; answers were quick."""
    known = examination()
    for link in CHAIN:
        took_s = 0.002 * (1 + 3 * CHAIN.index(link))
        known.found[link] = Finding(
            link, Verdict.GOOD, _GOOD.get(link, "ready (8018)"), took_s=took_s, brief="good"
        )
    known.found[Link.TEST_SALE] = left_out(Link.TEST_SALE, "press Enter")
    if remark:
        known.found[Link.PRINTER] = look(
            Link.PRINTER, "paper low (status 0x0C)", "Change the roll, then press 5."
        )
    asked, answered = known.visits[0].asked, known.visits[0].answered
    known.visits = ()
    for at in range(60):
        whole = 0.028 + (at * 7 % 11) / 1000 + 0.03 * (at % 23 == 5) + 0.06 * (at % 29 == 7)
        known.note(Visit(START, asked, Timings(0.011, 0.014, whole, whole), answered))
    return known
