"""What nobody has caught is logged, and never printed: a screen may be there."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from kiosk_tui.observe.uncaught import log_uncaught


class Broken:
    def __del__(self) -> None:
        raise ZeroDivisionError("a fault of a destructor")


@pytest.fixture
def printed(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.CaptureFixture[str]]:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    log_uncaught()
    yield capfd
    logging.captureWarnings(capture=False)
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


def test_a_thread_that_fails_is_logged(printed: object, caplog: pytest.LogCaptureFixture) -> None:
    thread = threading.Thread(target=lambda: 1 / 0, name="a stray")
    thread.start()
    thread.join()
    assert "the thread a stray failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_destructor_that_fails_is_logged(
    printed: object, caplog: pytest.LogCaptureFixture
) -> None:
    Broken()
    assert "a fault of a destructor" in caplog.text


def test_a_warning_is_logged(
    printed: object, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a log that an earlier test began keeps them to itself
    monkeypatch.setattr(logging.getLogger("py.warnings"), "propagate", True)
    logging.captureWarnings(capture=False)  # pytest listens, too, from here on
    log_uncaught()
    warnings.showwarning("a library is old", UserWarning, "library.py", 1)
    assert "a library is old" in caplog.text
