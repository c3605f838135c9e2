"""Every byte: which cases there are, and playing them on all cores."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from kiosk_tui.tecs.client import TecsTerminal
from proofs.line.cases import PAYMENTS, Case, Result, Story, Tally, many
from proofs.line.lane import ENCRYPTED, Certificates, Road, lane
from proofs.line.wire import GARBLES, Kind, Strike, Way

_CHUNK: Final = 150
_VARIED: Final = frozenset({Kind.BIT, Kind.BYTE})
_VARIANTS: Final = 6
"""How many other bits and bytes the long version tries at each offset."""
_SPARE: Final = 24
"""Offsets beyond the length that was measured: a signature in TLS may be some bytes longer."""

TLS_GARBLES: Final = (Kind.BIT, Kind.LOSE)
"""In TLS one garble is as good as another: the sum over the record is wrong."""


Struck = tuple[Road, str, Kind]
"""A road, what was struck on it, and with what."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many bytes one exchange is long, each way."""

    request: int
    answer: int

    def of(self, way: Way) -> int:
        return self.request if way is Way.REQUEST else self.answer


async def measured(folder: Path, certificates: Certificates, road: Road) -> Lengths:
    """Let one payment through untouched, and measure what is to be struck."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        async with lane(Path(own), certificates, road) as one:
            one.terminal._authorization.forget()
            one.wire.arm()
            await one.pay()
            passage = one.wire.passages[0]
            sent = [bytes(passage.streams[way].sent) for way in (Way.REQUEST, Way.ANSWER)]
    if road is Road.PROXY:  # beyond what the proxy is asked and answers, it is the road of TLS
        sent = [one[: one.index(b"\r\n\r\n") + 4] for one in sent]
    return Lengths(*map(len, sent))


def every(lengths: Lengths, seed: int, road: Road, *, whole: bool) -> Iterator[Case]:
    """Yield every case, or for CI one kind per offset: which one is the seed's choice."""
    for story in Story:
        for way in Way:
            kinds = _kinds(story, way, road)
            if not kinds:
                continue
            # of TLS, where each case costs twice as much, CI takes every other offset
            step = 2 if road is Road.TLS and not whole else 1
            for offset in range(seed % step, lengths.of(way) + _SPARE, step):
                chosen = kinds if whole else (kinds[(offset // step + seed) % len(kinds)],)
                for kind in chosen:
                    for more in range(_VARIANTS if whole and kind in _VARIED else 1):
                        yield Case(road, story, Strike(way, offset, kind, seed + more))


def _kinds(story: Story, way: Way, road: Road) -> Sequence[Kind]:
    if road in (Road.PROXY, Road.TOKEN) and story is not Story.APPROVED:
        return ()
    if story in (Story.APPROVED, Story.CANCELLED):
        late = (Kind.LATE,) if story is Story.APPROVED else ()
        garbles = TLS_GARBLES if road in ENCRYPTED else GARBLES
        return (Kind.CUT, Kind.RESET, Kind.STALL, *late, *garbles)
    # what the others add is another answer; a request is the same one again
    return () if road in ENCRYPTED or way is Way.REQUEST else GARBLES


def play(
    cases: Sequence[Case],
    folder: Path,
    certificates: Certificates,
    kind: type[TecsTerminal] = TecsTerminal,
) -> list[Result]:
    """Play cases of one road, in this process."""
    be_quiet(certificates)
    return asyncio.run(many(cases, folder, certificates, kind))


def be_quiet(certificates: Certificates) -> None:
    """Let nobody talk, and let this machine trust the proof's authority alone."""
    logging.disable(logging.CRITICAL)
    # httpcore looks for it anew at every step, and never finds it
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
    # the client reads the machine's whole list of authorities for each connection: 30 ms
    os.environ["SSL_CERT_FILE"] = certificates.authority
    os.environ["SSL_CERT_DIR"] = str(Path(certificates.authority).parent)


def played(
    cases: Sequence[Case], folder: Path, certificates: Certificates, workers: int, seed: int
) -> dict[Struck, Tally]:
    """Play cases on all cores; tallies by road, exchange and kind."""
    chunks = []
    for road in Road:
        mine = [one for one in cases if one.road is road]
        random.Random(seed).shuffle(mine)  # slow ones are spread
        chunks += [mine[at : at + _CHUNK] for at in range(0, len(mine), _CHUNK)]
    found: dict[Struck, Tally] = defaultdict(Tally)
    work = partial(play, folder=folder, certificates=certificates)
    with ProcessPoolExecutor(workers) as pool:
        for results in pool.map(work, chunks):
            for one in results:
                case = one.case
                found[case.road, _exchange(case), case.strike.kind].add(one)
    return found


def _exchange(case: Case) -> str:
    if case.road is Road.PROXY:
        return "CONNECT"
    if case.road is Road.TOKEN:
        return "token"
    return "payment" if case.story in PAYMENTS else "cancellation"
