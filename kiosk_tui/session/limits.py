"""What the configuration lets an order be."""

from __future__ import annotations

from kiosk_tui.config.models import Config
from kiosk_tui.config.rules import amount, currency_of
from kiosk_tui.domain.limits import Limits
from kiosk_tui.domain.tip import TipPolicy


def limits_of(config: Config) -> Limits:
    """Return the limits that hold on every path."""
    terminal, tip, currency = config.terminal, config.tip, currency_of(config)
    return Limits(
        least=amount(terminal.amount_min, currency),
        most=amount(terminal.amount_max, currency),
        tip=TipPolicy(
            percent=tuple(tip.percent),
            fixed_minor=tuple(amount(one, currency).minor for one in tip.fixed),
            fixed_below_minor=amount(tip.fixed_below, currency).minor,
            custom=tip.custom,
            ask=tip.ask,
            most_percent=tip.most_percent,
        ),
    )
