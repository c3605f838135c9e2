"""What lies under a path: a file system that keeps things, or one that forgets or loses them.

Read from the kernel's own list of mounts. A list that cannot be read, or a kind that is not known to
forget, is no reason for a word.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kiosk_tui.records import dataclass

LIST: Final = Path("/proc/self/mountinfo")

_FORGETS: Final = frozenset({"tmpfs", "ramfs", "devtmpfs", "hugetlbfs", "rootfs"})
_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "coda", "gfs2", "ocfs2", "lustre"}
    | {"glusterfs", "virtiofs", "vboxsf", "vmhgfs", "prl_fs", "ncpfs", "beegfs", "davfs"}
)
_NO_RIGHTS: Final = frozenset(
    {"vfat", "msdos", "exfat", "fuseblk", "ntfs", "ntfs3", "hfs", "umsdos"}
)
_LAYERED: Final = frozenset({"overlay", "aufs", "overlayfs", "unionfs"})
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount: where, of what kind, and with which options."""

    point: str
    kind: str
    options: str

    @property
    def upper(self) -> str:
        """The folder that an overlay writes into; empty where it does not say."""
        found = re.search(r"(?:^|,)upperdir=([^,]+)", self.options)
        return found[1] if found else ""


def concern(path: Path, mounts: Path = LIST) -> str:
    """Say why a file at `path` may be lost or damaged by its file system; nothing where it is kept."""
    known = _mounts(mounts)
    found = _under(path, known)
    return "" if found is None else _judged(found, known)


def kind_of(path: Path, mounts: Path = LIST) -> str:
    """Return the kind of the file system under `path`; empty where nobody says."""
    found = _under(path, _mounts(mounts))
    return "" if found is None else found.kind


def _judged(found: Mount, known: list[Mount]) -> str:
    kind = found.kind
    if kind in _FORGETS:
        return f"it is kept in memory only ({kind}), and gone when the machine goes off"
    if kind in _NETWORK or (kind.startswith("fuse.") and kind != "fuse.lxcfs"):
        return (
            f"it lies on the network or behind another program ({kind}), where locks and what was"
            " written last cannot be relied upon"
        )
    if kind in _NO_RIGHTS:
        return f"it keeps no rights, and a power cut damages it ({kind})"
    if kind in _LAYERED:
        under = _under(Path(found.upper), known) if found.upper else None
        if under is None or under.kind in _LAYERED or not Path(found.upper).is_dir():
            return (
                f"it is a layer ({kind}) that is thrown away with its container, or with a live"
                " system's end"
            )
        return _judged(under, known)
    return ""


def _under(path: Path, known: list[Mount]) -> Mount | None:
    """Return the mount that a path lies on: of those at the longest point, the last one made."""
    whole = os.path.realpath(path)
    best: Mount | None = None
    for one in known:
        point = one.point.rstrip("/")
        inside = whole == point or whole.startswith(f"{point}/")
        if inside and (best is None or len(one.point) >= len(best.point)):
            best = one
    return best


def _mounts(file: Path) -> list[Mount]:
    try:
        return list(_parsed(file.read_text("utf-8", "replace")))
    except OSError:
        return []


def _parsed(text: str) -> Iterator[Mount]:
    # 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue (proc(5))
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if len(fields) > 4 and kinds[0]:  # noqa: PLR2004 - the place of the mount point
            yield Mount(_plain(fields[4]), kinds[0], kinds[-1])


def _plain(text: str) -> str:
    """Undo the kernel's way to write blanks."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), text)
