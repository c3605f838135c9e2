"""Breadth first through every world that can be reached, until nothing new turns up.

Because it is breadth first, the first story that breaks something is the shortest.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from proofs.exploration.model import IllegalError, Model, World

START = World()


@dataclass(frozen=True, slots=True)
class Found:
    """What an exploration found. `broken` is a sentence with its shortest story, or empty."""

    worlds: int
    steps: int
    ends: int
    broken: str = ""


def explore(model: Model) -> Found:
    """Reach everything; stop at the first thing that is wrong."""
    came_from: dict[World, tuple[World, str] | None] = {START: None}
    lucky: dict[World, list[World]] = {}
    ends: list[World] = []
    waiting = deque([START])
    steps = 0
    while waiting:
        world = waiting.popleft()
        wrong = model.told_too_early(world)
        if model.over(world):
            ends.append(world)
            wrong = wrong or model.wrong(world)
        if wrong:
            return _broken(came_from, world, wrong, steps, len(ends))
        try:
            following = list(model.steps(world))
        except IllegalError as error:
            return _broken(came_from, world, str(error), steps, len(ends))
        for step in following:
            steps += 1
            if step.lucky:
                lucky.setdefault(step.after, []).append(world)
            if step.after not in came_from:
                came_from[step.after] = (world, step.what)
                waiting.append(step.after)
    stuck = _stuck(came_from, lucky, ends)
    if stuck is not None:
        return _broken(came_from, stuck, "From here no luck leads to an end.", steps, len(ends))
    return Found(len(came_from), steps, len(ends))


Origin = dict[World, tuple[World, str] | None]


def _stuck(worlds: Origin, lucky: dict[World, list[World]], ends: list[World]) -> World | None:
    """Return the first world from which good luck alone never reaches an end."""
    saved = set(ends)
    waiting = deque(ends)
    while waiting:
        for before in lucky.get(waiting.popleft(), ()):
            if before not in saved:
                saved.add(before)
                waiting.append(before)
    return next((world for world in worlds if world not in saved), None)


def _broken(origin: Origin, world: World, wrong: str, steps: int, ends: int) -> Found:
    story: list[str] = []
    at: World | None = world
    while at is not None:
        came = origin[at]
        if came is None:
            break
        story.append(came[1])
        at = came[0]
    lines = [f"{number:>2}. {what}" for number, what in enumerate(reversed(story), 1)]
    return Found(len(origin), steps, ends, "\n".join([wrong, *lines]))
