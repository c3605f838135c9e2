"""The program's door: `python -m kiosk_tui` and `kiosk-tui`.

Whatever keeps the program from starting ends with 70. Python itself would end with 1, and to a script
that means "declined".
"""

from __future__ import annotations

import os
import sys

SOFTWARE = 70
"""`kiosk_tui.cli.exits` may be what cannot be loaded."""


def main() -> int:
    """Run the command that was typed; return the exit code."""
    if "KIOSK_TUI_LANES" in os.environ:
        from kiosk_tui.isolation import program  # noqa: PLC0415 - a light door
        from kiosk_tui.lanes.handover import hand_over  # noqa: PLC0415

        hand_over(program())
        del os.environ["KIOSK_TUI_LANES"]
    try:
        from kiosk_tui.cli.main import main as command_line  # noqa: PLC0415 - a light door
        from kiosk_tui.files.writing import guard  # noqa: PLC0415

        guard()
    except Exception as error:  # noqa: BLE001 - whatever it is, no payment was begun
        what = f"{type(error).__name__}: {error}"
        sys.stderr.write(f"kiosk-tui: It could not be started ({what}): install it again.\n")
        return SOFTWARE
    return command_line(sys.argv[1:])


if __name__ == "__main__":
    if not __package__:  # started as a file, isolated: nothing is imported from anywhere else
        from pathlib import Path

        root = str(Path(__file__).parents[1].absolute())
        if root not in sys.path:
            sys.path.insert(0, root)
    from kiosk_tui.isolation import enter

    enter()
    sys.exit(main())
