"""The real program in a real pseudo terminal, seen through a terminal emulator."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyte

from proofs.fingers import strokes
from proofs.large import stands_on

DEADLINE_S = 30.0
LOOK = "If that is right, press Enter."
"""Asked where keys came in one piece: as they do, too, where the program was held up for a tenth of a second."""
PROGRAM = (sys.executable, "-m", "kiosk_tui")


class Terminal:
    """One run of the program on a terminal of its own."""

    def __init__(
        self,
        *arguments: str,
        environment: Mapping[str, str],
        columns: int = 80,
        rows: int = 24,
        term: str = "linux",
        program: tuple[str, ...] = (),
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.written = bytearray()
        self._rests_until = 0.0
        self._entered = False
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
                signal.signal(
                    number, signal.SIG_DFL
                )  # whoever runs tests in the background ignores them
            clean = {"PATH": os.environ["PATH"], "TERM": term, "LANG": "C.UTF-8"}
            os.execvpe(
                (program or PROGRAM)[0],
                [*(program or PROGRAM), *arguments],
                {**clean, **environment},
            )
        os.set_inheritable(self._fd, False)  # or a second one would keep the first's line open
        self._set_size(columns, rows)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def type(self, keys: str) -> None:
        """Type as a person does: what comes in one piece is a scan."""
        for stroke, pause_s in strokes(keys):
            time.sleep(max(0.0, self._rests_until - time.monotonic()))
            self.send(stroke)
            self._rests_until = time.monotonic() + pause_s
        self._entered = keys.endswith("\r")

    def send(self, data: bytes) -> None:
        """Send bytes in one piece, as a scanner, a terminal or a line that stalled does."""
        self._entered = False
        os.write(self._fd, data)

    def hears(self, keys: str) -> None:
        """Type when the screen hears keys again: a fresh one is deaf for a moment."""
        time.sleep(0.35)
        self.type(keys)

    def leaves(self) -> None:
        """Leave by Esc, in two acts."""
        self.hears("\x1b")
        self.wait("[Esc] again leaves")
        self.hears("\x1b")

    def pump(self, seconds: float) -> int:
        """Read for a while; return how many bytes came."""
        before, end = len(self.written), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self._read(left):
            pass
        return len(self.written) - before

    def wait(self, *words: str) -> None:
        """Read until all words are on the screen, in plain characters or in large ones.

        Whoever has typed, and is asked whether that is right, presses Enter again.
        """

        def there() -> bool:
            if self._entered and LOOK in self.text and LOOK not in words:
                self.hears("\r")
                self._entered = False
            return all(map(self.shows, words))

        self.until(there, f"{words} on the screen")

    def shows(self, words: str) -> bool:
        """Whether words or an amount stand on the screen now, in plain characters or in large ones."""
        return stands_on(self.screen, words)

    def until(self, condition: Callable[[], bool], what: str = "the condition") -> None:
        end = time.monotonic() + DEADLINE_S
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"never saw {what}; the screen says:\n{self.text}")
            self._read(0.05)

    def quiet(self) -> None:
        """Read until nothing has come for a moment."""
        while self.pump(0.3):
            pass

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop its output for a while, as Ctrl-S or Scroll Lock does at a console."""
        line = os.open(Path(f"/proc/{self.pid}/fd/2").readlink(), os.O_RDWR | os.O_NOCTTY)
        try:
            termios.tcflow(line, termios.TCOOFF)
            yield
        finally:
            termios.tcflow(line, termios.TCOON)
            os.close(line)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._set_size(columns, rows)
        self.screen.resize(rows, columns)

    def _set_size(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)

    def ended_unread(self) -> int:
        """Wait for the end without reading a byte; return the exit code, or minus the signal."""
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        raise AssertionError("it never ended")

    def kill(self) -> None:
        """End it as a power cut does."""
        os.kill(self.pid, signal.SIGKILL)
        self.ended()

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self._fd)
        self._fd = -1

    def ended(self) -> int:
        """Wait for the end; return the exit code, or minus the signal."""
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            if self._fd >= 0:
                self._read(0.05)
            else:
                time.sleep(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                self._drain()
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"it never ended; the screen says:\n{self.text}")

    def close(self) -> None:
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                self.kill()
        if self._fd >= 0:
            os.close(self._fd)

    def _drain(self) -> None:
        """Read the last words, written between the last look and the end."""
        before = -1
        while self._fd >= 0 and before < len(self.written):
            before = len(self.written)
            self._read(0.0)

    def _read(self, wait: float) -> bool:
        ready, _, _ = select.select([self._fd], [], [], max(0.0, wait))
        if not ready:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        self.written += data
        self._stream.feed(data)
        return bool(data)


@contextlib.contextmanager
def running(*arguments: str, folder: Path, **more: object) -> Iterator[Terminal]:
    """Run the program with its state in a folder of the test's."""
    environment = {"STATE_DIRECTORY": str(folder), "HOME": str(folder)}
    extra = more.pop("environment", {})
    assert isinstance(extra, dict)
    terminal = Terminal(*arguments, environment=environment | extra, **more)  # type: ignore[arg-type]
    try:
        yield terminal
    finally:
        terminal.close()
