"""The text format that Prometheus's node exporter picks up from a folder.

Written by hand: `prometheus_client` takes longer to import than everything that the first picture needs.
Labels are our own words: few, and none but a version needs escaping.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from itertools import accumulate

from kiosk_tui import __version__
from kiosk_tui.observe.reporting.counters import BOUNDS_S, ENDS, Counters
from kiosk_tui.observe.reporting.status import RegisterStatus
from kiosk_tui.payment.readiness import Obstacle

_LINE = re.compile(r'(kiosk_tui_\w+)(?:\{\w+="([^"]*)"\})? ([0-9.]+)', re.ASCII)


def text(counters: Counters, now: RegisterStatus, started_at: float) -> str:
    """Return the file's text; `started_at` is when this process began, in Unix seconds."""
    return "".join(f"{line}\n" for line in _lines(counters, now, started_at))


def _lines(counters: Counters, now: RegisterStatus, started_at: float) -> Iterator[str]:
    yield from _head("build_info", "gauge", "What runs here.")
    versions = f'version="{_quoted(__version__)}",python="{_quoted(platform.python_version())}"'
    yield f"kiosk_tui_build_info{{{versions}}} 1"
    yield from _one("starts_total", "counter", "Starts of the program.", counters.starts)
    yield from _one("start_time_seconds", "gauge", "When it started last.", round(started_at))
    yield from _one("ready", "gauge", "Whether a payment may start.", int(now.obstacle is None))
    yield from _head("closed", "gauge", "Why no payment may start.")
    for obstacle in Obstacle:
        yield f'kiosk_tui_closed{{obstacle="{obstacle}"}} {int(now.obstacle is obstacle)}'
    yield from _head("transactions_total", "counter", "Transactions by how they ended.")
    for state in ENDS:
        yield f'kiosk_tui_transactions_total{{outcome="{state.lower()}"}} {counters.ended[state]}'
    yield from _one("cancellations_due", "gauge", "Not yet answered by TECS.", len(now.due))
    yield from _one(
        "oldest_cancellation_due_seconds",
        "gauge",
        "How long the oldest of them is due.",
        round(now.oldest_due_s, 1),
    )
    yield from _one("needs_staff", "gauge", "What no machine can settle.", len(now.needs_staff))
    if now.disk_free_bytes is not None:
        yield from _one(
            "disk_free_bytes", "gauge", "Room on the journal's disk.", now.disk_free_bytes
        )
    if now.signatures_owed is not None:
        about = "Signatures that the fiscal signer owes."
        yield from _one("signatures_owed", "gauge", about, now.signatures_owed)
        yield from _one(
            "oldest_signature_owed_seconds",
            "gauge",
            "How long the oldest of them is owed.",
            round(now.oldest_signature_owed_s, 1),
        )
    yield from _head(
        "answer_seconds", "histogram", "From the request to its answer, with the customer's time."
    )
    sums = list(accumulate(counters.answers))
    for bound, count in zip((*BOUNDS_S, "+Inf"), sums, strict=True):
        yield f'kiosk_tui_answer_seconds_bucket{{le="{bound}"}} {count}'
    yield f"kiosk_tui_answer_seconds_sum {counters.answers_s:.3f}"
    yield f"kiosk_tui_answer_seconds_count {sums[-1]}"


def _head(name: str, kind: str, about: str) -> Iterator[str]:
    yield f"# HELP kiosk_tui_{name} {about}"
    yield f"# TYPE kiosk_tui_{name} {kind}"


def _one(name: str, kind: str, about: str, value: float) -> Iterator[str]:
    yield from _head(name, kind, about)
    yield f"kiosk_tui_{name} {value}"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def read(text: str) -> Counters:
    """Return the counts that an earlier process wrote; what cannot be read counts from nothing."""
    found = {
        (match[1], match[2]): float(match[3])
        for match in map(_LINE.fullmatch, text.splitlines())
        if match is not None and match[3].count(".") <= 1 and match[3] != "."
    }

    def value(name: str, label: str | None = None) -> float:
        return found.get((f"kiosk_tui_{name}", label), 0.0)

    counters = Counters(starts=int(value("starts_total")), answers_s=value("answer_seconds_sum"))
    for state in ENDS:
        counters.ended[state] = int(value("transactions_total", state.lower()))
    before = 0
    for at, bound in enumerate((*BOUNDS_S, "+Inf")):
        so_far = int(value("answer_seconds_bucket", str(bound)))
        counters.answers[at] = max(0, so_far - before)
        before = max(before, so_far)
    return counters
