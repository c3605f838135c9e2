"""The line, byte by byte: production client and register against the simulator, over real sockets.

Owns: a TCP proxy that strikes one connection at one byte, in plain and in TLS, and what is judged
afterwards. Each byte offset of a payment's request and answer, and of its cancellation's, is cut,
reset, held back for ever or for a while, changed, doubled, lost or led by another byte. Then the line
is good again, the register replays to the end, and the judge compares its journal with the ledger.

What no register can see is told apart by an independent reader (`reading`): in plain HTTP, a changed
byte that leaves a whole, valid message. That is why plain is refused beyond this machine.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.models import Config
from kiosk_tui.config.models.terminal import TerminalSettings
from kiosk_tui.config.rules import check
from kiosk_tui.tecs.client import TecsTerminal
from proofs.line import before, oddly, sabotage, sweep
from proofs.line.cases import Case, Story, Tally, many
from proofs.line.certificates import Authority
from proofs.line.lane import Certificates, Road
from proofs.line.wire import Kind, Strike, Way
from proofs.proof import Effort, Row

CLAIM = "No byte of the line, lost, late or changed, loses money; in plain, as far as can be seen."
ASSUMES = (
    "a request that has begun to leave reaches TECS within the settle window, or never",
    "TLS finds out a changed byte, as it promises; struck in TLS 1.3, as Python's OpenSSL speaks it",
    (
        "in plain HTTP, one changed byte may leave a whole, valid message: no answer of TECS carries an"
        " amount, a type or a checksum, so nobody could see it"
    ),
    "one fault strikes one connection; faults upon faults are the simulation's",
)


def lacks() -> str:
    """Nothing: sockets of this machine and the test requirements are enough."""
    return ""


def prove(effort: Effort) -> Iterator[Row]:
    """Yield a row for each kind of fault and exchange, what deceives, and the controls."""
    authority = Authority(effort.folder)
    certificates = authority.issue()
    sweep.be_quiet(certificates)
    cases = [
        case
        for road in Road
        for case in sweep.every(
            asyncio.run(sweep.measured(effort.folder, certificates, road)),
            effort.seed,
            road,
            whole=effort.whole,
        )
    ]
    found = sweep.played(cases, effort.folder, certificates, effort.workers, effort.seed)
    for (road, exchange, kind), tally in sorted(found.items()):
        ends = ", ".join(f"{state} {count:,}" for state, count in tally.ends.most_common())
        struck = f"{_ROADS[road]}, {exchange}: {_NAMES[kind]}"
        yield Row(struck, tally.struck, tally.violations, note=ends)
    yield _unseen(found)
    yield oddly.row(effort.folder, certificates)
    yield before.unsent(effort.folder, authority, certificates)
    yield before.too_late(effort.folder, certificates)
    yield from _controls(effort.folder, certificates)


def replay(case: str) -> int:
    """Play one case, as `plain:approved:answer:cut:120:7`, and tell what became of it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, asked = Path(scratch), Case.read(case)
        certificates = Authority(folder).issue()
        sweep.be_quiet(certificates)
        (result,) = asyncio.run(many([asked], folder, certificates))
    print(f"{asked}\nstruck: {result.struck}\nends as: {result.state}")
    print(f"deceived in: {result.deceived}" if result.deceived else "nothing deceived")
    print("\n".join(result.wrong) or "Kept: nothing is wrong.")
    return 1 if result.wrong and not result.deceived else 0


def _controls(folder: Path, certificates: Certificates) -> Iterator[Row]:
    for name, (kind, cases) in _SABOTAGE.items():
        results = sweep.play(cases, folder, certificates, kind)
        wrong = [" ".join(one.wrong) for one in results if one.wrong]
        yield Row(name, sum(one.struck for one in results), wrong, control=True)
    for name, (kind, odd) in _ODD_SABOTAGE.items():
        points, wrong = oddly.control(folder, certificates, kind, odd)
        yield Row(name, points, wrong, control=True)
    yield before.too_late(folder, certificates, sabotage.LeavesLate)


def _unseen(found: Mapping[sweep.Struck, Tally]) -> Row:
    """Count what the independent reader calls a deception; plain must be refused elsewhere."""
    fields: Counter[str] = Counter()
    excused = 0
    for tally in found.values():
        fields += tally.deceived
        excused += tally.excused
    table = ", ".join(f"{name} {count}" for name, count in fields.most_common())
    return Row(
        "plain: a changed byte left a whole, valid message, which nobody can see",
        fields.total(),
        _plain_is_open(),
        note=f"{excused} of them lost money, so plain is refused beyond this machine; {table}",
    )


def _plain_is_open() -> list[str]:
    """Return a sentence when the configuration takes plain HTTP to another machine, unasked."""
    terminal = TerminalSettings(url="http://tecs.example/tecsclientrest", number="88091105")
    try:
        check(Config(terminal=terminal), {})
    except ConfigError as error:
        if "not encrypted" in str(error):
            return []
    return ["The configuration takes plain HTTP to another machine without being told to."]


_ROADS: Final[dict[Road, str]] = {
    Road.PLAIN: "plain",
    Road.TLS: "TLS",
    Road.PROXY: "TLS through a proxy",
    Road.TOKEN: "OAuth",
}
_NAMES: Final[dict[Kind, str]] = {
    Kind.CUT: "cut with FIN",
    Kind.RESET: "reset",
    Kind.STALL: "held back for ever",
    Kind.LATE: "held back until after the first cancellation",
    Kind.BIT: "a bit turned over",
    Kind.BYTE: "a byte changed",
    Kind.DOUBLE: "a byte doubled",
    Kind.INSERT: "a digit put in",
    Kind.LOSE: "a byte lost",
}


def _each(story: Story, way: Way, kind: Kind, *, step: int = 40) -> list[Case]:
    return [Case(Road.PLAIN, story, Strike(way, offset, kind, 1)) for offset in range(0, 600, step)]


_SABOTAGE: Final[dict[str, tuple[type[TecsTerminal], list[Case]]]] = {
    "takes a cut answer for a decline": (
        sabotage.CallsItDeclined,
        _each(Story.APPROVED, Way.ANSWER, Kind.CUT),
    ),
    "takes a broken line for a request that never left": (
        sabotage.CallsItNotSent,
        _each(Story.APPROVED, Way.REQUEST, Kind.RESET),
    ),
    "sends a payment again when its answer was cut": (
        sabotage.SendsAgain,
        _each(Story.APPROVED, Way.ANSWER, Kind.CUT),
    ),
    "takes a cancellation that was cut for a confirmed one": (
        sabotage.BelievesAnyCancellation,
        _each(Story.CANCELLED, Way.REQUEST, Kind.CUT),
    ),
    "takes a cancellation that was answered with silence for a confirmed one": (
        sabotage.BelievesAnyCancellation,
        _each(Story.CANCELLED, Way.REQUEST, Kind.STALL),
    ),
}
_ODD_SABOTAGE: Final[dict[str, tuple[type[TecsTerminal], tuple[str, ...]]]] = {
    "takes the answer to another transaction": (
        sabotage.IgnoresTheId,
        ("another transaction's approval", "another transaction's decline"),
    ),
    "takes HTTP 200 for an approval": (
        sabotage.TrustsTheStatus,
        ("another transaction's decline", "no code"),
    ),
    "follows a redirect": (sabotage.FollowsRedirects, ("307", "308")),
}
