"""`kiosk-tui doctor` against real parts, each broken in its own way: it names the culprit, and no other."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import termios
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from support import warm
from support.installation import Installation, installed
from support.terminal import running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from proofs.line.certificates import Authority
from proofs.line.peers import Handler, listening, proxied

FAST = Options(card_s=0, host_s=0)
BEHIND_NETWORK = ["tcp", "tls", "version", "clock", "authorization", "terminal", "test_sale"]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure(terminal='place = "1010 Vienna"')
        yield built


def _skipped(told: dict[str, Any]) -> dict[str, str]:
    """Return what was not looked at, and because of what."""
    return {one["link"]: one["because"] for one in told["findings"] if one["because"]}


def _one(told: dict[str, Any], link: str) -> dict[str, Any]:
    return next(one for one in told["findings"] if one["link"] == link)


async def _doctor(folder: Path, url: str, *, terminal: str = "") -> Any:
    built = Installation(folder, Simulator(FAST), url)
    built.configure(terminal=f'place = "1010 Vienna"\n{terminal}')
    return await asyncio.to_thread(built.json, "doctor", KIOSK_TUI_TIMEOUTS__SETTLE_S="240")


# -- nothing is broken ---------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["", 'place = ""', 'place = " "'])
def test_an_empty_place_is_told_and_keeps_nothing_from_working(
    shop: Installation, place: str
) -> None:
    shop.configure(terminal=place)
    code, told = shop.json("doctor")
    assert code == 0
    one = _one(told, "configuration")
    assert (one["verdict"], told["culprits"]) == ("look", [])
    assert "terminal.place is empty" in one["text"]
    assert "1010 Vienna" in one["do"]
    assert shop.run("config", "check").returncode == 0


def test_a_whole_chain_is_good_and_says_so(shop: Installation) -> None:
    code, told = shop.json("doctor")
    assert code == 0
    assert told["culprits"] == []
    assert _skipped(told) == {}
    assert {one["link"]: one["verdict"] for one in told["findings"]} == {
        **dict.fromkeys(("configuration", "key", "dns", "tcp", "version", "clock"), "good"),
        "tls": "look",  # the simulator on loopback is not encrypted
        **dict.fromkeys(("authorization", "terminal", "disk", "journal"), "good"),
        **dict.fromkeys(("console", "keyboard", "printer", "test_sale"), "skipped"),
    }
    assert _one(told, "version")["text"].startswith("tecsclientrest 0.14.15")
    assert {one.message_type for one in shop.simulator.ledger.requests} == {"9043"}


def test_people_get_a_line_for_each_link_that_fits_a_console(shop: Installation) -> None:
    done = shop.run("doctor")
    assert done.returncode == 0
    assert re.search(r"^terminal +good +\d+ ms  ready \(8018\)$", done.stdout, re.MULTILINE)
    assert "Look at: TLS." in done.stdout
    assert max(map(len, done.stdout.splitlines())) < 80


def test_it_leaves_no_journal_and_no_log_behind(shop: Installation) -> None:
    before = set(shop.folder.iterdir())
    assert shop.run("doctor").returncode == 0
    assert set(shop.folder.iterdir()) == before


async def test_a_good_certificate_is_told_with_its_issuer_and_its_days(tmp_path: Path) -> None:
    mine = Authority(tmp_path)
    good = mine.issue(expires=datetime.now(UTC) + timedelta(days=90, hours=1))
    async with served(Simulator(FAST), certificate=good.chain, key=good.key) as url:
        code, told = await _doctor(tmp_path, url, terminal=f'ca_file = "{mine.file}"')
    assert code == 0
    assert _one(told, "tls")["verdict"] == "good"
    assert re.search(r"TLSv1.3, issued by trustme .*, 90 days left", _one(told, "tls")["text"])


async def test_a_certificate_that_will_soon_expire_is_to_be_looked_at(tmp_path: Path) -> None:
    mine = Authority(tmp_path)
    good = mine.issue(expires=datetime.now(UTC) + timedelta(days=5, hours=1))
    async with served(Simulator(FAST), certificate=good.chain, key=good.key) as url:
        code, told = await _doctor(tmp_path, url, terminal=f'ca_file = "{mine.file}"')
    assert code == 0
    assert _one(told, "tls")["verdict"] == "look"
    assert "5 days left" in _one(told, "tls")["text"]


async def test_through_a_proxy_it_looks_at_the_proxy_and_at_the_certificate_behind_it(
    tmp_path: Path,
) -> None:
    mine = Authority(tmp_path)
    good = mine.issue()
    async with (
        served(Simulator(FAST), certificate=good.chain, key=good.key) as url,
        proxied(only=urlsplit(url).port or 0) as port,
    ):
        more = f'ca_file = "{mine.file}"\nproxy = "http://user:s3cret-pass@127.0.0.1:{port}"'
        code, told = await _doctor(tmp_path, url, terminal=more)
    assert code == 0
    assert "terminal.proxy" in _one(told, "tcp")["text"]
    assert str(port) in _one(told, "tcp")["text"]
    assert "issued by trustme" in _one(told, "tls")["text"]
    assert "s3cret-pass" not in str(told)


# -- each broken link is named, and what stands behind it is not judged ----------------------------


def test_a_configuration_that_cannot_be_used_is_the_first_finding_and_the_rest_goes_on(
    shop: Installation,
) -> None:
    shop.configure(kiosk="idle_s = 1")
    code, told = shop.json("doctor")
    assert code == 78
    assert told["culprits"] == ["configuration"]
    assert "kiosk.idle_s" in _one(told, "configuration")["text"]
    # the address is known, so the way there is looked at; nothing that needs a key is sent
    assert _one(told, "version")["verdict"] == "good"
    assert _skipped(told) == dict.fromkeys(
        ("authorization", "terminal", "test_sale"), "configuration"
    )
    assert not shop.simulator.ledger.requests


def test_a_configuration_that_makes_no_sense_at_all_hides_only_what_is_in_it(
    shop: Installation,
) -> None:
    shop.config.write_text("[kiosk\n")
    code, told = shop.json("doctor")
    assert code == 78
    assert told["culprits"] == ["configuration"]
    assert set(_skipped(told).values()) == {"configuration"}
    assert {"key", "dns", *BEHIND_NETWORK} == set(_skipped(told))
    assert _one(told, "disk")["verdict"] == "good"


def test_no_configuration_is_a_finding_too(tmp_path: Path) -> None:
    built = Installation(tmp_path, Simulator(FAST), "")
    done = warm.run(["doctor"], built.environment | {"XDG_CONFIG_HOME": str(tmp_path)})
    assert done.returncode == 78
    assert "There is no configuration" in done.stdout
    assert "Mend first: configuration. 9 not looked at because of that." in done.stdout


def test_a_key_that_others_can_read_is_named(shop: Installation) -> None:
    (shop.folder / "authkey").chmod(0o644)
    code, told = shop.json("doctor")
    assert code == 78
    assert told["culprits"] == ["key"]
    assert "can be read by others" in _one(told, "key")["text"]
    assert _skipped(told) == dict.fromkeys(("authorization", "terminal", "test_sale"), "key")
    assert not shop.simulator.ledger.requests


def test_a_key_that_is_refused_is_named(shop: Installation) -> None:
    shop.simulator.set_options(authorization="another key")
    code, told = shop.json("doctor")
    assert code == 69
    assert told["culprits"] == ["authorization"]
    assert "refused the key (HTTP status 401)" in _one(told, "authorization")["text"]
    assert _skipped(told) == dict.fromkeys(("terminal", "test_sale"), "authorization")


async def test_a_name_that_does_not_exist_is_named(tmp_path: Path) -> None:
    code, told = await _doctor(tmp_path, "https://no-such-host.invalid/tecsclientrest")
    assert code == 69
    assert told["culprits"] == ["dns"]
    assert "no-such-host.invalid has no address" in _one(told, "dns")["text"]
    assert _skipped(told) == dict.fromkeys(BEHIND_NETWORK, "dns")


async def test_a_port_that_refuses_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    code, told = await _doctor(tmp_path, f"https://127.0.0.1:{port}/tecsclientrest")
    assert code == 69
    assert told["culprits"] == ["tcp"]
    assert "refused the connection" in _one(told, "tcp")["text"]
    assert str(port) in _one(told, "tcp")["do"]
    assert _skipped(told) == dict.fromkeys(BEHIND_NETWORK[1:], "tcp")


@pytest.mark.parametrize(
    ("name", "expires", "words"),
    [
        ("127.0.0.1", datetime(2020, 1, 31, tzinfo=UTC), "expired on 2020-01-31"),
        ("elsewhere.example", None, "is for elsewhere.example, not for 127.0.0.1"),
    ],
)
async def test_a_certificate_that_is_not_believed_is_named(
    tmp_path: Path, name: str, expires: datetime | None, words: str
) -> None:
    mine = Authority(tmp_path)
    bad = mine.issue(name, expires)
    async with served(Simulator(FAST), certificate=bad.chain, key=bad.key) as url:
        code, told = await _doctor(tmp_path, url, terminal=f'ca_file = "{mine.file}"')
    assert code == 69
    assert told["culprits"] == ["tls"]
    assert words in _one(told, "tls")["text"]
    assert _skipped(told) == dict.fromkeys(BEHIND_NETWORK[2:], "tls")


async def test_an_authority_that_nobody_knows_is_named(tmp_path: Path) -> None:
    good = Authority(tmp_path).issue()
    async with served(Simulator(FAST), certificate=good.chain, key=good.key) as url:
        _, told = await _doctor(tmp_path, url)
    assert told["culprits"] == ["tls"]
    assert "Nobody known vouches" in _one(told, "tls")["text"]
    assert "terminal.ca_file" in _one(told, "tls")["do"]


async def test_a_file_of_authorities_that_is_not_there_is_named(tmp_path: Path) -> None:
    async with served(Simulator(FAST)) as url:
        _, told = await _doctor(tmp_path, url, terminal='ca_file = "/nowhere/ca.pem"')
    assert told["culprits"] == ["tls"]
    assert "terminal.ca_file = /nowhere/ca.pem cannot be used" in _one(told, "tls")["text"]


async def test_a_port_that_speaks_no_tls_is_named(tmp_path: Path) -> None:
    async with served(Simulator(FAST)) as url:
        _, told = await _doctor(tmp_path, url.replace("http://", "https://"))
    assert told["culprits"] == ["tls"]
    assert "TLS does not come about" in _one(told, "tls")["text"]


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_clock_that_is_off_by_an_hour_is_named(tmp_path: Path, hours: int) -> None:
    async with served(Simulator(FAST)) as url, _in_front(url, date=timedelta(hours=hours)) as front:
        code, told = await _doctor(tmp_path, front)
    assert code == 69
    assert told["culprits"] == ["clock"]
    way = "behind" if hours > 0 else "ahead of"
    assert f"60 minutes {way} the server's" in _one(told, "clock")["text"]
    assert _one(told, "terminal")["verdict"] == "good"
    assert _skipped(told) == {"test_sale": "clock"}


async def test_a_terminal_that_tecs_cannot_reach_is_named(tmp_path: Path) -> None:
    async with served(Simulator(FAST)) as url, _in_front(url, instead=GATEWAY_TIMEOUT) as front:
        code, told = await _doctor(tmp_path, front)
    assert code == 69
    assert told["culprits"] == ["terminal"]
    assert "could not reach the terminal (HTTP status 504)" in _one(told, "terminal")["text"]
    assert _one(told, "authorization")["verdict"] == "good"
    assert _skipped(told) == {"test_sale": "terminal"}


async def test_a_wrong_path_is_named(tmp_path: Path) -> None:
    async with served(Simulator(FAST)) as url:
        _, told = await _doctor(tmp_path, f"{url}-auth")
    assert told["culprits"] == ["authorization"]
    assert "HTTP status 404" in _one(told, "authorization")["text"]
    assert _one(told, "version")["verdict"] == "look"


async def _portal(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    page = b"<!DOCTYPE html><html>Please log in</html>"
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page))
    await writer.drain()


async def test_a_portal_that_answers_everything_is_named_as_what_it_is(tmp_path: Path) -> None:
    async with listening(_portal) as port:
        code, told = await _doctor(tmp_path, f"http://127.0.0.1:{port}/tecsclientrest")
    assert code == 69
    assert told["culprits"] == ["version"]
    assert "HTTP status 200 (a page in HTML), and not as TECS does" in _one(told, "version")["text"]
    assert "a portal that wants a login" in _one(told, "version")["text"]


@pytest.mark.parametrize("probe", ["version", "status"])
async def test_a_gateway_without_a_version_page_is_told_how_it_is_probed(
    tmp_path: Path, probe: str
) -> None:
    none = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    async with (
        served(Simulator(FAST)) as url,
        _in_front(url, instead=none, instead_of=b"GET") as front,
    ):
        code, told = await _doctor(tmp_path, front, terminal=f'probe = "{probe}"')
    if probe == "status":
        assert (code, told["culprits"]) == (0, [])
        assert "the terminal's status is asked instead" in _one(told, "version")["text"]
    else:
        assert (code, told["culprits"]) == (69, ["version"])
        assert 'set terminal.probe = "status"' in _one(told, "version")["do"]


@pytest.mark.journey
def test_a_terminal_that_takes_no_output_is_named_with_whose_it_is(shop: Installation) -> None:
    with running("--config", str(shop.config), folder=shop.folder) as kiosk:
        kiosk.wait("Pay by card")
        theirs = os.open(f"/proc/{kiosk.pid}/fd/2", os.O_RDWR | os.O_NOCTTY)
        try:
            termios.tcflow(theirs, termios.TCOOFF)
            code, told = shop.json("doctor")
        finally:
            termios.tcflow(theirs, termios.TCOON)
            os.close(theirs)
    assert (code, told["culprits"]) == (69, ["console"])
    text = _one(told, "console")["text"]
    assert re.search(r"The terminal /dev/pts/\d+ of kiosk-tui run .* takes no output", text)


@pytest.mark.journey
def test_a_journal_in_memory_is_named(shop: Installation) -> None:
    with _small_disk(shop.folder / "disk") as disk:
        shop.configure(journal=f'path = "{disk}/journal.db"')
        code, told = shop.json("doctor")
        assert code != 78
        assert "kept in memory only (tmpfs)" in _one(told, "journal")["text"] or code == 69
        done = shop.run("config", "check")
    assert done.returncode == 0
    assert "kept in memory only (tmpfs)" in done.stdout


def test_a_locale_that_is_not_there_and_a_zone_that_is_none_are_named(shop: Installation) -> None:
    code, told = shop.json("doctor", LANG="xx_YY.UTF-8", LC_ALL="xx_YY.UTF-8", TZ="Mars/Base")
    assert (code, told["culprits"]) == (0, [])
    assert "The locale xx_YY.UTF-8 is not on this machine" in _one(told, "console")["text"]
    assert "TZ=Mars/Base is no zone" in _one(told, "clock")["text"]


@pytest.mark.journey
def test_a_full_disk_is_named(shop: Installation) -> None:
    with _small_disk(shop.folder / "disk") as disk:
        shop.configure(journal=f'path = "{disk}/journal.db"')
        with (disk / "filler").open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass
        code, told = shop.json("doctor")
    assert code == 69
    assert told["culprits"] == ["disk"]
    assert str(disk) in _one(told, "disk")["text"]
    assert "Make room" in _one(told, "disk")["do"]
    assert _skipped(told) == dict.fromkeys(("journal", "test_sale"), "disk")


@pytest.mark.journey
def test_a_disk_with_too_little_room_is_named(shop: Installation) -> None:
    with _small_disk(shop.folder / "disk") as disk:
        shop.configure(journal=f'path = "{disk}/journal.db"')
        _, told = shop.json("doctor")
    assert told["culprits"] == ["disk"]
    assert "is full" in _one(told, "disk")["text"]


def test_a_damaged_journal_is_named(shop: Installation) -> None:
    assert shop.run("sale", "--amount", "1.00").returncode == 0
    content = bytearray(shop.journal.read_bytes())
    content[2000:9000] = bytes(7000)
    shop.journal.write_bytes(content)
    code, told = shop.json("doctor")
    assert code == 69
    assert told["culprits"] == ["journal"]
    assert _skipped(told) == {"test_sale": "journal"}


def test_a_printer_that_is_gone_is_named(shop: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    shop.configure(receipt=f'printer = "tcp://127.0.0.1:{port}"')
    code, told = shop.json("doctor")
    assert code == 69
    assert told["culprits"] == ["printer"]


# -- the test sale ---------------------------------------------------------------------------------


def _states(shop: Installation) -> list[State]:
    reader = Reader(shop.journal)
    states = [one.state for one in reader.transactions()]
    reader.close()
    return states


def test_the_test_sale_is_written_down_and_cancelled(shop: Installation) -> None:
    code, told = shop.json("doctor", "--test-sale")
    assert code == 0
    assert _one(told, "test_sale")["verdict"] == "good"
    assert "0.01 EUR approved, then cancelled" in _one(told, "test_sale")["text"]
    assert _states(shop) == [State.CANCELLED]
    assert [one.minor for one in shop.simulator.ledger.movements] == [1, -1]


def test_a_test_sale_without_an_answer_names_the_terminal_side_and_is_cancelled(
    shop: Installation,
) -> None:
    shop.simulator.queue_fault(Fault.DROP_AFTER)
    code, told = shop.json("doctor", "--test-sale")
    assert code == 69
    assert told["culprits"] == ["test_sale"]
    assert "No clear answer came" in _one(told, "test_sale")["text"]
    assert _states(shop) == [State.CANCELLED]


def test_a_declined_test_sale_is_no_fault_of_the_chain(shop: Installation) -> None:
    shop.simulator.queue(Behaviour(decline="51"))
    code, told = shop.json("doctor", "--test-sale")
    assert code == 0
    assert _one(told, "test_sale")["verdict"] == "look"
    assert "code 51" in _one(told, "test_sale")["text"]


def test_a_test_sale_beside_a_running_kiosk_says_who_holds_the_journal(shop: Installation) -> None:
    assert shop.run("doctor", "--test-sale").returncode == 0
    held = WriterLock(shop.journal, "kiosk-tui run as user 7")
    try:
        code, told = shop.json("doctor", "--test-sale")
    finally:
        held.release()
    assert code == 69
    assert told["culprits"] == ["test_sale"]
    assert "in use by kiosk-tui run as user 7" in _one(told, "test_sale")["text"]
    assert _states(shop) == [State.CANCELLED]


def test_in_the_demo_everything_can_be_looked_at(tmp_path: Path) -> None:
    built = Installation(tmp_path, Simulator(FAST), "http://127.0.0.1:9/none")
    built.configure()
    code, told = built.json("doctor", "--demo")
    assert code == 0
    assert told["culprits"] == []
    assert _one(told, "terminal")["verdict"] == "good"


# -- peers -----------------------------------------------------------------------------------------

GATEWAY_TIMEOUT = (
    b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
)


@asynccontextmanager
async def _in_front(
    url: str,
    *,
    date: timedelta = timedelta(0),
    instead: bytes = b"",
    instead_of: bytes = b"POST",
) -> AsyncIterator[str]:
    """Serve what the server at `url` says, with its clock changed, or payments answered otherwise."""
    parts = urlsplit(url)
    behind = parts.port or 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int((re.findall(rb"(?i)content-length: (\d+)", head) or [b"0"])[0])
        body = await reader.readexactly(length)
        if instead and head.startswith(instead_of):
            writer.write(instead)
        else:
            writer.write(await _asked(behind, head + body, date))
        await writer.drain()

    handler: Handler = handle
    async with listening(handler) as port:
        yield url.replace(f":{behind}", f":{port}")


async def _asked(port: int, request: bytes, date: timedelta) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.replace(b"Connection: keep-alive", b"Connection: close"))
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    def moved(found: re.Match[bytes]) -> bytes:
        told = parsedate_to_datetime(found[1].decode()) + date
        return b"date: " + format_datetime(told, usegmt=True).encode()

    return re.sub(rb"(?im)^date: ([^\r]+)", moved, answer)


@contextmanager
def _small_disk(where: Path) -> Iterator[Path]:
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(where)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here: it takes root")
    try:
        yield where
    finally:
        subprocess.run(["umount", "--lazy", str(where)], check=True)
