"""Settings for every test."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from support import opened, unclosed

from kiosk_tui.text.translations import speak

# No timing is asserted in tests; a failing example prints how to replay it.
settings.register_profile(
    "kiosk", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("kiosk")

# The mutation run calls each test from several runners, which hypothesis takes for a mistake.
settings.register_profile("mutation", deadline=None, suppress_health_check=list(HealthCheck))
if "MUTANT_UNDER_TEST" in os.environ:
    settings.load_profile("mutation")


def pytest_collection_finish() -> None:
    """Keep what was collected, which lives to the end, out of the garbage collector's looks."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Stop the PostgreSQL that this process has used, when it was the last one."""
    used = sys.modules.get("support.postgres")
    if used is not None:
        used.leave()


@pytest.fixture(autouse=True, scope="session")
def every_database_is_watched() -> Iterator[None]:
    yield from unclosed.watched()


@pytest.fixture(autouse=True)
def whoever_opens_closes() -> Iterator[None]:
    """Close what the test left to its end; fail when a journal was forgotten."""
    yield from opened.closed_at_the_end()
    unclosed.tell()


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Leave the process speaking English: a customer's language would meet the test after."""
    yield
    speak("en")


@pytest.fixture(autouse=True)
def a_log_as_before() -> Iterator[None]:
    """Leave the program's log as the test found it: one that opens a file silences those after."""
    logs = [logging.getLogger(name) for name in ("kiosk_tui", "asyncio", None)]
    before = [(log, log.level, log.propagate, log.handlers[:]) for log in logs]
    disabled, raising = logging.root.manager.disable, logging.raiseExceptions
    yield
    for log, level, propagate, handlers in before:
        for handler in set(log.handlers) - set(handlers):
            handler.close()
        log.handlers[:] = handlers
        log.setLevel(level)
        log.propagate = propagate
    logging.disable(disabled)
    logging.raiseExceptions = raising
