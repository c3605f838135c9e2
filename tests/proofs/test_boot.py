"""The pieces of the boot proof that need no boot: where the tree comes from, and a console that hangs up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk_tui.lab.drill.child import UnexpectedError
from proofs import boot
from proofs.boot import console as consoles
from proofs.boot import tree
from proofs.boot.console import console, until

pytestmark = pytest.mark.journey


def _apt(folder: Path, *lines: str) -> None:
    """Put an apt of ours on the path, which knows these indexes."""
    program = folder / "apt-get"
    program.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines))
    program.chmod(0o755)


def test_the_mirror_is_the_one_that_apt_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    _apt(
        tmp_path,
        "Other|main|trixie|http://other.example",
        "Debian|contrib|trixie|http://debian.example/debian",
        "Debian|main|trixie-updates|http://debian.example/debian",
        "Debian|main|trixie|http://debian.example/debian",
    )
    assert tree.mirror() == tree.Mirror("trixie", "http://debian.example/debian")
    _apt(tmp_path, "Other|main|trixie|http://other.example")
    assert tree.mirror() is None


def test_a_tree_is_named_after_what_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = (tree.Mirror("trixie", f"http://{name}.example") for name in ("here", "there"))
    assert tree.place(here) == tree.place(there)
    before = tree.place(here)
    monkeypatch.setattr(tree, "PACKAGES", (*tree.PACKAGES, "vim"))
    assert tree.place(here) != before


async def test_a_console_is_there_for_one_process_after_the_other() -> None:
    async with console() as screen:
        for words in ("one", "another"):
            line = os.open(screen.device, os.O_RDWR | os.O_NOCTTY)
            os.write(line, words.encode())
            os.close(line)
            await screen.shows(words)


async def test_what_never_comes_is_told_with_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consoles, "LONGEST_S", 0.05)
    with pytest.raises(UnexpectedError, match="Never came: a miracle\nonly this"):
        await until(lambda: False, "a miracle", lambda: "only this")


async def test_a_job_that_cannot_be_done_is_neither_held_nor_caught() -> None:
    class Black:
        async def started(self) -> None:
            raise UnexpectedError("The console stayed black.")

    async def does_nothing(_one: object) -> list[str]:
        return []

    for control in (False, True):
        job = boot.Job("it breaks", does_nothing, control=control)
        row = await boot._row(job, 1, Black())  # type: ignore[arg-type]
        assert not row.passed
        assert row.violations == ["The console stayed black."]
