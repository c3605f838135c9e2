"""A proof plays dead processes: it silences Python, and leaves what no living process would leave.

The tests that come after must neither inherit the silence nor be blamed for the dead.
"""

from __future__ import annotations

import gc
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def as_loud_as_before() -> Iterator[None]:
    disabled, hook = logging.root.manager.disable, sys.unraisablehook
    yield
    with warnings.catch_warnings():
        # coroutines that a killed process never began, connections that it never closed
        warnings.simplefilter("ignore")
        gc.collect()
    logging.disable(disabled)
    sys.unraisablehook = hook
