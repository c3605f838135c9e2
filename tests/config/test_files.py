"""A configuration is read as editors save it; everything that is wrong with it is told in one run."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from kiosk_tui.config import secrets
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import examine, load

GOOD = """[terminal]
url = "https://test.tecs.at/tecsclientrest"
number = "88091105"
place = "1010 Wien Ä"
"""


@pytest.mark.parametrize(
    ("mark", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-8"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_configuration_is_read_as_any_editor_saves_it(
    tmp_path: Path, mark: bytes, charset: str, end: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(mark + GOOD.replace("\n", end).encode(charset))
    assert load(file, {}).config.terminal.place == "1010 Wien Ä"


def test_what_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(GOOD.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"line 4\): save it as UTF-8"):
        load(file, {})
    file.write_bytes(GOOD.replace("Ä", "\0").encode())
    with pytest.raises(ConfigError, match=r"x00.* line 4"):
        load(file, {})


def test_all_faults_are_told_in_one_run_each_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        'stray = 1\n[terminal]\nurl = "ftp://x"\nnumber = 1\ncurrency = "EURO"\n'
        'ca_file = "$HOME/ca.pem"\n[kiosks]\nid = "x"\n[tip]\npercents = [5]\npercent = [500]\n'
    )
    loaded, faults = examine(file, {"KIOSK_TUI_LOG__TO": "nowhere"})
    told = [str(one) for one in faults]
    for key, place in {
        "stray": "",
        "terminal.url": "line 3",
        "terminal.number": "line 4",
        "terminal.currency": "line 5",
        "terminal.ca_file": "line 6",
        "kiosks": "",
        "tip.percents": "line 10",
        "tip.percent ": "line 11",
        "log.to": "$KIOSK_TUI_LOG__TO",
    }.items():
        assert sum(one.startswith(key) and place in one for one in told) == 1, key
    assert len(told) == 9
    assert loaded.config.tip.percent == [5, 10, 15]  # as if it stood not there
    with pytest.raises(ConfigError, match=r"8 more: `kiosk-tui config check`"):
        load(file, {"KIOSK_TUI_LOG__TO": "nowhere"})


def _no_file(folder: Path, kind: str) -> tuple[Path, str]:
    path = folder / kind
    if kind == "folder":
        path.mkdir()
        return path, "folder"
    if kind == "pipe":
        os.mkfifo(path, 0o600)
        return path, "did not come within"
    if kind == "long":
        path.write_bytes(b"#" * 2_000_000)
        path.chmod(0o600)
        return path, "longer"
    return Path("/dev/zero"), "device"


@pytest.mark.parametrize("kind", ["folder", "pipe", "long", "device"])
def test_what_is_no_small_file_is_a_sentence_and_never_waited_for_for_ever(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk_tui.files.reading.read.__defaults__", (0.0,))
    path, words = _no_file(tmp_path, kind)
    with pytest.raises(ConfigError, match=words):
        load(path, {})
    with pytest.raises(ConfigError, match=words):
        secrets.find(secrets.KEY, str(path), {})


@pytest.mark.parametrize(
    "content",
    [
        b"secret",
        b"secret\r\n",
        codecs.BOM_UTF8 + b"secret\n",
        codecs.BOM_UTF16_LE + "secret\r\n".encode("utf-16-le"),
    ],
)
def test_a_key_is_read_as_any_editor_saves_it(tmp_path: Path, content: bytes) -> None:
    key = tmp_path / "key"
    key.write_bytes(content)
    key.chmod(0o600)
    assert secrets.find(secrets.KEY, str(key), {})[0].reveal() == "secret"


def test_a_credential_that_cannot_be_read_is_told_and_no_other_is_taken(tmp_path: Path) -> None:
    (tmp_path / "authkey").symlink_to(tmp_path / "gone")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "KIOSK_TUI_AUTH__KEY": "other"}
    with pytest.raises(ConfigError, match="authkey"):
        secrets.find(secrets.KEY, "", environment)
