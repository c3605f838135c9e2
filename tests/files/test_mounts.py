"""A file system that forgets, or that locks cannot be relied upon, is told; any other is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk_tui.files.mounts import concern, kind_of

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /run rw,nosuid shared:2 - tmpfs tmpfs rw,size=100k
24 22 0:22 / /var/lib/my\\040net rw shared:3 - nfs4 host:/x rw,vers=4.2
25 22 0:23 / /srv/cifs rw - cifs //host/x rw
26 22 0:24 / /srv/ssh rw - fuse.sshfs host: rw
27 22 0:25 / /media/stick rw - vfat /dev/sda1 rw
28 22 0:26 / /live rw - overlay overlay rw,lowerdir=/a,upperdir={upper},workdir=/w
29 22 0:27 / /kept rw - overlay overlay rw,lowerdir=/a,upperdir={kept},workdir=/w
30 22 0:28 / /docker rw - overlay overlay rw,lowerdir=/a,upperdir=/var/lib/none/diff,workdir=/w
31 22 0:29 / /hidden rw - tmpfs tmpfs rw
32 22 254:1 / /hidden rw - ext4 /dev/vdb rw
33 22 0:30 / /virt rw - 9p share rw
34 23 0:31 / /run/kept rw - btrfs /dev/vdc rw
a broken line
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    file = tmp_path / "mountinfo"
    (tmp_path / "kept").mkdir()
    file.write_text(MOUNTS.format(upper="/run", kept=tmp_path / "kept"))
    return file


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/run/kiosk/journal.db", "memory only (tmpfs)"),
        ("/var/lib/my net/journal.db", "network"),
        ("/srv/cifs/journal.db", "cifs"),
        ("/srv/ssh/journal.db", "fuse.sshfs"),
        ("/virt/journal.db", "9p"),
        ("/media/stick/journal.db", "keeps no rights"),
        ("/live/journal.db", "memory only (tmpfs)"),
        ("/docker/journal.db", "thrown away with its container"),
    ],
)
def test_a_place_that_forgets_is_told(mounts: Path, path: str, words: str) -> None:
    assert words in concern(Path(path), mounts)


@pytest.mark.parametrize(
    "path", ["/srv/journal.db", "/kept/j.db", "/hidden/j.db", "/run/kept/j.db", "/runs/j.db"]
)
def test_a_place_that_keeps_is_not(mounts: Path, path: str) -> None:
    assert concern(Path(path), mounts) == ""


def test_a_list_that_cannot_be_read_is_no_reason_for_a_word(tmp_path: Path) -> None:
    assert concern(Path("/run/x"), tmp_path / "none") == ""
    assert kind_of(Path("/run/x"), tmp_path / "none") == ""


def test_this_machine_tells_what_its_temporary_memory_is() -> None:
    if Path("/dev/shm").is_dir():  # noqa: S108
        assert kind_of(Path("/dev/shm/x")) == "tmpfs"  # noqa: S108
