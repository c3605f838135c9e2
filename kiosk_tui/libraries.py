"""What our libraries would load, and nobody here uses: kept out, by an empty module in its place.

Whoever imports httpx or pydantic imports this first. Where a library has another shape one day, it loads
what it loads, and a test tells.
"""

from __future__ import annotations

import sys
from types import ModuleType


def _nothing() -> tuple[()]:
    """Stand for a function of such a module."""
    return ()


def _keep_out(name: str, function: str) -> None:
    module = ModuleType(name)
    vars(module)[function] = _nothing
    sys.modules.setdefault(name, module)


# httpx's own command line: with click (uvicorn brings it) and pygments it is 25 ms and 3 MB.
_keep_out("httpx._main", "main")
# pydantic's plug-ins: it would read what each installed package says of itself, which is 1 MB, and let
# a package that has nothing to do with us take part in every validation.
_keep_out("pydantic.plugin._loader", "get_plugins")
