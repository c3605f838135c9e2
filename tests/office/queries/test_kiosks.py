"""How kiosks stand is judged here: by when they spoke last, then by what they said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from support.office_facts import Plant

from kiosk_tui.office.queries.found import WHOLE, ListPart
from kiosk_tui.office.queries.kiosks import (
    KioskFilter,
    KioskState,
    closed_kiosks,
    kiosk,
    kiosks,
    silent_kiosks,
    sites,
    states,
)
from kiosk_tui.office.queries.versions import versions

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
SILENT = timedelta(minutes=15)


async def _five(plant: Plant) -> None:
    old = NOW - timedelta(days=3)
    await plant.ready("a-1", NOW, site="Vienna", terminal="88091105")
    await plant.ready("a-2", NOW, site="Vienna", terminal="88091106", version="0.9.8", health={
        "ready": False, "reason": "clock", "since": (NOW - timedelta(hours=1)).isoformat(),
    })  # fmt: skip
    await plant.ready("b-1", NOW - timedelta(hours=2), site="Graz_1", health={"ready": False})
    await plant.kiosk("b-2", added_at=old, version="")
    await plant.kiosk("c-1", added_at=NOW - timedelta(minutes=1), version="")
    await plant.kiosk("d-1", added_at=old, left_at=NOW - timedelta(days=1), last_seen=old)


async def test_a_kiosk_that_is_silent_is_that_whatever_it_said_last(plant: Plant) -> None:
    await _five(plant)
    found = await kiosks(plant.connection, NOW, SILENT)
    assert {one.kiosk_id: one.state for one in found.rows} == {
        "a-1": "ready", "a-2": "closed", "b-1": "silent", "b-2": "silent", "c-1": "new",
    }  # fmt: skip
    assert await states(plant.connection, NOW, SILENT) == {
        KioskState.READY: 1, KioskState.CLOSED: 1, KioskState.SILENT: 2, KioskState.NEW: 1,
        KioskState.LEFT: 1,
    }  # fmt: skip


async def test_the_longest_silence_comes_first_and_never_heard_counts_from_enrolment(
    plant: Plant,
) -> None:
    await _five(plant)
    found = await silent_kiosks(plant.connection, NOW, SILENT)
    assert [(one.kiosk_id, one.last_seen is None) for one in found.rows] == [
        ("b-2", True),
        ("b-1", False),
    ]
    assert found.rows[0].quiet_since == NOW - timedelta(days=3)


async def test_silence_begins_after_the_whole_time_and_not_before(plant: Plant) -> None:
    await plant.kiosk("a-1", last_seen=NOW - SILENT)
    assert (await silent_kiosks(plant.connection, NOW, SILENT)).total == 0
    later = NOW + timedelta(milliseconds=1)
    assert (await silent_kiosks(plant.connection, later, SILENT)).total == 1


async def test_what_is_out_of_service_says_why_and_since_when(plant: Plant) -> None:
    await _five(plant)
    (one,) = (await closed_kiosks(plant.connection, NOW, SILENT)).rows
    assert (one.kiosk_id, one.reason, one.since) == ("a-2", "clock", NOW - timedelta(hours=1))


async def test_a_list_is_asked_for_by_text_site_and_state_and_in_parts(plant: Plant) -> None:
    await _five(plant)

    async def names(wanted: KioskFilter, part: ListPart = WHOLE) -> list[str]:
        found = await kiosks(plant.connection, NOW, SILENT, wanted, part)
        return [one.kiosk_id for one in found.rows]

    assert await names(KioskFilter(text="vienn")) == ["a-1", "a-2"]
    assert await names(KioskFilter(text="88091106")) == ["a-2"]
    assert await names(KioskFilter(text="z_1")) == ["b-1"], "a `_` is a letter"
    assert await names(KioskFilter(text="%")) == []
    assert await names(KioskFilter(site="Graz_1")) == ["b-1"]
    assert await names(KioskFilter(state="left")) == ["d-1"]
    assert await names(KioskFilter(), ListPart(1, 2)) == ["a-2", "b-1"]
    part = await kiosks(plant.connection, NOW, SILENT, part=ListPart(4, 2))
    assert (len(part.rows), part.total) == (1, 5)
    assert await sites(plant.connection) == ("Graz_1", "Vienna")


async def test_one_kiosk_is_found_also_when_it_has_left(plant: Plant) -> None:
    await _five(plant)
    one = await kiosk(plant.connection, NOW, SILENT, "d-1")
    assert one is not None
    assert one.state == "left"
    assert await kiosk(plant.connection, NOW, SILENT, "e-1") is None


async def test_versions_are_counted_without_kiosks_that_have_left(plant: Plant) -> None:
    await _five(plant)
    assert [(one.version, one.kiosks) for one in await versions(plant.connection)] == [
        ("1.0.0", 2), ("", 2), ("0.9.8", 1),
    ]  # fmt: skip
