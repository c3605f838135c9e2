"""What somebody types is taken once, whatever signals come between; the end of input is told."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

import pytest

from kiosk_tui.cli.asking import ask


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[BinaryIO]:
    hears, typed = os.pipe()
    with os.fdopen(hears, encoding="utf-8") as stdin, os.fdopen(typed, "wb", buffering=0) as stream:
        monkeypatch.setattr("sys.stdin", stdin)
        yield stream


@pytest.fixture
def on_signal() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Have something done when a signal comes, and let one come, from a thread of its own."""
    sends = threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGUSR1))
    before = signal.getsignal(signal.SIGUSR1)

    def do(what: Callable[[], object]) -> None:
        signal.signal(signal.SIGUSR1, lambda *_: what())
        sends.start()

    yield do
    sends.join()
    signal.signal(signal.SIGUSR1, before)


def test_a_signal_that_ends_nothing_leaves_the_line_to_be_typed(
    keyboard: BinaryIO,
    on_signal: Callable[[Callable[[], object]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.set_wakeup_fd(-1)
    on_signal(lambda: keyboard.write("für 12.55 \n".encode()))
    assert ask("What? ") == "für 12.55 "
    assert capsys.readouterr().out == "What? "
    assert signal.set_wakeup_fd(before) == -1


def test_the_end_of_input_is_told(keyboard: BinaryIO) -> None:
    keyboard.write(b"last")
    keyboard.close()
    assert ask("") == "last"
    with pytest.raises(EOFError):
        ask("")


@pytest.mark.usefixtures("keyboard")
def test_ctrl_c_ends_the_wait(on_signal: Callable[[Callable[[], object]], None]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - it may come before the question is asked
        on_signal(interrupt)
        ask("What? ")
