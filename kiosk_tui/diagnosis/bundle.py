"""One file for support: the parts packed together, for its owner's eyes only, and never over another."""

from __future__ import annotations

import contextlib
import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

ENDINGS: Final = (".zip", ".tar.gz", ".tgz")
_PRIVATE: Final = 0o600


def packed(parts: Mapping[str, str], path: Path, now: datetime) -> bytes:
    """Return the archive that the file's name asks for."""
    folder = f"kiosk-tui-{now:%Y%m%d-%H%M%S}"
    put = _zip if path.name.endswith(".zip") else _tar
    return put(
        {f"{folder}/{name}": text.encode("utf-8", "replace") for name, text in parts.items()}, now
    )


def save(content: bytes, path: Path) -> None:
    """Write a new file that only its owner can read, safe on the disk; half a one is taken away.

    Raises `OSError`, also where there is one already.
    """
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _zip(files: Mapping[str, bytes], now: datetime) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, now.timetuple()[:6])
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = _PRIVATE << 16
            archive.writestr(about, content)
    return made.getvalue()


def _tar(files: Mapping[str, bytes], now: datetime) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size, about.mode, about.mtime = len(content), _PRIVATE, int(now.timestamp())
            archive.addfile(about, io.BytesIO(content))
    return made.getvalue()
