"""Cases as files: what a failing start was given, bit by bit, and the recording that led to it.

A recording cannot be made twice: when the kernel writes is its own business. So the file holds the
image itself, what TECS and the anchor said at that moment, and the device's log.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from proofs.blocks import log
from proofs.blocks.world import Fact, Kind, Line

_FACTS: Final = "case.json"
_BEFORE: Final = "before/"
_SAFE: Final = "safe/"
_SECTORS: Final = "sectors/"
_LOG: Final = "log/"


@dataclass(frozen=True, slots=True)
class Recording:
    """What was on the device before, each write since, and what came about at TECS and the anchor."""

    seed: int
    synchronous: str
    chunks: dict[int, bytes]
    entries: tuple[log.Entry, ...]
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """What a cut leaves of the unflushed, by offset, and the facts of that moment.

    `anchor` is what the anchor says: empty where there is none yet, None for a register without one.
    """

    sectors: tuple[tuple[int, bytes], ...]
    facts: tuple[Fact, ...]
    anchor: bytes | None


@dataclass(frozen=True, slots=True)
class Case:
    """An image with the recording that it was made of; `safe` is what was flushed before the cut.

    `number` is the last entry that the device took, `how` says in a word how it was cut.
    """

    recording: Recording
    number: int
    how: str
    image: Image
    safe: Mapping[int, bytes | bytearray]

    @property
    def name(self) -> str:
        """What it is called; with this alone it is recorded anew."""
        return f"{self.recording.seed}:{self.recording.synchronous}:{self.number}:{self.how}"


def keep(case: Case, folder: Path) -> Path:
    """Write a case to a file of its own; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"blocks-{case.name.replace(':', '-')}.zip"
    recording, image = case.recording, case.image
    facts = {
        "seed": recording.seed,
        "synchronous": recording.synchronous,
        "number": case.number,
        "how": case.how,
        "facts": [asdict(one) for one in image.facts],
        "anchor": None if image.anchor is None else image.anchor.decode("ascii"),
        "recorded": [asdict(one) for one in recording.facts],
        "lines": [[one.at, one.text.decode("ascii"), one.durable] for one in recording.lines],
        "entries": [[one.end, one.flush, one.fua, one.offset] for one in recording.entries],
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_FACTS, json.dumps(facts, indent=1))
        for at, data in image.sectors:
            file.writestr(f"{_SECTORS}{at}", data)
        for at, chunk in case.safe.items():
            file.writestr(f"{_SAFE}{at}", bytes(chunk))
        for at, chunk in recording.chunks.items():
            file.writestr(f"{_BEFORE}{at}", chunk)
        for number, one in enumerate(recording.entries):
            file.writestr(f"{_LOG}{number}", one.data)
    return path


def read(path: Path) -> Case:
    """Read a case from its file. Raises `OSError`, or `ValueError` for a file that holds none."""
    try:
        with zipfile.ZipFile(path) as file:
            return _read(file)
    except (zipfile.BadZipFile, KeyError, TypeError) as error:
        raise ValueError(f"{path} holds no case of this proof: {error}") from error


def _read(file: zipfile.ZipFile) -> Case:
    told = json.loads(file.read(_FACTS))
    recording = Recording(
        seed=told["seed"],
        synchronous=told["synchronous"],
        chunks=_parts(file, _BEFORE),
        entries=tuple(
            log.Entry(end, flush, fua, offset, file.read(f"{_LOG}{number}"))
            for number, (end, flush, fua, offset) in enumerate(told["entries"])
        ),
        facts=_facts(told["recorded"]),
        lines=tuple(Line(at, text.encode(), durable) for at, text, durable in told["lines"]),
    )
    anchor: str | None = told["anchor"]
    image = Image(
        sectors=tuple(sorted(_parts(file, _SECTORS).items())),
        facts=_facts(told["facts"]),
        anchor=None if anchor is None else anchor.encode(),
    )
    return Case(recording, told["number"], told["how"], image, _parts(file, _SAFE))


def _parts(file: zipfile.ZipFile, folder: str) -> dict[int, bytes]:
    names = [one for one in file.namelist() if one.startswith(folder)]
    return {int(one.removeprefix(folder)): file.read(one) for one in names}


def _facts(found: list[dict[str, Any]]) -> tuple[Fact, ...]:
    return tuple(Fact(one["at"], Kind(one["kind"]), one["id"], one["minor"]) for one in found)
