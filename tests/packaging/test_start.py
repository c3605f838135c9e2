"""`./start` on machines that lack something, and how often it installs: with a Python that pretends."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
UNAVAILABLE = 69

# Writes down what it is asked for, makes a `.venv` with itself in it, and "installs" a kiosk-tui
# that says its arguments.
_PRETENDER = """#!/bin/sh
printf '%s\\n' "$*" >>"$CALLS"
case "$*" in
*"$FAILS"*) exit 1 ;;
"-m venv "*)
    mkdir -p "$4/bin" && cp "$0" "$4/bin/python"
    ;;
*"pip install "*" --editable "*)
    printf '#!/bin/sh\\nprintf "<%%s>" "$@"\\n' >"$(dirname "$0")/kiosk-tui"
    chmod +x "$(dirname "$0")/kiosk-tui"
    ;;
esac
"""


class Machine:
    """A checkout in a folder with a space in its name, and a Python that only pretends."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout"
        self.python = folder / "python"
        self.path = folder / "path"
        """Where it has its tools; while there is no such folder, this machine's."""
        self._calls = folder / "calls"
        self.python.write_text(_PRETENDER)
        self.python.chmod(0o755)
        self.root.mkdir()
        for name in ("start", "pyproject.toml"):
            shutil.copy(ROOT / name, self.root)
        for name in ("scripts", "requirements"):
            shutil.copytree(ROOT / name, self.root / name)
        (self.root / "kiosk_tui").mkdir()

    def start(
        self,
        *arguments: str,
        fails: str = "nothing",
        through: Path | None = None,
        python: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        self._calls.write_text("")
        return subprocess.run(
            [through or self.root / "start", *arguments],
            cwd="/",
            env={
                "PATH": str(self.path) if self.path.exists() else os.environ["PATH"],
                "PYTHON": str(self.python) if python is None else python,
                "HOME": str(self.root),
                "CALLS": str(self._calls),
                "FAILS": fails,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self, words: str) -> int:
        """Return how often Python was asked for this in the last start."""
        return sum(words in line for line in self._calls.read_text().splitlines())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_first_start_installs_and_the_second_only_starts(machine: Machine) -> None:
    first = machine.start("sale", "--amount", "1 2")
    assert first.stdout == "<sale><--amount><1 2>"
    assert len(first.stderr.splitlines()) == 3
    assert machine.asked("-m venv") == 1
    assert machine.asked("--no-deps --require-hashes --only-binary :all:") == 1
    assert machine.asked("--no-deps --no-build-isolation --editable") == 1

    second = machine.start("--version")
    assert (second.stdout, second.stderr) == ("<--version>", "")
    assert not machine.asked("")


def test_it_starts_through_a_link(machine: Machine, tmp_path: Path) -> None:
    link = tmp_path / "kiosk"
    link.symlink_to(machine.root / "start")
    assert machine.start("--version", through=link).stdout == "<--version>"


def test_a_changed_lock_is_installed_and_nothing_more(machine: Machine) -> None:
    machine.start()
    lock = machine.root / "requirements" / "demo.txt"
    lock.write_text(lock.read_text() + "# changed\n")
    machine.start()
    assert machine.asked("pip install") == machine.asked("--require-hashes") == 1
    assert not machine.asked("-m venv")


def test_a_changed_project_file_is_installed_and_nothing_more(machine: Machine) -> None:
    machine.start()
    project = machine.root / "pyproject.toml"
    project.write_text(project.read_text() + "# changed\n")
    machine.start()
    assert machine.asked("pip install") == machine.asked("--editable") == 1


def test_a_checkout_that_was_moved_gets_a_new_venv(machine: Machine) -> None:
    machine.start()
    machine.root = machine.root.rename(machine.root.with_name("elsewhere"))
    assert machine.start("--version").stdout == "<--version>"
    assert machine.asked("-m venv") == 1


def test_a_broken_venv_is_made_anew(machine: Machine) -> None:
    machine.start()
    (machine.root / ".venv" / "bin" / "python").unlink()
    assert machine.start("--version").stdout == "<--version>"
    assert machine.asked("-m venv") == 1


def test_an_installation_that_broke_off_is_done_again(machine: Machine) -> None:
    broken = machine.start(fails="--editable")
    assert broken.returncode == UNAVAILABLE
    assert "kiosk-tui could not be installed" in broken.stderr
    assert machine.start("--version").stdout == "<--version>"
    assert machine.asked("pip install") == 1


@pytest.mark.parametrize(
    ("fails", "sentence"),
    [
        ("version_info", "is too old: 3.11 or newer is needed"),
        ("ensurepip", "apt install python3-venv"),
        ("--require-hashes", "The libraries could not be installed"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(machine: Machine, fails: str, sentence: str) -> None:
    done = machine.start(fails=fails)
    assert done.returncode == UNAVAILABLE
    assert sentence in done.stderr.splitlines()[-1]
    assert not done.stdout


@pytest.fixture
def bare(machine: Machine, tmp_path: Path) -> Machine:
    """Return a machine whose path has all tools and no Python at all."""
    machine.path.mkdir()
    for tool in Path("/usr/bin").iterdir():
        if not tool.name.startswith("py"):
            (machine.path / tool.name).symlink_to(tool)
    return machine


def test_where_python3_is_too_old_the_newest_that_is_supported_is_taken(bare: Machine) -> None:
    for name, answer in {
        "python3": "exit 1",
        "python3.10": "exit 0",
        "python3.12": f'exec "{bare.python}" "$@"',
        "python3.13": f'exec "{bare.python}" "$@"',
        "python3.15": "exit 0",
    }.items():
        (bare.path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (bare.path / name).chmod(0o755)
    (bare.path / "python3.13").write_text(
        f'#!/bin/sh\necho "thirteen $*" >>"$CALLS"\nexec "{bare.python}" "$@"\n'
    )
    assert bare.start("--version", python="").stdout == "<--version>"
    assert bare.asked("thirteen -m venv") == 1


def test_where_there_is_no_python_that_is_supported_it_is_said(bare: Machine) -> None:
    done = bare.start(python="")
    assert done.returncode == UNAVAILABLE
    assert done.stderr == "There is no python3 here: apt install python3 python3-venv\n"


def test_a_python_that_is_newer_than_the_libraries_is_refused(machine: Machine) -> None:
    done = machine.start(fails="< (3, 15)")
    assert done.returncode == UNAVAILABLE
    assert "is too new: 3.14 is the newest that is supported" in done.stderr


def test_a_machine_without_python_is_told_what_to_install(machine: Machine) -> None:
    machine.python.unlink()
    done = machine.start()
    assert done.returncode == UNAVAILABLE
    assert "apt install python3 python3-venv" in done.stderr
