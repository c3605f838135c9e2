"""`kiosk-tui drill` as a technician meets it: on a terminal, in a pipe, interrupted, refused."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from support import terminal
from support.terminal import running

from kiosk_tui.cli.main import main
from kiosk_tui.lab.drill.cases import CASES

pytestmark = pytest.mark.journey

PATIENCE_S = 280.0
"""For the whole drill on a machine that does seven other things."""

FORGETS = """
from kiosk_tui.__main__ import main; import sys
sys.exit(0 if 'recover' in sys.argv else main())
"""


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "STATE_DIRECTORY": str(folder)}


def processes_in(folder: Path) -> list[str]:
    """Return the command lines of processes that were started with something in that folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes()
        except OSError:  # it has just ended
            continue
        if f"{folder}/drill-".encode() in line:
            found.append(line.decode())
    return found


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.timeout(300)
def test_the_whole_drill_passes_on_a_console_and_writes_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "DEADLINE_S", PATIENCE_S)
    real = tmp_path / "journal.db"
    real.write_bytes(b"the real journal")
    astray = {"KIOSK_TUI_TERMINAL__URL": "http://127.0.0.1:9/", "KIOSK_TUI_AUTH__KEY": "real-key"}
    known = {"KIOSK_TUI_TERMINAL__NUMBER": "88091105"}
    # as high as the whole report, so that nothing has scrolled away
    with running("drill", folder=tmp_path, environment=astray | known, rows=170) as console:
        code = console.ended()
        seen = [line.rstrip() for line in console.screen.display]
        written = console.written.decode()
    assert code == 0, "\n".join(seen)

    # each row, in order, whole on its line
    rows = [line for line in seen if re.match(r" {0,2}[0-9]+ ", line)]
    assert [int(line[:3]) for line in rows] == list(range(1, len(CASES) + 1))
    for line, case in zip(rows, CASES, strict=True):
        mark = "caught" if case.control else "ok"
        assert line == f"{line[:3]} {case.step:<36} {case.fault:<27} {mark}"
    text = " ".join(" ".join(seen).split())
    assert "charged 12.55, reversed -12.55, recorded cancelled" in text
    assert "sale killed, recover killed 4 times, recover 0" in text
    assert "Caught, as it must be" in text
    assert f"PASSED: {len(CASES)} of {len(CASES)}" in text

    # the bar moved, and is gone
    assert re.findall(r"\[#+\.+\] \d+ of \d+ +\d:\d\d", written)
    assert not [line for line in seen if "...]" in line]
    assert set("".join(seen)) <= {*map(chr, range(32, 127)), "─"}

    # the report says the same, to people and to programs
    (told,) = tmp_path.glob("drill-*.txt")
    report = told.read_text().splitlines()
    assert [line for line in report if line in rows] == rows
    table = report[report.index(rows[0]) :]
    assert max(len(line) for line in table if str(tmp_path) not in line) < 80
    whole = json.loads(told.with_suffix(".json").read_text())
    assert (whole["verdict"], whole["failed"], whole["cases"]) == ("passed", 0, len(CASES))
    assert [row["number"] for row in whole["rows"]] == list(range(1, len(CASES) + 1))
    assert all(row["passed"] and row["evidence"] is None for row in whole["rows"])
    assert "SQLite" in whole["facts"]["journal"]
    assert "real-key" not in told.read_text() + json.dumps(whole)

    # nothing else is left, and the real journal is as it was
    assert real.read_bytes() == b"the real journal"
    assert inside(tmp_path) == sorted(["journal.db", told.name, f"{told.stem}.json"])
    assert processes_in(tmp_path) == []


@pytest.mark.parametrize("how", ["\x03", signal.SIGTERM, signal.SIGHUP])
def test_a_drill_that_is_stopped_leaves_nothing_behind(
    tmp_path: Path, how: str | signal.Signals
) -> None:
    with running("drill", folder=tmp_path) as console:
        console.until(lambda: bool(processes_in(tmp_path)), "a register that is being drilled")
        if isinstance(how, str):
            console.type(how)
        else:
            os.kill(console.pid, how)
        assert console.ended() == 130
        assert "The drill was stopped before its end" in console.written.decode()
        assert "Traceback" not in console.written.decode()
    assert processes_in(tmp_path) == []
    assert inside(tmp_path) == []


class TestInProcess:
    """A few cases of the real command, with the register that it starts in the test's hand."""

    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kiosk_tui.lab.drill.cases.CASES", (CASES[0], CASES[10]))
        for name, value in environment(tmp_path).items():
            monkeypatch.setenv(name, value)

    def test_a_register_that_forgets_makes_it_exit_with_1(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        broken = (sys.executable, "-c", FORGETS)
        monkeypatch.setattr("kiosk_tui.lab.drill.child.PROGRAM", broken)
        assert main(["drill", "--report", str(tmp_path / "mine.txt")]) == 1
        said = capsys.readouterr().out
        assert "\x1b" not in said  # no bar in a pipe
        assert "ok" in said
        assert "FAILED: 1 of 2" in said
        assert "is still under way; TECS holds 1255." in said
        whole = json.loads((tmp_path / "mine.json").read_text())
        assert [row["passed"] for row in whole["rows"]] == [True, False]
        kept = Path(whole["rows"][1]["evidence"])
        assert (kept / "journal.db").exists()
        assert str(kept) in " ".join((tmp_path / "mine.txt").read_text().split())

    def test_for_programs_each_row_is_a_line_and_the_last_one_is_the_verdict(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["drill", "--json", "--report", str(tmp_path / "mine.json")]) == 0
        first, second, last = map(json.loads, capsys.readouterr().out.splitlines())
        assert (first["number"], second["number"]) == (1, 2)
        assert second["happened"] == ["sale killed", "recover 0"]
        assert second["money"] == "charged 12.55, reversed -12.55, recorded CANCELLED"
        assert last["verdict"] == "passed"
        assert last["report"] == [str(tmp_path / "mine.txt"), str(tmp_path / "mine.json")]

    def test_no_report_is_overwritten(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "mine.json").touch()
        assert main(["drill", "--report", str(tmp_path / "mine.txt")]) == 2
        assert "mine.json exists already" in capsys.readouterr().err
        assert inside(tmp_path) == ["mine.json"]

    def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "file"))
        assert main(["drill", "--report", str(tmp_path / "mine.txt")]) == 69
        assert "cannot be written" in capsys.readouterr().err


def run(
    folder: Path, program: tuple[str, ...], cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    variables: Mapping[str, str] = environment(folder) | more
    return subprocess.run(
        [*program, "drill"],
        env=variables,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_without_the_simulator_it_says_in_one_sentence_what_to_install(tmp_path: Path) -> None:
    bare = "import sys; sys.modules['uvicorn'] = None; from kiosk_tui.__main__ import main"
    done = run(tmp_path, (sys.executable, "-c", f"{bare}; sys.exit(main())"))
    assert done.returncode == 69
    assert done.stderr == (
        "kiosk-tui: The drill needs the simulator, which is not installed (uvicorn): install"
        " kiosk-tui[simulator].\n"
    )
    assert inside(tmp_path) == []


def test_it_refuses_to_drill_another_program_than_itself(tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    (other / "kiosk_tui").mkdir(parents=True)
    (other / "kiosk_tui" / "__init__.py").touch()
    # as the installed command does it: without the working folder on the path
    started = "import sys; sys.path[0] = sys.argv.pop(1); from kiosk_tui.__main__ import main"
    program = (sys.executable, "-c", f"{started}; sys.exit(main())", str(Path.cwd()))
    done = run(tmp_path, program, cwd=other)
    assert done.returncode == 69
    assert f"would be {other}/kiosk_tui/__init__.py" in done.stderr
    assert inside(tmp_path) == ["elsewhere"]
