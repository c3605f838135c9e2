"""Files that people name are read within a bound and a deadline."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from kiosk_tui.files.reading import bad_line, decoded, read


def test_a_file_is_read_whole_up_to_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 100_000)
    assert read(file, 100_000) == b"x" * 100_000
    with pytest.raises(OSError, match="longer than 99999 bytes"):
        read(file, 99_999)


def test_a_pipe_that_a_shell_fills_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def fill() -> None:
        with pipe.open("wb") as file:
            file.write(b"a" * 70_000)

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        assert read(pipe, 100_000, within_s=60) == b"a" * 70_000
    finally:
        filling.join()


def test_a_pipe_that_nobody_fills_has_a_deadline(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(TimeoutError, match="did not come within"):
        read(pipe, 100, within_s=0.0)


def test_a_pipe_that_is_filled_by_half_and_held_open_has_a_deadline(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        os.write(held, b"half")
        with pytest.raises(TimeoutError, match="did not come within"):
            read(pipe, 100, within_s=0.0)
    finally:
        os.close(held)


def test_folders_devices_and_sockets_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        read(tmp_path, 100)
    for device in ("/dev/zero", "/dev/null", "/dev/tty"):
        with pytest.raises(OSError, match=r"device|No such device"):
            read(Path(device), 100)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "s"))
        with pytest.raises(OSError, match="No such device"):
            read(tmp_path / "s", 100)


def test_the_line_that_is_no_text_is_counted() -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        decoded("eins\nzwei\ndrei Ä".encode("latin-1"))
    assert bad_line(caught.value) == 3
