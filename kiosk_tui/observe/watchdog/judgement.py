"""Whether the register is alive, and what it is doing, in a sentence. Pure functions of facts."""

from __future__ import annotations

from kiosk_tui.payment.heartbeat import Signs
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class WatchdogLimits:
    """How long something may last, in seconds.

    `look_s`: from one check of the chain to the next. `pay_s`: one payment, from its order to its
    outcome. `refuse_s`: a disk that refuses writes; a fresh process may get on with it, and if not, says
    so on the screen without ever being ready.
    """

    look_s: float
    pay_s: float
    refuse_s: float = 300.0


def standstill(signs: Signs, limits: WatchdogLimits, answer_s: float) -> str:
    """Return what stands still, in a sentence; empty when everything moves.

    `answer_s` is how long the disk may take for one answer.
    """
    if signs.asked_s > answer_s:
        return f"The journal has not answered for {signs.asked_s:.0f} s."
    if signs.refused_s > limits.refuse_s:
        return f"The journal has refused for {signs.refused_s:.0f} s."
    if signs.looked_s > limits.look_s:
        return f"The register has not looked at the chain for {signs.looked_s:.0f} s."
    if signs.paying_s > limits.pay_s:
        return f"A payment has been running for {signs.paying_s:.0f} s."
    return ""


def doing(readiness: Readiness, *, paying: bool) -> str:
    """Say what the register is doing, for whoever asks systemd."""
    due = len(readiness.due)
    cancellations = f"{due} cancellation{'s' * (due != 1)} due" if due else ""
    if paying:
        now = "waiting for card"
    elif readiness.obstacle is Obstacle.STARTING:
        now = "starting"
    elif readiness.open:
        now = "idle"
    else:
        now = f"out of service: {readiness.why}"
    return ", ".join(filter(None, (cancellations, now)))


def usable(readiness: Readiness) -> bool:
    """Say whether the journal is open and takes what is written; whether payments may start or not."""
    return readiness.obstacle not in {Obstacle.STARTING, Obstacle.JOURNAL}
