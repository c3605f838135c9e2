"""The settings, section by section: every one of them is declared here, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import kiosk_tui.libraries  # noqa: F401 - before pydantic

# isort: split
from pydantic import Field
from pydantic.fields import FieldInfo

from kiosk_tui.config.models.api import ApiSettings
from kiosk_tui.config.models.auth import AuthSettings
from kiosk_tui.config.models.codes import CodeSettings
from kiosk_tui.config.models.day import DaySettings
from kiosk_tui.config.models.fiscal import FiscalSettings
from kiosk_tui.config.models.goods import GoodsSettings
from kiosk_tui.config.models.journal import JournalSettings
from kiosk_tui.config.models.kiosk import KioskSettings
from kiosk_tui.config.models.lane import CashierSettings
from kiosk_tui.config.models.receipt import ReceiptSettings
from kiosk_tui.config.models.reporting import AlertSettings, LogSettings, MetricsSettings
from kiosk_tui.config.models.second_opinion import SecondOpinionSettings
from kiosk_tui.config.models.section import Amount, Section
from kiosk_tui.config.models.terminal import TerminalSettings
from kiosk_tui.config.models.timeouts import TimeoutSettings
from kiosk_tui.config.models.tip import TipSettings
from kiosk_tui.config.models.ui import UiSettings


class Config(Section):
    """Everything that can be set for a register."""

    kiosk: KioskSettings = Field(default_factory=KioskSettings)
    ui: UiSettings = Field(default_factory=UiSettings)
    terminal: TerminalSettings = Field(default_factory=TerminalSettings)
    auth: AuthSettings = Field(default_factory=AuthSettings)
    timeouts: TimeoutSettings = Field(default_factory=TimeoutSettings)
    tip: TipSettings = Field(default_factory=TipSettings)
    journal: JournalSettings = Field(default_factory=JournalSettings)
    day: DaySettings = Field(default_factory=DaySettings)
    fiscal: FiscalSettings = Field(default_factory=FiscalSettings)
    goods: GoodsSettings = Field(default_factory=GoodsSettings)
    receipt: ReceiptSettings = Field(default_factory=ReceiptSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)
    alert: AlertSettings = Field(default_factory=AlertSettings)
    api: ApiSettings = Field(default_factory=ApiSettings)
    codes: CodeSettings = Field(default_factory=CodeSettings)
    lane: CashierSettings = Field(default_factory=CashierSettings)
    second_opinion: SecondOpinionSettings = Field(default_factory=SecondOpinionSettings)


@cache
def sections() -> Sequence[tuple[str, type[Section]]]:
    """Return every section with its model."""
    found = []
    for name, field in Config.model_fields.items():
        model = field.annotation
        assert isinstance(model, type)  # noqa: S101 - for mypy: a section is a class
        assert issubclass(model, Section)  # noqa: S101
        found.append((name, model))
    return found


def build() -> None:
    """Build what the first configuration would build: for a process that reads none itself."""
    for _, model in sections():
        model.model_rebuild()


@cache
def fields() -> Sequence[tuple[str, FieldInfo]]:
    """Return every setting as `section.key`."""
    return [
        (f"{section}.{name}", field)
        for section, model in sections()
        for name, field in model.model_fields.items()
    ]


def extra(field: FieldInfo) -> Mapping[str, Any]:
    """Return what is said of a setting beyond what pydantic knows."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


FORMER: Final[Mapping[str, str]] = {
    str(extra(field)["was"]): key for key, field in fields() if "was" in extra(field)
}
"""The name that a setting had before, by which it is still read, and its name."""

AMOUNTS: Final = tuple(
    key for key, field in fields() if field.annotation in (str | int, list[Amount])
)
"""The settings that are amounts of money, or lists of such."""
