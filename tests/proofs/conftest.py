"""A proof plays dead processes, which leave what no living process would leave.

The tests that come after must not be blamed for the dead.
"""

from __future__ import annotations

import gc
import sys
import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_of_the_dead() -> Iterator[None]:
    hook = sys.unraisablehook
    yield
    with warnings.catch_warnings():
        # coroutines that a killed process never began, connections that it never closed
        warnings.simplefilter("ignore")
        gc.collect()
    sys.unraisablehook = hook
