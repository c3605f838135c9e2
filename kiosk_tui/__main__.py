"""The program's door: `python -m kiosk_tui` and `kiosk-tui`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command that was typed; return the exit code."""
    from kiosk_tui.cli.main import main as command_line  # noqa: PLC0415 - a light door

    return command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
