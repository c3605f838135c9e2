"""Every byte: which cases there are, and playing them on all cores."""

from __future__ import annotations

import asyncio
import logging
import os
import random
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
from proofs.line.lane import Certificates, lane
from proofs.line.wire import ENDINGS, GARBLES, Kind, Strike, Way

_CHUNK: Final = 150
_SPARE: Final = 24
"""Offsets beyond the length that was measured: a signature in TLS may be some bytes longer."""

TLS_KINDS: Final = (*ENDINGS, Kind.BIT, Kind.LOSE)
"""In TLS one garble is as good as another: the sum over the record is wrong."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many bytes one exchange is long, each way."""

    request: int
    answer: int

    def of(self, way: Way) -> int:
        return self.request if way is Way.REQUEST else self.answer


async def measured(folder: Path, certificates: Certificates | None) -> Lengths:
    """Let one payment through untouched, and measure it."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        async with lane(Path(own), certificates) as one:
            one.wire.arm()
            await one.pay()
            (passage,) = one.wire.passages
            return Lengths(*(len(passage.streams[way].sent) for way in (Way.REQUEST, Way.ANSWER)))


def every(lengths: Lengths, seed: int, *, tls: bool, whole: bool) -> Iterator[Case]:
    """Yield every case, or for CI one kind per offset: which one is the seed's choice."""
    for story in Story:
        for way in Way:
            kinds = _kinds(story, way, tls=tls)
            if not kinds:
                continue
            # of TLS, where each case costs twice as much, CI takes every other offset
            step = 2 if tls and not whole else 1
            for offset in range(seed % step, lengths.of(way) + _SPARE, step):
                chosen = kinds if whole else (kinds[(offset // step + seed) % len(kinds)],)
                for kind in chosen:
                    yield Case(tls, story, Strike(way, offset, kind, seed))


def _kinds(story: Story, way: Way, *, tls: bool) -> Sequence[Kind]:
    endings = [one for one in ENDINGS if one is not Kind.LATE or story in PAYMENTS]
    if story in (Story.APPROVED, Story.CANCELLED):
        return (
            [one for one in TLS_KINDS if one in (*endings, *GARBLES)]
            if tls
            else [*endings, *GARBLES]
        )
    # what the others add is another answer; a request is the same one again
    return () if tls or way is Way.REQUEST else GARBLES


def play(
    cases: Sequence[Case],
    folder: Path,
    certificates: Certificates,
    kind: type[TecsTerminal] = TecsTerminal,
) -> list[Result]:
    """Play cases of one scheme, in this process."""
    be_quiet(certificates)
    tls = cases[0].tls
    return asyncio.run(many(cases, folder, certificates if tls else None, kind))


def be_quiet(certificates: Certificates) -> None:
    """Let nobody talk, and let this machine trust the proof's authority alone."""
    logging.disable(logging.CRITICAL)
    # the client reads the machine's whole list of authorities for each connection: 30 ms
    os.environ["SSL_CERT_FILE"] = certificates.authority
    os.environ["SSL_CERT_DIR"] = str(Path(certificates.authority).parent)


def played(
    cases: Sequence[Case], folder: Path, certificates: Certificates, workers: int, seed: int
) -> dict[tuple[bool, bool, Kind], Tally]:
    """Play cases on all cores; tallies by scheme, whether the payment was struck, and kind."""
    chunks = []
    for tls in (False, True):
        mine = [one for one in cases if one.tls is tls]
        random.Random(seed).shuffle(mine)  # slow ones are spread
        chunks += [mine[at : at + _CHUNK] for at in range(0, len(mine), _CHUNK)]
    found: dict[tuple[bool, bool, Kind], Tally] = defaultdict(Tally)
    work = partial(play, folder=folder, certificates=certificates)
    with ProcessPoolExecutor(workers) as pool:
        for results in pool.map(work, chunks):
            for one in results:
                case = one.case
                found[case.tls, case.story in PAYMENTS, case.strike.kind].add(one)
    return found
