"""The lock-down of a machine: what it takes away, and that removing it leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
LOCKDOWN = ROOT / "systemd/lockdown/lockdown"
CONSOLE = ROOT / "systemd/lockdown/files/usr/lib/kiosk-tui/console"
CMDLINE = "console=serial0,115200 console=tty1 root=PARTUUID=1-2 rootwait quiet\n"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """What a fresh machine has where the lock-down lays hands on."""
    files = {
        "etc/default/console-setup": 'FONTFACE="Fixed"\n',
        "etc/default/keyboard": 'XKBLAYOUT="us"\n',
        "etc/systemd/logind.conf": "[Login]\n",
        "etc/systemd/system/getty.target.wants/kiosk-tui@tty1.service": "",
        "boot/firmware/cmdline.txt": CMDLINE,
        "var/lib/dpkg/status": "",
    }
    root = tmp_path / "machine"
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    mask = root / "etc/systemd/system/suspend.target"
    mask.symlink_to("/etc/systemd/system/another.target")
    return root


def _lockdown(machine: Path, action: str, *more: str) -> tuple[int, str]:
    done = subprocess.run(
        [LOCKDOWN, action, "--root", machine, *more],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def _seen(machine: Path) -> dict[str, tuple[int, str]]:
    found = {}
    for one in sorted(machine.rglob("*")):
        what = os.readlink(one) if one.is_symlink() else ""  # noqa: PTH115 - not resolved
        if not what and one.is_file():
            what = one.read_text()
        found[str(one.relative_to(machine))] = (one.lstat().st_mode, what)
    return found


def test_removing_it_leaves_the_machine_as_it_was(machine: Path) -> None:
    before = _seen(machine)
    assert _lockdown(machine, "status") == (1, "not installed")
    assert _lockdown(machine, "install", "--keymap", "de")[0] == 0
    assert _lockdown(machine, "status") == (0, "installed")
    assert _seen(machine) != before
    assert _lockdown(machine, "remove")[0] == 0
    assert _seen(machine) == before


def test_nothing_but_the_kiosk_is_left_on_the_console(machine: Path) -> None:
    _lockdown(machine, "install", "--keymap", "de")
    units = machine / "etc/systemd/system"
    for unit in ("getty@.service", "autovt@.service", "ctrl-alt-del.target", "debug-shell.service"):
        assert (units / unit).readlink() == Path("/dev/null")
    assert (
        "NAutoVTs=0" in (machine / "etc/systemd/logind.conf.d/kiosk-tui-lockdown.conf").read_text()
    )
    sysctl = (machine / "etc/sysctl.d/90-kiosk-tui-lockdown.conf").read_text()
    assert "kernel.sysrq = 0" in sysctl
    assert 'XKBLAYOUT="de"' in (machine / "etc/default/keyboard").read_text()


def test_a_raspberry_pi_keeps_its_one_line_of_words(machine: Path) -> None:
    _lockdown(machine, "install")
    (line,) = (machine / "boot/firmware/cmdline.txt").read_text().splitlines()
    words = line.split()
    assert words[: len(CMDLINE.split())] == CMDLINE.split()
    assert words.count("quiet") == 1
    assert "consoleblank=0" in words


def test_a_second_one_is_refused(machine: Path) -> None:
    _lockdown(machine, "install")
    locked = _seen(machine)
    code, said = _lockdown(machine, "install")
    assert code == 69
    assert "installed already" in said
    assert _seen(machine) == locked
    assert _lockdown(machine, "remove")[0] == 0
    assert _lockdown(machine, "remove")[0] == 69


def test_what_somebody_changed_since_is_told(machine: Path) -> None:
    _lockdown(machine, "install")
    (machine / "etc/sysctl.d/90-kiosk-tui-lockdown.conf").write_text("kernel.sysrq = 1\n")
    (machine / "etc/systemd/system/getty@.service").unlink()
    code, said = _lockdown(machine, "status")
    assert code == 1
    assert "altered since: /etc/sysctl.d/90-kiosk-tui-lockdown.conf" in said
    assert "no longer masked: getty@.service" in said


@pytest.mark.parametrize("layout", ["de; reboot", "../de", "DE", 'de"'])
def test_a_keymap_is_a_word(machine: Path, layout: str) -> None:
    before = _seen(machine)
    code, said = _lockdown(machine, "install", "--keymap", layout)
    assert code == 2
    assert "no keyboard layout" in said
    assert _seen(machine) == before


_KEYMAP = """\
keymaps 0-127
keycode  59 = F1               F13              Console_13
	alt	keycode  59 = Console_1
	control	alt	keycode  59 = Console_1
keycode  70 = Scroll_Lock      Show_Memory      Show_Registers
	control	keycode  70 = Show_State
	alt	keycode  70 = Scroll_Lock
keycode  71 = KP_7
keycode  99 = Compose
	control	keycode  99 = Control_backslash
	alt	keycode 105 = Decr_Console
	alt	keycode 106 = Incr_Console
	alt	keycode 103 = KeyboardSignal
	control	alt	keycode 111 = Boot
	shift	keycode 104 = Scroll_Backward
keycode 101 = Break            Last_Console
keycode  30 = +a
keycode  28 = Return
"""


def test_keys_that_lead_out_do_nothing_and_all_others_stay() -> None:
    done = subprocess.run(
        [CONSOLE, "--keys"], input=_KEYMAP, capture_output=True, text=True, check=True
    )
    left = done.stdout.splitlines()
    assert left[1] == "keycode  59 = F1               F13              VoidSymbol"
    kept = [one for one in _KEYMAP.splitlines() if "KP_7" in one or "Compose" in one]
    assert [*kept, "keycode  30 = +a", "keycode  28 = Return"] == [
        one for one in left[1:] if "VoidSymbol" not in one
    ]
    assert len(left) == len(_KEYMAP.splitlines())
