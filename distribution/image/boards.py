"""The machines that an image is made for: a row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WORDS: Final = (
    "root=PARTUUID=6b696f73-02 rootfstype=squashfs ro console=tty0 quiet loglevel=3 logo.nologo"
    " vt.global_cursor_default=0 consoleblank=0 systemd.show_status=false rd.udev.log_level=3 panic=10"
)
"""The kernel's command line. Nobody can edit it at power-on: there is no boot menu."""

_COMMON: Final = (
    *(
        "busybox",
        "ca-certificates",
        "console-setup",
        "dbus",
        "dosfstools",
        "e2fsprogs",
        "fdisk",
        "initramfs-tools",
    ),
    *("iproute2", "kbd", "kmod", "libusb-1.0-0", "python3", "systemd-resolved", "systemd-sysv"),
    *("systemd-timesyncd", "udev", "zstd"),
)


@dataclass(frozen=True, slots=True)
class Board:
    """`architecture` as Debian calls it; `components` of Debian's archive that are needed.

    `modules` are all that the kernel needs to reach its root; without, the usual ones of any machine.
    """

    name: str
    architecture: str
    packages: tuple[str, ...]
    components: tuple[str, ...] = ("main",)
    modules: tuple[str, ...] = ()


_USB: Final = (
    "reset-raspberrypi",
    "xhci-pci",
    "dwc2",
    "phy-generic",
    "usb-storage",
    "uas",
    "sd_mod",
)
_VIRTUAL: Final = ("virtio_blk", "virtio_pci", "virtio_mmio")

BOARDS: Final = {
    one.name: one
    for one in (
        Board("pc", "amd64", (*_COMMON, "linux-image-amd64")),
        Board(
            "raspberry-pi",
            "arm64",
            (*_COMMON, "linux-image-arm64", "raspi-firmware"),
            ("main", "non-free-firmware"),
            ("bcm2835", "sdhci-iproc", "gpio-regulator", *_USB, *_VIRTUAL),
        ),
    )
}
