"""A technician's examination as it stands after a look at everything: values only, nothing is asked."""

from __future__ import annotations

import json
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
        return Finding(link, Verdict.GOOD, _GOOD[link], took_s=0.012 * (1 + CHAIN.index(link)))
    if link is Link.TLS:
        renew = "Whoever runs the server has to renew its certificate."
        return look(link, "TLSv1.3, issued by Let's Encrypt, 12 days left", renew)
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
