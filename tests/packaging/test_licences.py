"""What a package brings along is named in it with its licence; what has none is not passed on."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from distribution import tree
from distribution.licences import LicenceError, third_party_licences

ROOT = Path(__file__).parents[2]


def library(packages: Path, name: str, metadata: str, text: str = "") -> None:
    info = packages / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{metadata}\n"
    )
    if text:
        (info / "licenses").mkdir()
        (info / "licenses" / "LICENCE.txt").write_text(text)


def test_every_library_of_the_package_is_named_with_its_licence(tmp_path: Path) -> None:
    locked = (ROOT / "requirements" / "package.txt").read_text()
    there = []
    for name in re.findall(r"^([a-z0-9-]+)==", locked, re.MULTILINE):
        with suppress(PackageNotFoundError):  # the lock serves other systems and Pythons, too
            files = distribution(name).files or ()
            (info,) = {
                Path(str(one.locate())).parent
                for one in files
                if one.name == "METADATA" and len(one.parts) == 2
            }
            shutil.copytree(info, tmp_path / info.name)
            there.append(distribution(name).metadata["Name"])
    assert len(there) > 30
    told = third_party_licences(tmp_path)
    for name in there:
        assert f"\n{name} " in told
    assert "Permission is hereby granted, free of charge" in told


def test_the_texts_follow_the_list_each_under_its_place(tmp_path: Path) -> None:
    library(tmp_path, "early", "License-Expression: MIT", "Do as you like.")
    library(tmp_path, "late", "Classifier: License :: OSI Approved :: BSD License")
    vendored = tmp_path / "late" / "inside"
    vendored.mkdir(parents=True)
    (vendored / "COPYING").write_text("Pass it on.")
    (vendored / "license.py").write_text("raise SystemExit")
    told = third_party_licences(tmp_path)
    assert "early 1.0: MIT\nlate 1.0: BSD License\n" in told
    assert "early-1.0.dist-info/licenses/LICENCE.txt" in told
    assert told.index("Do as you like.") < told.index("Pass it on.")
    assert "SystemExit" not in told


def test_a_whole_text_in_the_place_of_a_name_is_not_taken_for_one(tmp_path: Path) -> None:
    whole = "License: " + "Permission is granted " * 9
    library(tmp_path, "wordy", f"{whole}\nClassifier: License :: OSI Approved :: MIT License")
    assert "wordy 1.0: MIT License\n" in third_party_licences(tmp_path)


def test_a_library_without_a_licence_is_not_passed_on(tmp_path: Path) -> None:
    library(tmp_path, "mute", "Summary: says nothing")
    with pytest.raises(LicenceError, match=r"mute 1\.0 names no licence"):
        third_party_licences(tmp_path)


def test_a_machine_gets_the_licences_and_every_page_with_its_pictures(tmp_path: Path) -> None:
    made = tree.Tree(stage=tmp_path, python="python3", minor=11, version="1", moment=0)
    made.packages.mkdir(parents=True)
    library(made.packages, "early", "License-Expression: MIT", "Do as you like.")
    tree._papers(made)
    papers = tmp_path / "usr/share/doc/kiosk-tui"
    assert (papers / "copyright").read_text().startswith("MIT License\n")
    assert "early 1.0: MIT" in (papers / "THIRD_PARTY_LICENSES").read_text()
    for source in (ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.*")):
        assert (papers / source.relative_to(ROOT)).read_bytes() == source.read_bytes()
