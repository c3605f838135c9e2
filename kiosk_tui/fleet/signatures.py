"""Whether signatures can be made and checked here: the extra `fleet` brings the library for it."""

from __future__ import annotations

import importlib.util


def available() -> bool:
    """Look whether the library is installed, without loading it."""
    return importlib.util.find_spec("cryptography") is not None
