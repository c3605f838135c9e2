"""What a cashier's lane is told of the configuration."""

from __future__ import annotations

from functools import partial

from kiosk_tui.config.pin import person_fits
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.rights import rights_of
from kiosk_tui.receipt import day_report, export
from kiosk_tui.session.day import (
    close_business_day,
    day_lines,
    day_totals,
    report_lines,
    report_so_far,
)
from kiosk_tui.session.launch import Launch, zone_of
from kiosk_tui.session.settings import LaneSettings


def lane_settings(launch: Launch) -> LaneSettings:
    """Tell the lane what it needs to know of the configuration."""
    lane = launch.config.lane
    return LaneSettings(
        rights=rights_of(lane.pin, lane.second_person),
        extra=frozenset(one for one in Operation if one.rules.optional and getattr(lane, one)),
        people=frozenset(lane.people),
        person_fits=partial(person_fits, lane.people),
        zone=zone_of(launch.config),
        totals=partial(day_totals, launch),
        day_lines=partial(day_lines, launch),
        save_day=partial(export.save, launch.journal.parent),
        report_so_far=partial(report_so_far, launch),
        close_day=partial(close_business_day, launch),
        report_lines=partial(report_lines, launch),
        save_report=partial(day_report.save, launch.journal.parent),
    )
