"""Completions as the shells themselves read them, and the command that prints them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from kiosk_tui.cli.completion import FOLDER, SHELLS
from kiosk_tui.cli.main import main
from kiosk_tui.cli.parser import parser

BASH = """source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_shtab_kiosk_tui
printf '%s\\n' "${COMPREPLY[@]}"
"""

TYPED = [
    (("kiosk-tui", "jo"), {"journal"}),
    (("kiosk-tui", "journal", "b"), {"backup"}),
    (("kiosk-tui", "sale", "--am"), {"--amount"}),
    (("kiosk-tui", "--mode", ""), {"kiosk", "lane", "technician"}),
    (("kiosk-tui", "journal", "list", "--state", "needs"), {"needs_staff"}),
    (("kiosk-tui", "help", "exit"), {"exit-codes"}),
    (("kiosk-tui", "--config", "kiosk.to"), {"kiosk.toml"}),
]


def completed(*command: str) -> set[str]:
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    assert done.stderr == ""
    return {line.partition("\t")[0] for line in done.stdout.splitlines() if line}


@pytest.fixture(autouse=True)
def folder(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    with open("kiosk.toml", "w"):  # noqa: PTH123 - where the shell stands
        pass


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(("typed", "offered"), TYPED)
def test_bash_completes(typed: tuple[str, ...], offered: set[str]) -> None:
    file = str(FOLDER / SHELLS["bash"])
    assert completed("bash", "--norc", "-c", BASH, "bash", file, *typed) == offered


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
@pytest.mark.parametrize(("typed", "offered"), TYPED)
def test_fish_completes(typed: tuple[str, ...], offered: set[str]) -> None:
    script = 'source $argv[1]; complete -C "$argv[2]"'
    file = str(FOLDER / SHELLS["fish"])
    assert completed("fish", "--no-config", "-c", script, file, " ".join(typed)) == offered


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh here")
def test_zsh_reads_its_file() -> None:
    file = FOLDER / SHELLS["zsh"]
    assert file.read_text("utf-8").startswith("#compdef kiosk-tui\n")
    assert completed("zsh", "-f", "-n", str(file)) == set()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_file_of_a_shell(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    assert capsys.readouterr().out == (FOLDER / SHELLS[shell]).read_text("utf-8")


def test_the_parser_and_the_files_know_the_same_shells() -> None:
    (commands,) = [one for one in parser()._actions if one.dest == "command"]
    assert isinstance(commands.choices, dict)
    (shells,) = [one for one in commands.choices["completion"]._actions if one.dest == "shell"]
    assert shells.choices == tuple(SHELLS)
