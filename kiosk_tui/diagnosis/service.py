"""TECS itself: its version, its clock, whether it takes the key, and the terminal behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from kiosk_tui.diagnosis import zone
from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.diagnosis.findings import Finding, bad, behind, good, left_out, look
from kiosk_tui.diagnosis.subject import Subject
from kiosk_tui.domain.evidence import Answered, Visit
from kiosk_tui.domain.outcome import StatusOutcome, TerminalState
from kiosk_tui.payment.readiness import SKEW, absurd

SOME_SKEW: Final = timedelta(seconds=60)
"""More than this is told. TECS publishes no limit, but has codes for clocks that differ too much."""

_OK, _REDIRECTS, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 300, 401, 403, 404
_SERVER_ERROR, _GATEWAY_TIMEOUT = 500, 504


async def version(subject: Subject) -> Finding:
    """See who answers."""
    if subject.line is None:
        return behind(Link.VERSION, Link.CONFIGURATION)
    seen = (await subject.line.version()).answered
    where = f"{subject.line.answers_at}/version"
    if seen is None:
        return bad(
            Link.VERSION,
            f"{where} gave no answer.",
            "The server takes connections and says nothing: try again, then tell who runs it.",
        )
    if seen.status >= _SERVER_ERROR:
        return bad(
            Link.VERSION,
            f"{where} answered with HTTP status {seen.status}.",
            "The server has a fault, or is being serviced: try again, then tell who runs it.",
        )
    name, number = seen.field("appName"), seen.field("version")
    if not (_OK <= seen.status < _REDIRECTS and name and number):
        return await _another(subject, seen, where)
    return good(
        Link.VERSION,
        f"{name} {number}, built {seen.field('buildDate') or 'who knows when'}",
        number,
    )


async def _another(subject: Subject, seen: Answered, where: str) -> Finding:
    """Say who it may be that answers, and not as TECS does."""
    said = f"{where} answered with HTTP status {seen.status} ({seen.form}), and not as TECS does"
    if await _asked(subject):
        if subject.probe == "status":
            return good(Link.VERSION, "no version page; the terminal's status is asked instead")
        return bad(
            Link.VERSION,
            f"{said}, but a status request is answered: a register stays closed.",
            'This gateway has no version page: set terminal.probe = "status".',
        )
    path = "Look at the path in terminal.url: .../tecsclientrest, or .../tecsclientrest-auth."
    if seen.status == _NOT_FOUND:
        return look(Link.VERSION, f"{said}.", path)
    if seen.form == "XML":
        return bad(
            Link.VERSION, f"{said}.", f"That is another interface: its answers are no JSON. {path}"
        )
    return bad(
        Link.VERSION,
        f"{said}: a portal that wants a login, a page about maintenance, or another address.",
        f"Open {where} in a browser on this network, and tell who runs the network. {path}",
    )


async def _asked(subject: Subject) -> bool:
    """Say whether a status request is answered as TECS does it."""
    if subject.line is None or not subject.line.can_ask:
        return False
    visit, _ = await subject.line.status()
    return visit.answered is not None and bool(visit.answered.code)


async def clock(subject: Subject) -> Finding:
    """Compare this machine's clock with the server's."""
    if subject.line is None:
        return behind(Link.CLOCK, Link.CONFIGURATION)
    before = subject.now()
    seen = (await subject.line.version()).answered
    now = before + (subject.now() - before) / 2
    do = "Set the clock: timedatectl set-ntp true, or timedatectl set-time."
    if absurd(now):
        return bad(Link.CLOCK, f"This machine's clock says {now:%Y-%m-%d %H:%M} UTC.", do)
    if wrong := zone.trouble(subject.environment):
        return look(
            Link.CLOCK,
            f"{wrong}.",
            "Set TZ to a name from `timedatectl list-timezones`, or unset it.",
        )
    if subject.line.mounted:
        return left_out(Link.CLOCK, "nothing to compare with: the demo's TECS has the same clock")
    if seen is None or seen.server_time is None:
        return look(Link.CLOCK, f"{now:%Y-%m-%d %H:%M:%S} UTC; the server does not tell its time.")
    off = now - seen.server_time
    text = f"This machine's clock is {_told(off)} the server's"
    if abs(off) > SKEW:
        return bad(
            Link.CLOCK,
            f"{text}: it says {now:%Y-%m-%d %H:%M}, the server {seen.server_time:%Y-%m-%d %H:%M}"
            " UTC.",
            do,
        )
    if abs(off) > SOME_SKEW:
        return look(Link.CLOCK, f"{text}.", do)
    days = zone.told(now, subject.zone, subject.environment)
    return good(Link.CLOCK, f"{now:%Y-%m-%d %H:%M:%S} UTC, as the server's; {days}")


def _told(off: timedelta) -> str:
    minutes = abs(off).total_seconds() / 60
    amount = f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"  # noqa: PLR2004
    return f"{amount} {'ahead of' if off > timedelta(0) else 'behind'}"


async def authorization(subject: Subject) -> Finding:
    """See whether TECS takes the key, by the one question that needs it and moves no money."""
    if subject.line is None:
        return behind(Link.AUTHORIZATION, Link.CONFIGURATION)
    subject.heard = await subject.line.status()
    visit, outcome = subject.heard
    seen = visit.answered
    if seen is None:
        return _unanswered(visit, outcome)
    if seen.status in (_UNAUTHORIZED, _FORBIDDEN):
        return bad(
            Link.AUTHORIZATION,
            f"TECS refused the key (HTTP status {seen.status}).",
            "Look at auth.scheme, and at the key: is it the one of this account and this server (test"
            " or live)? Ask TECS for a new one.",
        )
    if seen.status == _NOT_FOUND:
        return bad(
            Link.AUTHORIZATION,
            f"{visit.asked.url} is not there (HTTP status 404).",
            "Look at the path in terminal.url: .../tecsclientrest, or .../tecsclientrest-auth.",
        )
    return good(Link.AUTHORIZATION, "TECS takes the key", "taken")


def _unanswered(visit: Visit, outcome: StatusOutcome) -> Finding:
    if visit.timings.whole_s == 0.0:  # nothing left: there was no token to leave with
        return bad(
            Link.AUTHORIZATION,
            outcome.why,
            "Look at auth.token_url, auth.user, auth.client_id and the two secrets.",
        )
    # a refusal comes at once: what takes long is the terminal behind it
    return good(Link.AUTHORIZATION, "The key was not refused", "taken")


async def terminal(subject: Subject) -> Finding:
    """See what the terminal is doing."""
    if subject.line is None:
        return behind(Link.TERMINAL, Link.CONFIGURATION)
    heard, subject.heard = subject.heard, None
    visit, outcome = heard or await subject.line.status()
    told = _terminal(visit, outcome)
    return replace(told, took_s=visit.timings.whole_s) if heard else told


def _terminal(visit: Visit, outcome: StatusOutcome) -> Finding:
    seen = visit.answered
    if seen is None:
        return bad(
            Link.TERMINAL,
            f"The terminal does not answer. {visit.trouble}",
            "Look at the terminal: is it on, and does it say that it is online? Switch it off and on.",
        )
    if outcome.state is TerminalState.READY:
        return good(Link.TERMINAL, f"ready ({seen.code})", "ready")
    if outcome.state in _AT_WORK:
        return look(
            Link.TERMINAL,
            f"{seen.meaning} ({seen.code})",
            "Somebody pays, or a payment was left: look at its display, press its red key.",
        )
    if outcome.state is TerminalState.UNSUPPORTED:
        return look(
            Link.TERMINAL,
            "It cannot be asked: this account has no status query (8002)",
            "Set terminal.status_query = false; only a test sale shows whether the terminal works.",
        )
    return bad(Link.TERMINAL, _no_state(seen), _about(seen))


_AT_WORK: Final = frozenset(
    {TerminalState.WAITING_FOR_CARD, TerminalState.CARD_READ, TerminalState.BUSY}
)


def _no_state(seen: Answered) -> str:
    if seen.status == _GATEWAY_TIMEOUT:
        return "TECS could not reach the terminal (HTTP status 504)."
    if seen.code:
        return f"TECS answered with code {seen.code}: {seen.meaning} (HTTP status {seen.status})."
    return f"What came back is no answer (HTTP status {seen.status}, {seen.size} bytes)."


def _about(seen: Answered) -> str:
    if seen.code and seen.status < _SERVER_ERROR:
        return (
            "Look at terminal.number and terminal.source_id: do they belong to this account? Then ask"
            " TECS about this code."
        )
    return "Look at the terminal: is it on, and does it say that it is online? Then ask TECS."
