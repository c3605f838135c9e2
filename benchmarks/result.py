"""One measured figure beside what it is compared with and what it must not exceed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A figure; the target is for the ratio where there is one, else for the figure itself."""

    name: str
    kiosk: float
    base: float | None
    unit: str
    target: float | None
    ratio: float | None

    @property
    def met(self) -> bool:
        """Whether the target is met; a figure without one always is."""
        judged = self.kiosk if self.ratio is None else self.ratio
        return self.target is None or judged <= self.target


def ratio(
    name: str, kiosk: float, base: float, unit: str, *, target: float | None = None
) -> Result:
    """Return a figure that is judged by how it compares."""
    return Result(name, kiosk, base, unit, target, kiosk / base)
