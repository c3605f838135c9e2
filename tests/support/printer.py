"""A network printer: it answers DLE EOT as it is told to, and keeps what it was sent."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

ONLINE = {1: 0x12, 2: 0x12, 4: 0x12}
"""What a printer answers to DLE EOT n when all is well: only the fixed bits are set."""


_COMMANDS = re.compile(rb"\x1b@|\x1c\.|\x1bt.|\x1d!.|\x10\x04.|\x1d\x56..|\x1bd.", re.DOTALL)
_PICTURE = re.compile(rb"\x1dv0\x00(..)(..)", re.DOTALL)


def without_commands(received: bytes | bytearray) -> bytes:
    """Return what is printed as text, of what a printer was sent."""
    left = bytes(received)
    while found := _PICTURE.search(left):
        row, rows = (int.from_bytes(one, "little") for one in found.groups())
        left = left[: found.start()] + left[found.end() + row * rows :]
    return _COMMANDS.sub(b"", left)


class NetworkPrinter:
    """Listens on loopback."""

    def __init__(self, answers: dict[int, int] | None = None, *, silent: bool = False) -> None:
        self.answers = ONLINE | (answers or {})
        self.silent = silent
        self.resets = False
        self.hangs_up_when_asked = False
        self.says_first = b""
        """Automatic status, say, that stands before each answer."""
        self.reads_no_more = False
        self.ends_after = b""
        """Its paper ends when it has printed this."""
        self.received = bytearray()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()
        self._open: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def text(self) -> str:
        return self.received.decode("cp437", "replace")

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        if self.resets:
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()
            return
        if self.reads_no_more:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            return
        with contextlib.suppress(OSError):
            while data := connection.recv(4096):
                if b"\x10\x04" in data and self.hangs_up_when_asked:
                    connection.close()
                    return
                self.received += data
                if self.ends_after and self.ends_after in self.received:
                    self.answers = self.answers | {4: 0x12 | 0x60}
                if data[-3:-1] == b"\x10\x04" and not self.silent:
                    connection.sendall(self.says_first + bytes([self.answers[data[-1]]]))


@contextlib.contextmanager
def network_printer(answers: dict[int, int] | None = None) -> Iterator[NetworkPrinter]:
    printer = NetworkPrinter(answers)
    try:
        yield printer
    finally:
        printer.close()
