"""What a terminal, a file or a locale cannot write or read: it changes words, never an exit code."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.installation import Installation, installed
from support.terminal import PROGRAM

pytestmark = pytest.mark.journey

ODD = "Käthe Öllinger € – 中文 שלום 🙂"

PLACES: dict[str, dict[str, str]] = {
    "C": {"LC_ALL": "C", "LANG": ""},
    "C without coercion": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "POSIX": {"LC_ALL": "POSIX", "PYTHONUTF8": "0"},
    "a locale that does not exist": {"LC_ALL": "xx_YY.KOI8-R"},
    "Latin-1": {"LC_ALL": "de_AT.ISO-8859-1", "PYTHONIOENCODING": "iso-8859-1"},
    "Latin-9": {"PYTHONIOENCODING": "iso-8859-15"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "ASCII, strictly": {"PYTHONIOENCODING": "ascii:strict"},
    "UTF-16": {"PYTHONIOENCODING": "utf-16"},
    "an unknown way with errors": {"PYTHONIOENCODING": "ascii:bogus"},
    "a code page": {"PYTHONIOENCODING": "cp437"},
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def run(
    shop: Installation, place: dict[str, str], *arguments: str | bytes, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*PROGRAM, "--config", str(shop.config), *arguments],
        env=shop.environment | place,
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )


def _odd(shop: Installation) -> dict[str, Any]:
    """Make a sale whose answer and order hold what few encodings can write."""
    code, sold = shop.json("sale", "--amount", "12.55", "--reason", ODD[:20])
    assert code == 0
    with sqlite3.connect(shop.journal) as file:
        (stored,) = file.execute("SELECT answer FROM transactions").fetchone()
        answer = json.loads(stored)
        answer["response_text"] = ODD
        answer["fields"] |= {"merchant_name": ODD, "receipt_footer": ODD}
        file.execute(
            "UPDATE transactions SET answer = ?, checksum = NULL, note = ?",
            (json.dumps(answer), ODD),
        )
    file.close()
    return dict(sold)


@pytest.mark.parametrize("name", PLACES)
def test_an_answer_that_cannot_be_written_is_told_and_changes_no_exit_code(
    shop: Installation, name: str
) -> None:
    sold = _odd(shop)
    for command, code in ((f"receipt {sold['id']}", 0), (f"journal show {sold['id']}", 0)):
        done = run(shop, PLACES[name], *command.split())
        assert (done.returncode, done.stderr) == (code, b"")
        assert b"12.55" in done.stdout


@pytest.mark.parametrize("place", [PLACES["C without coercion"], PLACES["UTF-16"]])
def test_no_command_fails_because_of_what_cannot_be_written(
    shop: Installation, place: dict[str, str]
) -> None:
    shop.configure(kiosk='name = "Café €"', receipt='printer = "tcp://127.0.0.1:1"')
    sold = _odd(shop)
    for arguments, code in (
        (("journal", "list"), 0),
        (("journal", "show", sold["id"]), 0),
        (("receipt", sold["id"]), 0),
        (("receipt", sold["id"], "--copy", "merchant"), 0),
        (("totals",), 0),
        (("journal", "export", "--format", "csv"), 0),
        (("journal", "verify"), 65),  # somebody has written there
        (("watch", "--once"), 69),
        (("config", "show"), 0),
        (("config", "check"), 0),
        (("console",), 0),
        (("sale", "--amount", "1.00", "--reason", "Öl"), 0),
        (("sale", "--amount", "80.51"), 1),
        (("journal", "show", "ü"), 2),
        (("receipt", sold["id"], "--print"), 69),
        (("--help",), 0),
    ):
        done = run(shop, place, *arguments)
        assert (arguments, done.returncode) == (arguments, code), done.stderr
        assert b"Traceback" not in done.stderr
        assert b"\\u" not in done.stdout + done.stderr


@pytest.mark.parametrize("place", [PLACES["Latin-1"], PLACES["UTF-16"]])
def test_json_is_ascii_whatever_the_output_is(shop: Installation, place: dict[str, str]) -> None:
    sold = _odd(shop)
    for arguments in (
        ("journal", "show", sold["id"], "--json"),
        ("journal", "list", "--json"),
        ("journal", "export"),
        ("totals", "--json"),
        ("sale", "--amount", "2.00", "--reason", "Öl €", "--json"),
        ("config", "show", "--json"),
        ("console", "--json"),
        ("journal", "backup", str(shop.folder / "backup-é.db"), "--json"),
    ):
        done = run(shop, place, *arguments)
        assert done.returncode == 0, done.stderr
        assert done.stdout.isascii()
        for line in done.stdout.splitlines():
            json.loads(line)
        (shop.folder / "backup-é.db").unlink(missing_ok=True)


def test_what_cannot_be_written_is_written_plainer(shop: Installation) -> None:
    sold = _odd(shop)
    told = run(shop, {"PYTHONIOENCODING": "ascii"}, "receipt", sold["id"]).stdout.decode("ascii")
    assert "Kathe Ollinger EUR - ???? ???? ??" in told
    assert "12.55" in told
    euro = run(shop, {"PYTHONIOENCODING": "iso-8859-15"}, "receipt", sold["id"]).stdout
    assert "Käthe Öllinger € -" in euro.decode("iso-8859-15")
    whole = run(shop, {}, "receipt", sold["id"]).stdout.decode()
    assert "€ –" in whole


def test_files_are_utf_8_whatever_the_terminal_is(shop: Installation) -> None:
    sold = _odd(shop)
    here = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    slip = shop.folder / "slip.txt"
    assert run(shop, here, "receipt", sold["id"], "--output", str(slip)).returncode == 0
    assert "Käthe Öllinger € –" in slip.read_text("utf-8")
    assert "€12.55" in slip.read_text("utf-8")
    table = run(shop, here, "journal", "export", "--format", "csv").stdout.decode("utf-8")
    assert "Käthe Öllinger € – 中文" in table


BYTES = (b"Caf\xe9 \xd6l", "Café Öl")


@pytest.mark.parametrize("name", ["C without coercion", "ASCII"])
@pytest.mark.parametrize(
    ("typed", "meant"), [BYTES, ("Café Öl".encode(), "Café Öl")], ids=["Latin-1", "UTF-8"]
)
def test_an_argument_is_kept_as_a_text_whatever_its_bytes_are(
    shop: Installation, name: str, typed: bytes, meant: str
) -> None:
    sold = run(shop, PLACES[name], "sale", "--amount", "1.00", "--json", "--reason", typed)
    assert (sold.returncode, json.loads(sold.stdout)["reason"]) == (0, meant)
    named = run(
        shop, PLACES[name], "sale", "--amount", "1.00", "--json", "--caller-reference", typed
    )
    assert (named.returncode, json.loads(named.stdout)["caller_reference"]) == (0, meant)
    for wrong in ("journal show", "receipt", "journal settle --note x", "journal list --state"):
        done = run(shop, PLACES[name], *wrong.split(), typed)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["C without coercion", "Latin-1"])
@pytest.mark.parametrize("file", [b"slip-\xe4.txt", "slip-ä€.txt".encode()], ids=["odd", "UTF-8"])
def test_the_name_of_a_file_is_its_bytes(shop: Installation, name: str, file: bytes) -> None:
    sold, place = _odd(shop), PLACES[name]
    path = os.fsencode(shop.folder) + b"/" + file
    assert run(shop, place, "receipt", sold["id"], "--output", path).returncode == 0
    slip = Path(os.fsdecode(path))
    assert "TXID" in slip.read_text("utf-8")
    slip.unlink()
    done = run(shop, place, "journal", "backup", path, "--json")
    assert (done.returncode, done.stdout.isascii()) == (0, True)
    assert "backup" in json.loads(done.stdout)
    assert b"\\ud" not in done.stdout
    slip.unlink()
    missing = run(shop, place, "--config", path, "config", "show")
    assert (missing.returncode, b"Traceback" in missing.stderr) == (78, False)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_pin_with_a_byte_that_is_no_character_is_a_wrong_pin(
    shop: Installation, place: dict[str, str]
) -> None:
    done = run(shop, place, "config", "pin", stdin=b"12\xe4\xff34\n")
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_plain_mode_hears_and_says_whatever_the_encoding_is(
    shop: Installation, place: dict[str, str]
) -> None:
    shop.configure(kiosk='mode = "lane"\nlanguages = ["de"]')
    done = run(shop, place, "--plain", stdin=b"\xe4\xff\n*\n\xd6\n0\nq\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Karte" in done.stdout


# -- what happens to the output ----------------------------------------------------------------


READERS = (
    ("journal list", 0),
    ("journal verify", 65),
    ("journal export --format csv", 0),
    ("totals --csv", 0),
    ("watch --once", 69),
    ("watch --json --once", 69),
    ("recover", 0),
    ("config check", 0),
    ("doctor", 69),
    ("console", 0),
    ("--help", 0),
    ("sale", 2),
    ("journal show 1", 2),
)


@pytest.mark.parametrize("command", [name for name, _ in READERS])
def test_a_reader_that_has_gone_and_a_closed_stream_change_no_exit_code(
    shop: Installation, command: str
) -> None:
    assert shop.json("sale", "--amount", "12.55")[0] == 0
    with sqlite3.connect(shop.journal) as file:  # so that `verify` has something to say
        file.execute("UPDATE transactions SET amount_minor = amount_minor + 1")
    file.close()
    arguments = [*PROGRAM, "--config", str(shop.config), *command.split()]
    before = run(shop, {}, *command.split()).returncode
    read, write = os.pipe()
    os.close(read)
    try:
        gone = subprocess.run(
            arguments, env=shop.environment, stdout=write, stderr=write, timeout=60, check=False
        )
    finally:
        os.close(write)
    assert gone.returncode == before
    shell = ["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *arguments]
    closed = subprocess.run(shell, env=shop.environment, timeout=60, check=False)
    assert closed.returncode == before
    if "export" not in command and "csv" not in command:
        with Path("/dev/full").open("wb") as full:
            filled = subprocess.run(
                arguments, env=shop.environment, stdout=full, stderr=full, timeout=60, check=False
            )
        assert filled.returncode == before


@pytest.mark.parametrize("command", ["journal export", "totals --csv"])
def test_half_an_export_is_told_from_a_whole_one(shop: Installation, command: str) -> None:
    assert shop.json("sale", "--amount", "12.55")[0] == 0
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "--config", str(shop.config), *command.split()],
            env=shop.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        69,
        b"kiosk-tui: Standard output cannot be written: No space left on device.\n",
    )
