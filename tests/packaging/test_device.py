"""What a device does at each boot: its key is taken once, in an order that no power cut turns against it."""

from __future__ import annotations

import contextlib
import os
import stat
import struct
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from distribution.image.device import Device
from distribution.image.disk import _end_of
from distribution.tree import ROOT

MACHINE_ID = ROOT / "distribution/image/files/usr/lib/kiosk-tui/machine-id"
CONFIG = '[terminal]\nnumber = "88091105"\n'
KEY = "a-key-of-this-test"


class Cut(BaseException):
    """The power goes."""


@pytest.fixture
def device(tmp_path: Path) -> Device:
    """Return a device whose partitions are folders, with a configuration on its FAT partition."""
    for place in ("boot/kiosk", "var/lib/kiosk-tui-device/credstore", "var/lib/kiosk-tui-anchor"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "etc/kiosk-tui").mkdir(parents=True)
    made = Device(tmp_path, run=lambda _: "", mounted=lambda _: True)
    (made.fat / "config.toml").write_text(CONFIG)
    return made


@pytest.fixture(autouse=True)
def _short_filler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "_fill", lambda _, write: write(bytes(8)))


def _stored(device: Device) -> Path:
    return device.kept / "credstore/kiosk-tui.authkey"


def _again(device: Device) -> Device:
    return Device(device.root, device.run, device.mounted)


def test_the_key_is_taken_into_a_file_of_its_own_and_erased(device: Device) -> None:
    (device.fat / "authkey").write_bytes(b"\xef\xbb\xbf" + KEY.encode() + b"\r\n")
    assert device.prepare() == 0
    assert _stored(device).read_text() == KEY + "\n"
    assert stat.S_IMODE(_stored(device).stat().st_mode) == 0o600
    assert sorted(one.name for one in device.fat.iterdir()) == ["config.toml"]


def test_a_file_that_is_erased_was_overwritten_in_place(device: Device) -> None:
    key = device.fat / "authkey"
    key.write_text(KEY)
    with key.open("rb") as held:
        assert device.prepare() == 0
        assert held.read() == bytes(len(KEY))


def test_a_later_key_is_neither_taken_nor_opened_and_is_reported(device: Device) -> None:
    (device.fat / "authkey").write_text(KEY)
    assert device.prepare() == 0
    later = device.fat / "authkey.txt"
    later.write_text("another")
    before = later.stat().st_atime_ns
    assert _again(device).prepare() == 0
    assert _stored(device).read_text() == KEY + "\n"
    assert later.stat().st_atime_ns == before
    assert "it was not read" in (device.fat / "REPORT.txt").read_text()
    assert later.exists()
    later.unlink()
    assert _again(device).prepare() == 0
    assert (device.fat / "REPORT.txt").read_bytes() == b""


@pytest.mark.parametrize("place", range(1, 40))
def test_a_power_cut_at_any_step_leaves_a_key_that_is_taken_and_erased(
    device: Device, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    (device.fat / "authkey").write_text(KEY)
    left = place

    def until_the_cut(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                raise Cut
            return real(*arguments, **more)

        return call

    with monkeypatch.context() as patched:
        for name in ("fsync", "sync", "open"):
            patched.setattr(os, name, until_the_cut(getattr(os, name)))
        with contextlib.suppress(Cut):
            device.prepare()
    assert _again(device).prepare() == 0
    assert _stored(device).read_text() == KEY + "\n"
    assert not (device.fat / "authkey").exists()
    assert not (device.fat / "ERASING.TMP").exists()
    assert not (device.fat / "REPORT.txt").exists()


def test_what_is_no_key_is_not_taken(device: Device) -> None:
    (device.fat / "authkey").write_text("two words")
    assert device.prepare() == 1
    assert "is no key" in (device.fresh / "why").read_text()
    assert not _stored(device).exists()


def test_the_configuration_is_copied_and_a_missing_one_is_told(device: Device) -> None:
    assert device.prepare() == 0
    assert (device.root / "etc/kiosk-tui/config.toml").read_text() == CONFIG
    (device.fat / "config.toml").unlink()
    assert _again(device).prepare() == 1
    assert "write config.toml onto the partition KIOSK" in (device.fresh / "why").read_text()


@pytest.mark.parametrize("missing", ["kiosk-tui-device", "kiosk-tui-anchor", "kiosk"])
def test_without_one_of_its_partitions_it_stays_closed(device: Device, missing: str) -> None:
    device.mounted = lambda place: place.name != missing
    assert device.prepare() == 1
    assert (device.fresh / "why").read_text().strip()


def test_a_code_waits_until_it_was_used_and_is_then_erased(device: Device) -> None:
    (device.fat / "enrolment-code").write_text("ABCD\r\n")
    assert device.prepare() == 0
    code = device.fresh / "enrolment-code"
    assert code.read_text() == "ABCD\n"
    assert stat.S_IMODE(code.stat().st_mode) == 0o600
    device.enrolled()
    assert (device.fat / "enrolment-code").exists()
    office = device.kept / "register/fleet/office.json"
    office.parent.mkdir(parents=True)
    office.touch()
    device.enrolled()
    assert not (device.fat / "enrolment-code").exists()


def test_the_partition_grows_once(device: Device) -> None:
    disk = device.root / "sys/devices/vda"
    (disk / "vda4").mkdir(parents=True)
    (device.root / "sys/class/block").mkdir(parents=True)
    (device.root / "sys/class/block/vda4").symlink_to(disk / "vda4")
    (disk / "size").write_text("4000000\n")
    for name, text in {"partition": "4", "start": "1000000", "size": "262144"}.items():
        (disk / "vda4" / name).write_text(text + "\n")
    ran: list[str] = []

    def run(command: Sequence[str]) -> object:
        ran.append(" ".join(command))
        return "/dev/vda4\n" if command[0] == "findmnt" else ""

    device.run = run
    assert device.prepare() == 0
    assert any("sfdisk" in one and one.endswith("-N 4 /dev/vda") for one in ran)
    assert "resize2fs /dev/vda4" in ran
    ran.clear()
    (disk / "vda4/size").write_text("3000000\n")
    assert device.prepare() == 0
    assert not any("sfdisk" in one for one in ran)


def test_the_machine_keeps_its_id_when_either_partition_is_lost(tmp_path: Path) -> None:
    anchor, journal = tmp_path / "anchor", tmp_path / "journal"
    for one in (anchor, journal):
        one.mkdir()

    def asked() -> str:
        command = ["sh", str(MACHINE_ID), str(anchor), str(journal)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    first = asked()
    assert len(first) == 32
    for lost in (anchor, journal):
        (lost / "machine-id").unlink()
        assert asked() == first
        assert (lost / "machine-id").read_text().strip() == first


def test_sections_are_added_behind_those_of_the_stub() -> None:
    program = bytearray(1024)
    struct.pack_into("<I", program, 0x3C, 128)
    struct.pack_into("<HH", program, 128 + 6, 2, 0)
    struct.pack_into("<H", program, 128 + 20, 112)
    struct.pack_into("<Q", program, 128 + 48, 0x1_4000_0000)
    rows = 128 + 24 + 112
    for number, (size, address) in enumerate(((0x1000, 0x10_0000), (0xBFF0, 0x4000))):
        struct.pack_into("<II", program, rows + 40 * number + 8, size, address)
    assert _end_of(bytes(program)) == 0x1_4020_0000


def test_a_partition_that_may_be_missing_is_waited_for_all_the_same() -> None:
    lines = (ROOT / "distribution/image/files/etc/fstab").read_text().splitlines()
    missing = [line.split() for line in lines if line.startswith("PARTUUID=")]
    assert len(missing) == 3
    for one in missing:
        assert {"nofail", "x-systemd.before=kiosk-tui-device.service"} <= set(one[3].split(","))
