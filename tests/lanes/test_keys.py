"""Which lane a cashier gets: a real sshd says whose key it was, root's file says what that means."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.lanes import ROOT, lane_command
from support.sshd import MISSING, Sshd, make_key, sshd
from support.terminal import Terminal

pytestmark = [pytest.mark.journey, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

ALL = ("ExposeAuthInfo yes", "AcceptEnv *", "PermitUserEnvironment no")
_TOLD = """#!/bin/sh
echo "lane: $* in $STATE_DIRECTORY, with ${KIOSK_TUI_LANE:-nothing} and ${SSH_USER_AUTH:-nothing}."
"""


class House:
    """A machine with lanes; keys `front`, `back` and `old` come in, the last one without a lane's name."""

    def __init__(self, folder: Path, server: Sshd) -> None:
        self.folder = folder
        self.server = server
        self.lines: dict[str, str] = {}
        (folder / "lanes").mkdir()
        (folder / "lane.toml").touch()
        for name in ("front", "back"):
            (folder / "lanes" / f"{name}.toml").touch()
        for name in ("front", "back", "old"):
            self.lines[name] = make_key(folder / name)
        self.let_in()

    def let_in(self, **names: str) -> None:
        """Write the file of keys, with these names of lanes; a name is taken as it is."""
        lines = [
            f'restrict,pty,environment="KIOSK_TUI_LANE={names[key]}"\t{line}'
            if key in names
            else line
            for key, line in self.lines.items()
        ]
        for name in ("authorized", "lane_keys"):
            (self.folder / name).write_text("# who may come in\n\n" + "\n".join(lines) + "\n")

    def comes_in(self, key: str, *command: str, send: tuple[str, ...] = ()) -> str:
        """Return what somebody with this key is told."""
        opened = Terminal(environment={}, program=self.server.client(*command, key=key, send=send))
        try:
            opened.ended()
            return opened.written.decode().replace("\r\n", "\n")
        finally:
            opened.close()


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    told = tmp_path / "told"
    told.write_text(_TOLD)
    told.chmod(0o755)
    lane = tmp_path / "lane"
    lane_command(lane, (str(told),), settings=tmp_path, state=tmp_path)
    lines = getattr(request, "param", ALL)
    with sshd(tmp_path, f"ForceCommand {lane}", *lines) as server:
        yield House(tmp_path, server)


def test_each_key_has_its_lane_and_the_client_has_no_say(house: House) -> None:
    house.let_in(front="front", back="back")
    hostile = (
        "KIOSK_TUI_LANE=back",
        f"SSH_USER_AUTH={house.folder}/lane_keys",
        "STATE_DIRECTORY=/tmp",
    )
    for key, file, folder in (
        ("front", "lanes/front.toml", "lanes/front"),
        ("back", "lanes/back.toml", "lanes/back"),
        ("old", "lane.toml", ""),
    ):
        for command in ((), ("kiosk-tui --config lanes/back.toml",)):
            told = house.comes_in(key, *command, send=hostile)
            state = house.folder / folder
            assert f"lane: --config {house.folder}/{file} run --mode lane in {state}," in told
            assert "with nothing and nothing." in told
    assert (house.folder / "lanes" / "front").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("house", [ALL, ALL[1:]], indirect=True, ids=["told", "not told"])
def test_where_no_key_names_a_lane_there_is_one_as_ever(house: House) -> None:
    assert f"--config {house.folder}/lane.toml run" in house.comes_in("front")


@pytest.mark.parametrize("house", [ALL[1:]], indirect=True)
def test_nobody_gets_a_lane_where_sshd_does_not_say_whose_key_it_was(house: House) -> None:
    house.let_in(back="back")
    for key in ("front", "back"):
        assert "ExposeAuthInfo" in house.comes_in(key, send=("KIOSK_TUI_LANE=back",))
        assert "lane:" not in house.comes_in(key)


@pytest.mark.parametrize("name", ["", "../config", "a/b", "Front", "-x", "front.toml", "a b"])
def test_a_lane_without_a_plain_name_is_refused(house: House, name: str) -> None:
    house.let_in(front=name)
    told = house.comes_in("front")
    assert "no plain name" in told
    assert told.count("kiosk-tui:") == 1


def test_a_lane_without_a_file_is_refused(house: House) -> None:
    house.let_in(front="cellar")
    assert "There is no" in house.comes_in("front")
    assert not (house.folder / "lanes" / "cellar").exists()


def test_the_cancellations_of_every_lane_are_replayed(tmp_path: Path) -> None:
    told = tmp_path / "told"
    told.write_text(
        '#!/bin/sh\necho "$2 $STATE_DIRECTORY"\nread -r code <"$2"; exit "${code:-0}"\n'
    )
    told.chmod(0o755)
    text = (ROOT / "systemd" / "lane" / "recover").read_text()
    for place, instead in (
        ("/usr/bin/kiosk-tui", told),
        ("/etc/kiosk-tui", tmp_path),
        ("/var/lib/kiosk-lane", tmp_path / "state"),
    ):
        text = text.replace(place, str(instead))

    def recovered(**codes: int) -> tuple[int, list[str]]:
        (tmp_path / "lanes").mkdir(exist_ok=True)
        for name, code in codes.items():
            file = tmp_path / ("lane.toml" if name == "lane" else f"lanes/{name}.toml")
            file.write_text(f"{code}\n")
        done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    one = f"{tmp_path}/lane.toml {tmp_path}/state"
    assert recovered(lane=75) == (75, [one])
    several = [f"{tmp_path}/lanes/{name}.toml {tmp_path}/state/lanes/{name}" for name in "ab"]
    assert recovered(lane=0, a=75, b=0) == (75, [*several, one])
    assert recovered(lane=75, a=0, b=78) == (78, [*several, one])
    assert recovered(lane=0, a=0, b=0) == (0, [*several, one])
    (tmp_path / "lane.toml").unlink()
    assert recovered(a=0, b=75) == (75, several)
