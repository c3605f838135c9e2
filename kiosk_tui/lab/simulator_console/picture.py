"""What is on the console, as lines of text with roles: a pure look at the simulator's own objects."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kiosk_tui.domain.money import MoneyError, Total, plain
from kiosk_tui.lab.simulator_console.choices import Group, describe
from kiosk_tui.simulator.ledger import Entry, EntryKind, HostLedger, Status
from kiosk_tui.simulator.rules import KINDS, What
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.simulator.terminal import Screen
from kiosk_tui.text.currencies import currency

Part = tuple[str, str]
"""A text and its role in the theme."""
Line = tuple[Part, ...]

BY_HAND_S: Final = 3600.0
"""Longer than any terminal waits: the card comes by a key, or never."""
_LABEL: Final = 11
_NEXT_LINES: Final = 2
_WIDE: Final = 110
_DOING: Final[Mapping[Screen, Part]] = {
    Screen.IDLE: ("free", "page"),
    Screen.WAITING_FOR_CARD: ("WAITS FOR A CARD", "warn"),
    Screen.CARD_READ: ("card read, asking the host", "title"),
    Screen.BUSY: ("busy", "title"),
}
_STANDS: Final[Mapping[Status, str]] = {
    Status.APPROVED: "ok-text",
    Status.DECLINED: "dim",
    Status.CANCELLED: "warn",
}
_TYPES: Final[Mapping[tuple[str, str], What]] = {
    (message, identifier): what
    for (message, identifier, _), what in KINDS.items()
    if what not in (What.MOTO, What.REFERENCED_REFUND)
} | {("0001", "2"): What.MOTO, ("0011", "2"): What.REFERENCED_REFUND}


@dataclass
class Times:
    """When the console first saw an entry; the ledger itself keeps no time."""

    seen: dict[str, str] = field(default_factory=dict)

    def note(self, ledger: HostLedger, now: str) -> None:
        """Note what is new."""
        for number in ledger.entries:
            self.seen.setdefault(number, now)


def state(simulator: Simulator, width: int) -> list[Line]:
    """Say what the terminal does, what comes next, and what came last."""
    request, (doing, role) = simulator.current, _DOING[simulator.terminal.screen]
    about = ""
    if request is not None:
        code, minor = request.fields["currency"], request.amount_minor
        amount = f" {money(minor, code)}" if minor else ""
        tip = f" + {_figure(request.tip_minor, code)}" if request.tip_minor else ""
        about = f"   {_words(request.what)}{amount}{tip} on {request.fields['terminal_number']}"
    return [
        (("Terminal".ljust(_LABEL), "dim"), (doing, role), (about, "page")),
        (("Card".ljust(_LABEL), "dim"), (_card(simulator), "page")),
        *_next(simulator, width),
    ]


def ledger(simulator: Simulator, times: Times, width: int, height: int) -> list[Line]:
    """Return the newest entries and the sums below them, in so many rows."""
    book = simulator.ledger
    sums = list(_sums(book))
    room = height - len(sums) - 3
    rows = [_entry(one, book, times, width) for one in reversed(book.entries.values())][:room]
    more = len(book.entries) - len(rows)
    if not rows:
        rows = [(("Nothing yet: point a kiosk to the address above, and pay.", "page"),)]
    empty: list[Line] = [((" ", "page"),)] * (room - len(rows))
    counted = f"{len(book.requests)} requests"
    last = f", the last one: {_last(book)}" if book.requests else ""
    older = f"   ({more} older)" if more > 0 else ""
    return [
        ((_columns(width), "dim"),),
        *rows,
        *empty,
        (("─" * width, "line"),),
        *sums,
        ((f"{counted}{last}{older}", "dim"),),
    ]


def menu(group: Group, simulator: Simulator, height: int) -> list[Line]:
    """Return a group's choices with their keys."""
    lines: list[Line] = [((f"{group.title}: what does the next payment meet?", "title"),)]
    for key, choice in group.keyed():
        text = choice.shown(simulator.options)
        lines.append(((f" {key} ", "key"), (f" {text}", "page")))
    return lines + [((" ", "page"),)] * (height - len(lines))


def keys(does: Mapping[str, str]) -> Line:
    """Return the keys that do something, as caps with what each does."""
    found = (((f" {cap} ", "key"), (f" {text}   ", "page")) for cap, text in does.items())
    return tuple(part for pair in found for part in pair)


def money(minor: int, code: str) -> str:
    """Write an amount with its currency; one that ISO does not know in minor units."""
    try:
        return f"{plain(Total(minor, currency(code)))} {code}"
    except MoneyError:
        return f"{minor} minor {code}"


# -- parts ---------------------------------------------------------------------------------------


def _next(simulator: Simulator, width: int) -> Iterator[Line]:
    queued = simulator.queued
    told, role = "whatever its amount asks for", "page"
    if queued:
        more = f" (and {len(queued) - 1} more after it)" if len(queued) > 1 else ""
        told, role = f"{describe(queued[0])}{more}", "warn"
    elif simulator.scenario.steps:
        told = f"a step of the scenario file: {len(simulator.scenario.steps)} are left"
    lines = textwrap.wrap(told, max(20, width - _LABEL))[:_NEXT_LINES]
    for label, text in zip(
        ("Next", ""), [*lines, *[" "] * (_NEXT_LINES - len(lines))], strict=True
    ):
        yield ((label.ljust(_LABEL), "dim"), (text, role))


def _card(simulator: Simulator) -> str:
    options = simulator.options
    if options.card_s >= BY_HAND_S:
        return f"by hand: press P within {options.card_timeout_s:g} s"
    return f"presented after {options.card_s:g} s, the host takes {options.host_s:g} s"


def _columns(width: int) -> str:
    wide = "  terminal  refers to" if width >= _WIDE else ""
    return f"{'time':<8}  {'what':<10}  {'amount':>13}  {'stands':<9}  {'stayed':>9}  transaction{wide}"


def _entry(one: Entry, book: HostLedger, times: Times, width: int) -> Line:
    total, stayed = one.total_minor, book.net_minor(one.transaction_id)
    amount = money(total, one.currency)
    net = money(stayed, one.currency).rpartition(" ")[0]
    wide = ""
    if width >= _WIDE:
        wide = f"  {one.terminal}  {one.original_id or ''}"
    when = times.seen.get(one.transaction_id, "")
    return (
        (f"{when:<8}  {one.kind:<10}  {amount:>13}  ", "page"),
        (f"{one.status:<9}", _STANDS[one.status]),
        (f"  {net:>9}", "title" if stayed else "page"),
        (f"  {one.transaction_id:>17}{wide}", "page"),
    )


def _sums(book: HostLedger) -> Iterator[Line]:
    """Yield the sums of each currency."""
    codes = list(dict.fromkeys(one.currency for one in book.entries.values()))
    for code in codes[:2] or ["EUR"]:
        mine = {key: one for key, one in book.entries.items() if one.currency == code}
        moves = [one for one in book.movements if one.transaction_id in mine]
        paid_back = {key for key, one in mine.items() if one.kind is EntryKind.REFUND}
        charged = sum(m.minor for m in moves if m.minor > 0 and m.transaction_id not in paid_back)
        back = sum(-m.minor for m in moves if m.transaction_id in paid_back)
        reversed_ = sum(
            -m.minor for m in moves if m.minor < 0 and m.transaction_id not in paid_back
        )
        held = sum(
            max(0, one.total_minor - one.completed_minor)
            for one in mine.values()
            if one.kind is EntryKind.HOLD and one.status is Status.APPROVED
        )
        parts = (
            ("charged", charged),
            ("reversed", reversed_),
            ("refunded", back),
            ("held", held),
        )
        shown = "  ".join(f"{name} {_figure(minor, code)}" for name, minor in parts)
        stayed = money(sum(one.minor for one in moves), code)
        yield (("stayed ", "page"), (stayed, "title"), (f"  {shown}", "page"))


def _figure(minor: int, code: str) -> str:
    return money(minor, code).partition(" ")[0]


def _last(book: HostLedger) -> str:
    seen = book.requests[-1]
    what = _TYPES.get((seen.message_type, seen.identifier))
    return seen.message_type if what is None else f"{seen.message_type} {_words(what)}"


def _words(what: What) -> str:
    return what.replace("_", " ")
