"""A proof that plays dead processes silences Python; the tests that come after must not inherit it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def as_loud_as_before() -> Iterator[None]:
    disabled, hook = logging.root.manager.disable, sys.unraisablehook
    yield
    logging.disable(disabled)
    sys.unraisablehook = hook
