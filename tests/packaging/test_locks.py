"""The locks: complete, hashed, of one mind, and free of anything that belongs to one machine."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("runtime", "demo", "package", "dev", "build")

_PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.]*)(?: ; [^\\]+)? \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?P<more> \\)?")
_REMARK = re.compile(r" *#.*")


def _pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    return {one["name"]: one["version"] for one in map(_PIN.fullmatch, text.splitlines()) if one}


def _wanted(lock: str) -> list[Requirement]:
    """Return what pyproject.toml asks for in an installation of this kind."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = settings["project"]
    extras = project["optional-dependencies"]
    asked = {
        "runtime": project["dependencies"],
        "demo": project["dependencies"] + extras["simulator"],
        "package": project["dependencies"] + extras["simulator"] + extras["printer"],
        "dev": project["dependencies"] + extras["simulator"] + extras["dev"],
        "build": settings["build-system"]["requires"],
    }[lock]
    return [one for one in map(Requirement, asked) if one.name != project["name"]]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_what_the_project_asks_for_in_a_version_that_fits(lock: str) -> None:
    pins = _pins(lock)
    for one in _wanted(lock):
        assert one.specifier.contains(pins[canonicalize_name(one.name)]), one


def _needed(asked: list[Requirement], seen: set[str]) -> Iterator[Requirement]:
    """Go through what these need on this machine, and what those need."""
    for one in asked:
        extras = sorted(one.extras) or [""]
        if (one.marker and not one.marker.evaluate()) or str(one) in seen:
            continue
        seen.add(str(one))
        yield one
        further = map(Requirement, metadata.requires(one.name) or ())
        for each in further:
            if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in extras):
                each.marker = None
                yield from _needed([each], seen)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_all_that_its_libraries_need(lock: str) -> None:
    """pip is told not to look for more than the lock names."""
    pins = _pins(lock)
    for one in _needed(_wanted(lock), set()):
        assert one.specifier.contains(pins[canonicalize_name(one.name)]), one


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_version_a_hash_or_a_remark(lock: str) -> None:
    """So there is no URL, no file, no option: nothing that one machine has and another has not."""
    hashes = 1
    for line in (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines():
        if _PIN.fullmatch(line):
            assert hashes, f"before {line}"
            hashes = 0
        elif _HASH.fullmatch(line):
            hashes += 1
        else:
            assert _REMARK.fullmatch(line), line
            assert "/" not in line.replace("scripts/lock", ""), line
    assert hashes


@pytest.mark.parametrize("lock", LOCKS)
def test_all_locks_agree_so_that_one_folder_can_serve_them_all(lock: str) -> None:
    assert _pins(lock).items() <= _pins("dev").items()


def test_a_production_install_has_no_server_and_no_tools_in_it() -> None:
    assert not {"starlette", "uvicorn", "pytest", "hatchling"} & _pins("runtime").keys()
    assert {"starlette", "uvicorn"} <= _pins("demo").keys()
