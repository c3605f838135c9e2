"""The units as systemd's own checkers see them: no unknown key, little exposed, the same guards for all."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk_tui.config.models import Config
from kiosk_tui.office.settings import OfficeSettings

ROOT = Path(__file__).parents[2]
SYSTEMD = ROOT / "systemd"
UNITS = sorted(
    one
    for one in SYSTEMD.rglob("*")
    if one.suffix in {".service", ".socket", ".timer"} and "dropins" not in one.parts
)
SERVICES = [one for one in UNITS if one.suffix == ".service"]
GUARDED = [one for one in SERVICES if "-- guards --" in one.read_text()]
MOST_EXPOSED = 15
"""1.5, in tenths as `systemd-analyze` takes it."""

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        shutil.which("systemd-analyze") is None, reason="needs systemd (scripts/prepare-proofs)"
    ),
]


def _names(units: list[Path]) -> list[str]:
    return [one.name for one in units]


def _ours(unit: Path, folder: Path, lines: str = "") -> Path:
    """Copy a unit as an instance, with commands that are on this machine."""
    text = re.sub(r"^(Exec\w+=\+?)\S+", r"\1/bin/true", unit.read_text(), flags=re.MULTILINE)
    copy = folder / unit.name.replace("@.", "@tty1.")
    copy.write_text(text + lines)
    return copy


def _analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, check=False
    )


def _verify(unit: Path) -> subprocess.CompletedProcess[str]:
    return _analyze("verify", "--recursive-errors=no", unit)


@pytest.mark.parametrize("unit", UNITS, ids=_names(UNITS))
def test_systemd_knows_every_line_of_a_unit(unit: Path, tmp_path: Path) -> None:
    for one in UNITS:  # a timer and a socket are checked with what they start
        _ours(one, tmp_path)
    done = _verify(_ours(unit, tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_line_that_systemd_does_not_know_is_found(tmp_path: Path) -> None:
    done = _verify(_ours(SERVICES[0], tmp_path, "\n[Service]\nProtectEverything=yes\n"))
    assert done.returncode != 0
    assert "ProtectEverything" in done.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=_names(SERVICES))
def test_little_of_the_machine_is_exposed(unit: Path, tmp_path: Path) -> None:
    at_most = f"--threshold={MOST_EXPOSED}"
    done = _analyze("security", "--offline=true", at_most, _ours(unit, tmp_path))
    assert done.returncode == 0, done.stdout


def test_a_unit_without_guards_is_too_exposed(tmp_path: Path) -> None:
    bare = tmp_path / "bare.service"
    bare.write_text("[Service]\nExecStart=/bin/true\n")
    done = _analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", bare)
    assert done.returncode != 0


def test_whoever_touches_money_stands_behind_the_same_guards() -> None:
    found = {one.read_text().split("# -- guards --\n")[1] for one in GUARDED}
    assert len(GUARDED) == 14
    assert len(found) == 1


@pytest.mark.parametrize("unit", SERVICES, ids=_names(SERVICES))
def test_whatever_is_spared_when_memory_runs_out_is_bounded_itself(unit: Path) -> None:
    text = unit.read_text()
    (most,) = re.findall(r"^MemoryMax=(\d+)M$", text, flags=re.MULTILINE)
    assert 64 <= int(most) <= (2048 if unit.stem == "kiosk-tui-lanes" else 512)


def test_the_end_of_their_parent_leaves_lanes_alone() -> None:
    lines = set((SYSTEMD / "lane/kiosk-tui-lanes.service").read_text().splitlines())
    assert {"KillMode=process", "OOMPolicy=continue", "User=kiosk-lane"} <= lines
    assert not [one for one in lines if one.startswith(("LoadCredential=", "OOMScoreAdjust="))]
    socket = set((SYSTEMD / "lane/kiosk-tui-lanes.socket").read_text().splitlines())
    assert {"SocketUser=kiosk-lane", "SocketMode=0600"} <= socket
    (listens,) = (one.partition("=")[2] for one in socket if one.startswith("ListenStream="))
    assert f"KIOSK_TUI_LANES={listens} " in (SYSTEMD / "lane/lane").read_text()


def test_shipping_writes_nothing_but_the_fleets_folder_and_waits_for_everybody() -> None:
    lines = set((SYSTEMD / "kiosk-tui-ship.service").read_text().splitlines())
    assert {
        "ConditionPathExists=/var/lib/kiosk-tui/fleet/office.json",
        "ReadOnlyPaths=/var/lib/kiosk-tui",
        "ReadWritePaths=/var/lib/kiosk-tui/fleet",
        "Nice=19",
        "CPUSchedulingPolicy=idle",
        "IOSchedulingClass=idle",
        "Environment=BOOT_ID=%b",
    } <= lines
    assert not [one for one in lines if one.startswith(("StateDirectory=", "LoadCredential="))]


DROP_INS = sorted((SYSTEMD / "dropins").glob("*.conf"))


@pytest.mark.parametrize("lines", DROP_INS, ids=_names(DROP_INS))
def test_systemd_knows_every_line_of_a_drop_in(lines: Path, tmp_path: Path) -> None:
    unit = _ours(SYSTEMD / "kiosk-tui@.service", tmp_path)
    more = tmp_path / f"{unit.name}.d"
    more.mkdir()
    shutil.copy(lines, more)
    done = _verify(unit)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_network_drop_in_leaves_less_exposed(tmp_path: Path) -> None:
    unit = SYSTEMD / "kiosk-tui@.service"
    lines = (SYSTEMD / "dropins/network.conf").read_text()
    at_most = "--threshold=10"
    alone = _analyze("security", "--offline=true", at_most, _ours(unit, tmp_path))
    limited = _analyze("security", "--offline=true", at_most, _ours(unit, tmp_path, "\n" + lines))
    assert (alone.returncode, limited.returncode) == (1, 0)


@pytest.mark.parametrize("unit", ["kiosk-tui@.service", "kiosk-tui-serve.service"])
def test_a_stop_waits_for_a_payment(unit: str) -> None:
    times = Config().timeouts
    text = (SYSTEMD / unit).read_text()
    (stop_s,) = re.findall(r"^TimeoutStopSec=(\d+)$", text, flags=re.MULTILINE)
    assert int(stop_s) >= times.answer_s + times.give_up_s + 30


# -- users and folders -------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A root with nothing in it but what our installer puts there."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/bash\n")
    (tmp_path / "etc/group").write_text("root:x:0:\n")
    install = (str(SYSTEMD / "install"), "--root", str(tmp_path), "--lane")
    subprocess.run(install, check=True, capture_output=True)
    return tmp_path


def _inside(tree: Path, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [tool, f"--root={tree}", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


def test_the_users_have_no_password_no_shell_and_no_home_to_be_in(tree: Path) -> None:
    _inside(tree, "systemd-sysusers", "kiosk-tui.conf", "kiosk-lane.conf")
    lines = (tree / "etc/passwd").read_text().splitlines()
    users = {line.split(":")[0]: line.split(":") for line in lines}
    assert users["kiosk-tui"][5:] == ["/", "/usr/sbin/nologin"]
    assert users["kiosk-lane"][5:] == ["/var/lib/kiosk-lane", "/usr/lib/kiosk-tui/lane"]
    hashes = (tree / "etc/shadow").read_text().splitlines()
    locked = {line.split(":")[0]: line.split(":")[1] for line in hashes}
    assert {locked["kiosk-tui"], locked["kiosk-lane"]} <= {"!*", "!", "*"}


@pytest.mark.skipif("os.geteuid() != 0", reason="needs root to give folders away")
def test_only_its_user_looks_into_a_journal(tree: Path) -> None:
    _inside(tree, "systemd-sysusers", "kiosk-tui.conf", "kiosk-lane.conf")
    _inside(tree, "systemd-tmpfiles", "--create", "kiosk-tui.conf", "kiosk-lane.conf")
    for name in ("kiosk-tui", "kiosk-lane"):
        folder = (tree / "var/lib" / name).stat()
        passwd = (tree / "etc/passwd").read_text()
        (uid,) = re.findall(rf"^{name}:[^:]*:(\d+):", passwd, flags=re.MULTILINE)
        assert (folder.st_mode & 0o7777, folder.st_uid) == (0o700, int(uid))
    assert (tree / "etc/credstore").stat().st_mode & 0o7777 == 0o700
    assert (tree / "etc/kiosk-tui/lane_keys").stat().st_uid == 0


def test_a_package_gets_its_units_where_it_wants_them(tmp_path: Path) -> None:
    into = "/usr/lib/systemd/system"
    install = (str(SYSTEMD / "install"), "--root", str(tmp_path), "--units-in", into)
    subprocess.run(install, check=True, capture_output=True)
    units = {one.name for one in (tmp_path / into[1:]).iterdir()}
    assert units == {
        "kiosk-tui@.service",
        "kiosk-tui-sign@.service",
        "kiosk-tui-recover.service",
        "kiosk-tui-recover.timer",
        "kiosk-tui-serve.service",
        "kiosk-tui-serve.socket",
        "kiosk-tui-ship.service",
        "kiosk-tui-tidy.service",
        "kiosk-tui-tidy.timer",
    }
    assert not (tmp_path / "etc").exists()


# -- head office -----------------------------------------------------------------------------------


OFFICE = SYSTEMD / "office"
PARTS = ("enroller", "ingest", "push", "signer", "web")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A root with nothing in it but what head office's installer puts there."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(
        "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n"
    )
    (tmp_path / "etc/group").write_text("root:x:0:\nwww-data:x:33:\n")
    install = (str(OFFICE / "install"), "--root", str(tmp_path), "--units-in", "/usr/lib/units")
    subprocess.run(install, check=True, capture_output=True)
    return tmp_path


def test_head_office_has_a_unit_for_each_part_and_one_at_night(office: Path) -> None:
    assert {one.name for one in (office / "usr/lib/units").iterdir()} == {
        *(f"kiosk-office-{part}.service" for part in PARTS if part != "ingest"),
        "kiosk-office-ingest@.service",
        "kiosk-office-migrate.service",
        "kiosk-office-tidy.service",
        "kiosk-office-tidy.timer",
    }
    assert [one.name for one in (office / "etc").iterdir() if one.is_dir()] == []


def test_postgresql_knows_each_user_of_head_office_by_a_role_of_its_own() -> None:
    users = re.findall(
        r"^u (\S+)", (OFFICE / "sysusers.d/kiosk-office.conf").read_text(), flags=re.MULTILINE
    )
    roles = (ROOT / "distribution/office/roles.sql").read_text()
    assert set(re.findall(r'CREATE ROLE "(\S+)" LOGIN', roles)) == set(users)
    for part in PARTS:
        assert f'CREATE ROLE "kiosk-office-{part}" LOGIN IN ROLE office_{part};' in roles


def test_each_part_of_head_office_is_a_user_of_its_own_that_only_nginx_reaches(
    office: Path,
) -> None:
    _inside(office, "systemd-sysusers", "kiosk-office.conf")
    groups = {
        line.split(":")[0]: line.split(":")[3]
        for line in (office / "etc/group").read_text().splitlines()
    }
    for part in PARTS:
        (unit,) = OFFICE.glob(f"kiosk-office-{part}*.service")
        text = unit.read_text()
        assert f"\nUser=kiosk-office-{part}\nGroup=kiosk-office-{part}\n" in text
        listens = part in ("ingest", "push", "web")
        assert groups[f"kiosk-office-{part}"] == ("www-data" if listens else "")
        assert ("RuntimeDirectoryMode=0750" in text) is listens
        assert f"--part {part}" in text
    hashes = (office / "etc/shadow").read_text().splitlines()
    locked = {line.split(":")[1] for line in hashes if line.startswith("kiosk-office")}
    assert locked <= {"!*", "!", "*"}


@pytest.mark.parametrize("part", ["signer", "enroller"])
def test_a_key_lies_in_a_folder_that_one_part_can_read(part: str) -> None:
    lines = (OFFICE / "tmpfiles.d/kiosk-office.conf").read_text()
    user = f"kiosk-office-{part}"
    assert f"d /var/lib/{user} 0700 {user} {user} -" in lines
    (unit,) = OFFICE.glob(f"{user}.service")
    assert f"StateDirectory={user}\nStateDirectoryMode=0700\n" in unit.read_text()
    assert str(getattr(OfficeSettings().keys, part)) == f"/var/lib/{user}"


def test_nginx_asks_where_the_parts_listen() -> None:
    conf = (ROOT / "distribution/office/nginx.conf").read_text()
    ingest = OfficeSettings().ingest
    for socket in (ingest.socket, ingest.push_socket, OfficeSettings().web.socket):
        assert f"unix:{socket};" in conf
    assert f"{OfficeSettings().keys.enroller}/authority.pem" in conf


# -- the lane ----------------------------------------------------------------------------------------


@pytest.mark.skipif(
    "shutil.which('sshd') is None or os.geteuid() != 0", reason="needs openssh-server and root"
)
@pytest.mark.parametrize("inside", [True, False])
def test_sshd_gives_the_lanes_group_the_register_and_nothing_else(
    tmp_path: Path, *, inside: bool
) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    lines = (SYSTEMD / "lane/sshd.conf").read_text()
    if inside:
        lines = lines.replace(
            "Match Group kiosk-lane\n", f"Match Group {grp.getgrgid(os.getgid()).gr_name}\n"
        )
    config = tmp_path / "sshd_config"
    config.write_text(f"HostKey {key}\n{lines}")
    Path("/run/sshd").mkdir(exist_ok=True)  # as its own service does before it starts
    user = pwd.getpwuid(os.getuid()).pw_name
    sshd = [shutil.which("sshd") or "", "-T", "-f", str(config)]
    done = subprocess.run(
        [*sshd, "-C", f"user={user},host=h,addr=127.0.0.1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    expected = {
        "forcecommand /usr/lib/kiosk-tui/lane",
        "disableforwarding yes",
        "permituserrc no",
        "exposeauthinfo yes",
        "passwordauthentication no",
        "authorizedkeysfile /etc/kiosk-tui/lane_keys",
    }
    assert (expected & set(done.stdout.splitlines()) == expected) is inside


@pytest.mark.parametrize("shell", ["sh", "dash"])
def test_every_script_is_read_by_a_plain_shell(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    scripts = [one for one in SYSTEMD.rglob("*") if one.is_file() and _is_script(one)]
    assert {one.name for one in scripts} == {
        *("console", "install", "lane", "lockdown", "recover", "sign"),
    }
    for script in scripts:
        subprocess.run([shell, "-n", script], check=True)
        assert script.stat().st_mode & 0o111


def _is_script(path: Path) -> bool:
    return path.read_bytes().startswith(b"#!/bin/sh\n")
