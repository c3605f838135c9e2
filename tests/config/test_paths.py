"""One path, whoever calls from wherever: `~`, relative ones, variables, and a user without a home."""

from __future__ import annotations

import os
import pwd
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import examine, find, load, user_file
from kiosk_tui.config.paths import home, state_folder
from kiosk_tui.config.settings import settings
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.lock import JournalBusyError, WriterLock
from kiosk_tui.journal.store import Store
from kiosk_tui.session.launch import Launch

GOOD = """
[terminal]
url = "https://test.tecs.at/tecsclientrest"
number = "88091105"
"""
SETTINGS = [
    ("terminal", "ca_file"),
    ("auth", "key_file"),
    ("auth", "client_secret_file"),
    ("journal", "path"),
    ("journal", "anchor"),
    ("journal", "backup_folder"),
    ("metrics", "file"),
    ("api", "socket"),
    ("api", "certificate"),
    ("api", "certificate_key"),
    ("receipt", "logo"),
    ("second_opinion", "password_file"),
]
PAIRS = {"certificate": "certificate_key", "certificate_key": "certificate"}
ELSEWHERE = [("journal", "anchor"), ("metrics", "file")]


def _config(folder: Path, section: str, name: str, value: str) -> Path:
    file = folder / "etc" / "config.toml"
    file.parent.mkdir(exist_ok=True)
    head = GOOD if section == "terminal" else f"{GOOD}[{section}]\n"
    other = PAIRS.get(name, "")
    file.write_text(f"{head}{name} = {value}\n" + (f'{other} = "x"\n' if other else ""))
    return file


def _taken(folder: Path, section: str, name: str, value: str, **environment: str) -> str:
    config = load(_config(folder, section, name, f'"{value}"'), environment).config
    return str(getattr(getattr(config, section), name))


def test_every_setting_that_names_a_file_is_one_of_these() -> None:
    named = [one.key for one in settings().values() if one.example.startswith('"/')]
    assert sorted(named) == sorted(f"{section}.{name}" for section, name in SETTINGS)


@pytest.mark.parametrize(("section", "name"), SETTINGS)
def test_a_tilde_is_the_callers_home_in_every_setting(
    tmp_path: Path, section: str, name: str
) -> None:
    assert (
        _taken(tmp_path, section, name, "~/a b/x.prom", HOME="/srv/till") == "/srv/till/a b/x.prom"
    )


def test_the_home_of_another_user_is_looked_up(tmp_path: Path) -> None:
    root = pwd.getpwuid(0)
    found = _taken(tmp_path, "journal", "path", f"~{root.pw_name}/j.db", HOME="/elsewhere")
    assert found == f"{root.pw_dir}/j.db"


@pytest.mark.parametrize(("section", "name"), [one for one in SETTINGS if one not in ELSEWHERE])
def test_a_relative_path_begins_in_the_configurations_folder_wherever_one_calls_from(
    tmp_path: Path, section: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        found.append(_taken(tmp_path, section, name, "state/x.prom"))
    assert found == [str(tmp_path / "etc" / "state/x.prom")] * 2


@pytest.mark.parametrize(("section", "name"), ELSEWHERE)
def test_what_lies_elsewhere_is_named_whole(tmp_path: Path, section: str, name: str) -> None:
    with pytest.raises(ConfigError, match="no whole path"):
        _taken(tmp_path, section, name, "x.prom")


def test_a_configuration_that_is_named_relatively_has_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _config(tmp_path, "journal", "path", '"j.db"')
    monkeypatch.chdir(tmp_path)
    assert load(Path("etc/config.toml"), {}).config == load(file, {}).config
    assert find(None, {"KIOSK_TUI_CONFIG": "~/c.toml", "HOME": "/srv"}) == Path("/srv/c.toml")


def test_a_link_to_the_configuration_and_a_pipe_give_no_other_journal(tmp_path: Path) -> None:
    file = _config(tmp_path, "journal", "path", '"j.db"')
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    assert load(link, {}).config.journal.path == str(tmp_path / "etc" / "j.db")
    ours, theirs = os.pipe()
    try:
        os.write(theirs, file.read_bytes())
        os.close(theirs)
        with pytest.raises(ConfigError, match="no whole path"):
            load(Path(f"/dev/fd/{ours}"), {})
    finally:
        os.close(ours)


def test_a_relative_path_without_a_file_to_begin_from_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {
        "HOME": str(tmp_path),
        "KIOSK_TUI_TERMINAL__URL": "https://test.tecs.at/x",
        "KIOSK_TUI_TERMINAL__NUMBER": "88091105",
        "KIOSK_TUI_JOURNAL__PATH": "j.db",
    }
    monkeypatch.setattr("kiosk_tui.config.load.SYSTEM", tmp_path / "none")
    with pytest.raises(ConfigError, match=r"journal\.path .*no whole path"):
        load(None, environment)


@pytest.mark.parametrize(
    "value",
    [
        "$HOME/x.db",
        "${HOME}/x.db",
        "/srv/$USER/x.db",
        "$(pwd)/x.db",
        "%h/x.db",
        "/var/%i",
        "%USERPROFILE%/x.db",
        "file:///srv/x.db",
        "C:/kiosk/x.db",
        " /srv/x.db",
        "/srv/x.db ",
        "~nobody-of-that-name/x.db",
    ],
)
@pytest.mark.parametrize(("section", "name"), [("journal", "path"), ("auth", "key_file")])
def test_what_nobody_expands_is_refused_and_never_made_a_folder_of_that_name(
    tmp_path: Path, section: str, name: str, value: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        _taken(tmp_path, section, name, value, HOME="/srv/till")
    assert f"{section}.{name}" in str(caught.value)
    assert value.strip() in str(caught.value)


@pytest.mark.parametrize(
    ("printer", "taken"),
    [
        ("text:///slips", "text:///slips"),
        ("text://~/slips", "text:///srv/till/slips"),
        ("text:~/slips", "text:///srv/till/slips"),
        ("text:slips", "text://{etc}/slips"),
        ("file:///dev/usb/lp0", "file:///dev/usb/lp0"),
        ("tcp://192.0.2.7:9100", "tcp://192.0.2.7:9100"),
    ],
)
def test_a_folder_for_slips_is_a_path_like_any_other(
    tmp_path: Path, printer: str, taken: str
) -> None:
    found = _taken(tmp_path, "receipt", "printer", printer, HOME="/srv/till")
    assert found == taken.format(etc=tmp_path / "etc")


def test_the_alert_command_and_a_theme_of_ones_own_are_found_from_anywhere(tmp_path: Path) -> None:
    told = _config(tmp_path, "alert", "command", '["./tell", "~/stays"]')
    assert load(told, {}).config.alert.command == [str(tmp_path / "etc" / "./tell"), "~/stays"]
    with pytest.raises(ConfigError, match="the whole path of a program"):
        load(_config(tmp_path, "alert", "command", '["tell"]'), {})
    theme = tmp_path / "etc" / "own.toml"
    theme.write_text("")
    themed = _config(tmp_path, "ui", "theme", '"own.toml"')
    assert examine(themed, {})[0].config.ui.theme == str(theme)


@pytest.mark.parametrize("named", ["", "relative", "~"])
def test_a_home_that_is_no_whole_path_is_nobodys(named: str) -> None:
    assert home({"HOME": named}) == Path(pwd.getpwuid(os.geteuid()).pw_dir)


def test_a_user_without_a_home_is_told_where_to_put_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_user: int) -> pwd.struct_passwd:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    file = _config(tmp_path, "kiosk", "id", '"one"')
    launch = Launch(load(file, {}), demo=False, command="test", environment={})
    with pytest.raises(ConfigError) as caught:
        _ = launch.journal
    for word in ("journal.path", "STATE_DIRECTORY", "HOME"):
        assert word in str(caught.value)
    assert find(None, {}) in (None, Path("/etc/kiosk-tui/config.toml"))
    with pytest.raises(ConfigError, match=r"journal\.path .*has no home"):
        _taken(tmp_path, "journal", "path", "~/x.db")


def test_a_relative_folder_of_xdg_or_systemd_is_ignored() -> None:
    theirs = {"HOME": "/srv/till", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "conf"}
    assert state_folder(theirs) == Path("/srv/till/.local/state/kiosk-tui")
    assert state_folder(theirs | {"STATE_DIRECTORY": "here"}) == state_folder(theirs)
    assert state_folder(theirs | {"STATE_DIRECTORY": "/var/lib/k:/x"}) == Path("/var/lib/k")
    assert state_folder({"XDG_STATE_HOME": "/state"}) == Path("/state/kiosk-tui")
    assert user_file(theirs) == Path("/srv/till/.config/kiosk-tui/config.toml")


def test_two_spellings_of_one_journal_have_one_lock(tmp_path: Path) -> None:
    real = tmp_path / "real" / "journal.db"
    real.parent.mkdir()
    real.touch()
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "file.db").symlink_to(real)
    held = WriterLock(real, "one")
    names = [real, tmp_path / "folder" / "journal.db", tmp_path / "file.db"]
    names.append(tmp_path / "real" / ".." / "folder" / "journal.db")
    for name in names:
        loaded = load(_config(tmp_path, "journal", "path", f'"{name}"'), {})
        journal = Launch(loaded, demo=False, command="test", environment={}).journal
        with pytest.raises(JournalBusyError):
            WriterLock(journal, "another")
    held.release()


def test_a_link_whose_disk_is_away_makes_no_new_journal(tmp_path: Path) -> None:
    disk, link = tmp_path / "disk", tmp_path / "journal.db"
    disk.mkdir()
    link.symlink_to(disk / "journal.db")
    loaded = load(_config(tmp_path, "journal", "path", f'"{link}"'), {})
    launch = Launch(loaded, demo=False, command="test", environment={})
    store = Store(launch.journal)
    store.check_writable(datetime.now(UTC))
    store.close()
    for one in disk.iterdir():
        one.unlink()
    with pytest.raises(JournalUnavailableError, match="gone or empty, but it was here before"):
        Store(launch.journal).check_writable(datetime.now(UTC))
    assert not (disk / "journal.db").exists()


def test_who_calls_matters_only_where_a_path_says_so(tmp_path: Path) -> None:
    for path, matters in {"~/x": True, "~": True, "~root/x": False, "/srv/~/x": False}.items():
        loaded, _ = examine(_config(tmp_path, "journal", "path", f'"{path}"'), {"HOME": "/srv"})
        assert ("journal.path" in loaded.by_caller) is matters
