"""Nothing of another program's environment is ours, and no failed start looks like a declined payment."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk_tui.isolation import program

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
COMMAND = ROOT / "distribution" / "kiosk-tui"
SALE = ("sale", "--demo", "--amount", "1")
SOFTWARE = 70


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Make a folder with modules that end whoever imports them, with the code for "declined"."""
    folder = tmp_path / "hostile"
    (folder / "kiosk_tui").mkdir(parents=True)
    for name in ("json", "argparse", "asyncio", "sqlite3", "sitecustomize", "kiosk_tui/__init__"):
        (folder / f"{name}.py").write_text("raise SystemExit(1)")
    return folder


def _environments(hostile: Path) -> list[dict[str, str]]:
    return [
        {"PYTHONPATH": str(hostile)},
        {"PYTHONHOME": str(hostile)},
        {"PYTHONHOME": str(hostile), "PYTHONPATH": str(hostile), "PYTHONWARNINGS": "error"},
        {"PYTHONOPTIMIZE": "2", "PYTHONSTARTUP": str(hostile / "json.py"), "PYTHONINSPECT": "1"},
        {"LD_LIBRARY_PATH": str(hostile), "LD_AUDIT": ""},
    ]


def _run(command: tuple[str, ...], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "HOME": str(folder), "STATE_DIRECTORY": str(folder / "s")}
    return subprocess.run(
        [*command],
        cwd=folder,
        env=kept | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _beside(folder: Path, python: Path) -> Path:
    """Put the command into a folder beside that Python, as an installation does."""
    folder.mkdir(exist_ok=True)
    (folder / "python").symlink_to(python)
    return Path(shutil.copy(COMMAND, folder / "kiosk-tui"))


def test_the_command_takes_nothing_from_the_environment_or_the_folder(hostile: Path) -> None:
    link = hostile / "link"
    link.symlink_to(Path(sys.executable).with_name("kiosk-tui"))
    for environment in _environments(hostile):
        done = _run((str(link), *SALE), hostile, **environment)
        assert done.returncode == 0, (environment, done.stderr)
        assert "+ approved" in done.stdout


def test_a_module_that_is_called_by_hand_takes_nothing_from_them_either(hostile: Path) -> None:
    (hostile / "kiosk_tui" / "__init__.py").unlink()
    (hostile / "kiosk_tui").rmdir()
    (hostile / "sitecustomize.py").unlink()
    for environment in ({}, {"PYTHONPATH": str(hostile)}, {"PYTHONWARNINGS": "error"}):
        done = _run((sys.executable, "-m", "kiosk_tui", *SALE), hostile, **environment)
        assert done.returncode == 0, (environment, done.stderr)


def test_what_begins_anew_stays_isolated(hostile: Path) -> None:
    done = _run((*program(), *SALE), hostile, PYTHONPATH=str(hostile), PYTHONHOME=str(hostile))
    assert done.returncode == 0, done.stderr
    assert program()[1] == "-I"


def test_a_program_that_is_not_there_is_never_a_declined_payment(tmp_path: Path) -> None:
    # a Python without our packages: as after the machine got another version of it
    command = _beside(tmp_path / "bin", Path(sys.base_prefix) / "bin" / "python3")
    done = _run((str(command), *SALE), tmp_path)
    assert (done.returncode, "could not be started" in done.stderr) == (SOFTWARE, True)
    (tmp_path / "bin" / "python").unlink()
    assert _run((str(command), *SALE), tmp_path).returncode in (126, 127)


def test_a_library_that_cannot_be_loaded_is_never_a_declined_payment(tmp_path: Path) -> None:
    broken = f"import sys; sys.modules['kiosk_tui.cli.parser'] = None; {_MAIN}"
    done = _run((sys.executable, "-c", broken, *SALE), tmp_path)
    assert (done.returncode, "could not be started" in done.stderr) == (SOFTWARE, True)


_MAIN = "from kiosk_tui.__main__ import main; sys.exit(main())"


def test_nothing_that_it_makes_may_be_touched_by_others_under_any_umask(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("kiosk-tui")
    config = tmp_path / "config.toml"
    config.write_text(
        '[terminal]\nurl = "http://127.0.0.1:1/x"\nnumber = "88091105"\n[log]\nto = "file"\n'
        '[journal]\npath = "a/b/j.db"\nanchor = "~/c/anchor"\n'
        '[metrics]\nfile = "~/kiosk.prom"\n'
    )
    (tmp_path / "c").mkdir(mode=0o700)
    sale = shlex.join((str(command), "--config", str(config), "sale", "--amount", "1"))
    wide = f"umask 000; exec {sale}"
    done = _run(("sh", "-c", wide), tmp_path, KIOSK_TUI_AUTH__KEY="k")
    assert done.returncode == 69, done.stderr
    made = [one for one in tmp_path.rglob("*") if one != config]
    assert {"j.db", "j.db.lock", "j.db.mark", "kiosk-tui.log", "anchor"} <= {
        one.name for one in made
    }
    for one in made:
        mode = one.stat().st_mode & 0o777
        shared = 0o644 if one.suffix == ".prom" else 0o700 if one.is_dir() else 0o600
        assert mode == shared, (one, oct(mode))
