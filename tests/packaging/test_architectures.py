"""A package for another architecture: the libraries' machine code is that one's, all else is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from distribution import tree

OURS = {
    "one/code.py": "the same",
    "one/_code.cpython-311-x86_64-linux-gnu.so": "ours",
    "one.libs/libz-1234.so.1.2": "ours",
    "one-1.0.dist-info/WHEEL": "Tag: x86_64",
}
THEIRS = {
    "one/code.py": "the same",
    "one/_code.cpython-311-aarch64-linux-gnu.so": "theirs",
    "one.libs/libz-5678.so.1.2": "theirs",
    "one-1.0.dist-info/WHEEL": "Tag: aarch64",
}


def _exchanged(scratch: Path, monkeypatch: pytest.MonkeyPatch, theirs: dict[str, str]) -> Path:
    made = tree.Tree(scratch / "stage", "python3", 11, "1", 0, foreign="arm64")
    _write(made.packages, OURS)
    asked: list[tuple[str | Path, ...]] = []

    def run(_: tree.Tree, *command: str | Path, **_more: str) -> None:
        asked.append(command)
        _write(Path(command[command.index("--target") + 1]), theirs)

    monkeypatch.setattr(tree.Tree, "run", run)
    tree._exchange(made, scratch)
    assert {"--require-hashes", "--platform=manylinux2014_aarch64"} <= set(asked[0])
    return made.packages


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_machine_code_is_exchanged_and_nothing_of_ours_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = _exchanged(tmp_path, monkeypatch, THEIRS)
    files = (file for file in packages.rglob("*") if file.is_file())
    assert {str(file.relative_to(packages)): file.read_text() for file in files} == THEIRS


def test_a_library_that_differs_in_more_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError, match=r"code\.py of a library differs by architecture"):
        _exchanged(tmp_path, monkeypatch, THEIRS | {"one/code.py": "another"})
