"""One trial: a schedule of the production register whose machine loses power, judged at its end."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from kiosk_tui.journal.store import Store
from proofs.power.disk import Cut, Machine, PowerDisk
from proofs.power.files import Fate
from proofs.power.sqlite import Zeros
from proofs.simulation import plan as simulation
from proofs.simulation.loop import Loop
from proofs.simulation.plan import Act, Action, CancelFate, CancelFault, Host, Kill, LineFault, Plan
from proofs.simulation.schedule import Parts, Schedule, Storage

NORMAL: Final = "normal"
LIES: Final = "lies"
NAMES: Final = "names"
OVER: Final = "over"
CONTROLS: Final = {
    NORMAL: "synchronous=NORMAL: a commit does not wait for the disk",
    LIES: "a disk that answers a sync before it has written",
    NAMES: "a folder whose names are never synced",
    OVER: "zeros at the beginning of a log in which something may be due",
}

_HOST_S: Final = 120.0
"""The host's longest: with it, every charge comes within the settle window (see `ASSUMES`)."""

_LIARS: Final = frozenset({CancelFault.NOT_FOUND, CancelFault.DECLINED})
"""A host that denies the charge it made: only whoever has its approval on disk can contradict."""

_HEAL_S: Final = 250.0
"""Before the register looks at the disk again: what a story has to do is done by then."""

_LASTING: Final = 0.5
"""So often it is a register that stays, and appends zeros to its log."""

_NEVER: Final = 10**9
"""A step that no process reaches: the disk says when it goes."""

FATES: Final = tuple(Fate)


@dataclass(frozen=True, slots=True)
class Trial:
    """What people, line and host do, and what the machine meets."""

    plan: Plan
    machine: Machine


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a trial. `calls` counts the calls to the disk after the last cut."""

    violations: tuple[str, ...]
    cuts: int
    calls: int
    story: tuple[str, ...]


def run(trial: Trial, control: str = "", *, tell: bool = False) -> Found:
    """Carry out one trial and judge it."""
    schedule = _Powered(trial, control)
    verdict = schedule.run(tell=tell)
    cuts, calls = schedule.disk.struck, schedule.disk.calls
    wrong = (*verdict.violations, *schedule.damage())
    return Found(wrong, cuts, calls, tuple(schedule.story))


def story(name: str, cuts: tuple[Cut, ...] = ()) -> Trial:
    """Return one of `STORIES` with these cuts after those that belong to it."""
    told = STORIES[name]
    return replace(told, machine=replace(told.machine, cuts=(*told.machine.cuts, *cuts)))


def draw(seed: int) -> Trial:
    """Return the trial of a seed: any schedule of the simulation, with up to four cuts anywhere."""
    chance = random.Random(seed)
    machine = Machine(
        cuts=tuple(_cut(chance) for _ in range(chance.choice((1, 1, 2, 3)))),
        fresh=chance.random() < 0.2,
        checkpoint_pages=chance.choice((2, 5, 12, 40, 1000)),
        zeros=Zeros.BEHIND if chance.random() < _LASTING else Zeros.NONE,
    )
    plan = simulation.draw(seed)
    soon = tuple(replace(fate, host_s=min(fate.host_s, _HOST_S)) for fate in plan.fates)
    honest = tuple(CancelFate() if one.host in _LIARS else one for one in plan.cancels)
    # a past would have to be on this disk, too: there a schedule begins with an empty journal
    return Trial(replace(plan, fates=soon, cancels=honest, kills=(), disk=(), past=()), machine)


def _cut(chance: random.Random) -> Cut:
    return Cut(
        call=chance.randint(1, chance.choice((12, 40, 80))),
        fate=chance.choice(FATES),
        seed=chance.randrange(10**6),
        down_s=chance.choice((0.5, 3.0, 60.0, 400.0)),
    )


class _Powered(Schedule):
    """A schedule in which processes end because the power does."""

    def __init__(self, trial: Trial, control: str) -> None:
        kills = tuple(Kill(_NEVER, cut.down_s) for cut in trial.machine.cuts)
        store = partial(Store, synchronous="NORMAL") if control == NORMAL else Store
        super().__init__(replace(trial.plan, kills=kills), Parts(store=store))
        zeros = Zeros.OVER if control == OVER else trial.machine.zeros
        self._machine = replace(
            trial.machine, lies=control == LIES, keeps_names=control != NAMES, zeros=zeros
        )

    def _storage(self, loop: Loop) -> Storage:
        self.disk = PowerDisk(self._machine, loop.on_kill, self._tell)
        return self.disk

    def damage(self) -> list[str]:
        """Return what is wrong with the file at the end."""
        try:
            return self.disk.damage()
        finally:
            self.disk.close()


def _pays(
    *fates: simulation.Fate,
    then: tuple[Action, ...] = (),
    fresh: bool = False,
    cuts: tuple[Cut, ...] = (),
    checkpoint_pages: int = 1000,
    zeros: Zeros = Zeros.NONE,
) -> Trial:
    actions = (*(Action(1.0 + 20 * n, Act.PAY) for n in range(len(fates))), *then)
    plan = Plan(1, tuple(sorted(actions, key=lambda one: one.at_s)), fates, heal_s=_HEAL_S)
    return Trial(plan, Machine(cuts, fresh, checkpoint_pages, zeros))


_GOOD: Final = simulation.Fate()
_LOST: Final = simulation.Fate(line=LineFault.LOSE_ANSWER)
_DECLINED: Final = simulation.Fate(host=Host.DECLINES)

STORIES: Final[dict[str, Trial]] = {
    "the first start and a payment": replace(_pays(_GOOD), machine=Machine(fresh=True)),
    "an approved payment": _pays(_GOOD),
    "a declined payment": _pays(_DECLINED),
    "a lost answer and its cancellation": _pays(_LOST),
    "a customer who gives up": _pays(_GOOD, then=(Action(3.0, Act.GIVE_UP),)),
    "staff cancel what was approved": _pays(_GOOD, then=(Action(12.0, Act.CANCEL_LAST),)),
    "checkpoints in every payment": _pays(_GOOD, _LOST, _GOOD, _DECLINED, checkpoint_pages=6),
    "a cut while it recovers from one": _pays(_LOST, cuts=(Cut(20, Fate.KEPT, 1),)),
    "a cut while it starts after a cut first start": _pays(
        _GOOD, fresh=True, cuts=(Cut(24, Fate.IN_ORDER, 1),)
    ),
    "a cancellation in a log of zeros": _pays(_LOST, fresh=True, zeros=Zeros.BEHIND),
    "checkpoints in a log of zeros": _pays(
        _GOOD, _LOST, _GOOD, checkpoint_pages=6, zeros=Zeros.BEHIND
    ),
    "zeros behind what a cut has left": _pays(
        _LOST, cuts=(Cut(51, Fate.KEPT, 1),), zeros=Zeros.BEHIND
    ),
    "a stop in good order and the next start": _pays(_GOOD, _GOOD, then=(Action(15.0, Act.STOP),)),
}
