"""`help` and `version` say what the options say, and do nothing else."""

from __future__ import annotations

import pytest

from kiosk_tui.cli.main import main


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (["help"], ["--help"]),
        (["help", "sale"], ["sale", "--help"]),
        (["help", "journal", "list"], ["journal", "list", "--help"]),
        (["version"], ["--version"]),
    ],
)
def test_the_command_says_what_the_option_says(
    command: list[str], option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for arguments in (command, option):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1] != ""


def test_help_for_what_is_no_command_is_a_fault_of_usage() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["help", "nonsense"])
    assert ended.value.code == 2
