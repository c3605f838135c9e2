"""The SQL of reconciling, which stands in files of its own, and how it is run."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from kiosk_tui.domain.money import MoneyError
from kiosk_tui.text.currencies import currency

PATIENCE_S: Final = 300
TUNED: Final = "SET LOCAL work_mem = '128MB'; SET LOCAL jit = off"
"""For this transaction. Compiling these statements takes longer than running them."""

_USUAL_EXPONENT: Final = 2


def statement(name: str) -> str:
    """Return a statement by the name of its file."""
    return files("kiosk_tui.office.reconciliation").joinpath(f"{name}.sql").read_text("utf-8")


def exponent_of(code: str, known: int | None) -> int:
    """Return a currency's ISO exponent: as a journal has it, else as ISO does."""
    if known is not None:
        return known
    try:
        return currency(code).exponent
    except MoneyError:
        return _USUAL_EXPONENT
