"""A code's line as a QR code, where `segno` is installed: for a page, or for a terminal."""

from __future__ import annotations

import importlib
import io
from typing import Any


def svg(line: str) -> str:
    """Return it as an SVG element for a page; empty where `segno` is not installed."""
    code = _made(line)
    if code is None:
        return ""
    out = io.BytesIO()
    code.save(out, kind="svg", xmldecl=False, svgns=True, scale=6, border=4, light="#fff")
    return out.getvalue().decode("utf-8")


def terminal(line: str) -> str:
    """Return it in half blocks and colours of a terminal; empty where `segno` is not installed."""
    code = _made(line)
    if code is None:
        return ""
    out = io.StringIO()
    code.terminal(out, border=2, compact=True)
    return out.getvalue()


def _made(line: str) -> Any:
    try:
        segno = importlib.import_module("segno")
    except ModuleNotFoundError:  # the code can be typed
        return None
    return segno.make_qr(line, error="m")
