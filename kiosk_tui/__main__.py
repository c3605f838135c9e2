"""The program's door: `python -m kiosk_tui` and `kiosk-tui`.

The first picture goes to the screen before anything else is loaded, Python's own `site` included where
the caller left that out (`-S`). Whatever keeps the program from starting ends with 70. Python itself would
end with 1, and to a script that means "declined".
"""

import posix
import sys

SOFTWARE = 70
"""`kiosk_tui.cli.exits` may be what cannot be loaded."""


def start() -> int:
    """Run the command that was typed, in a process of its own; return the exit code."""
    try:
        from kiosk_tui.isolation import enter  # noqa: PLC0415 - a light door
    except Exception as error:  # noqa: BLE001
        return _not_started(error)
    enter()
    return main()


def main() -> int:
    """Run the command that was typed; return the exit code."""
    try:
        return _run()
    except Exception as error:  # noqa: BLE001 - whatever it is, no payment was begun
        return _not_started(error)


def _run() -> int:
    from kiosk_tui.start import early  # noqa: PLC0415 - a light door

    taken = early.begin(sys.argv[1:])
    try:
        _hand_over()
        _find_libraries()
        if not taken:
            return _command_line()
        from kiosk_tui.cli import afterwards  # noqa: PLC0415
        from kiosk_tui.ui import deferred  # noqa: PLC0415

        with afterwards.put_right(), deferred.first_stage():
            afterwards.give_back_at_the_end(early.give_back)
            return _command_line()
    finally:
        early.give_back()


def _command_line() -> int:
    from kiosk_tui.compiled.taking import take  # noqa: PLC0415

    take()
    from kiosk_tui.cli.main import main as command_line  # noqa: PLC0415
    from kiosk_tui.files.writing import guard  # noqa: PLC0415

    guard()
    return command_line(sys.argv[1:])


def _hand_over() -> None:
    """Let a lane be forked that goes on from here, where there is a parent for it; return where not."""
    from kiosk_tui.start import early  # noqa: PLC0415 - a light door

    if early.LANES in posix.environ:
        from kiosk_tui.isolation import program  # noqa: PLC0415 - seldom
        from kiosk_tui.lanes.handover import hand_over  # noqa: PLC0415

        hand_over(program())


def _not_started(error: Exception) -> int:
    what = f"{type(error).__name__}: {error}"
    sys.stderr.write(f"kiosk-tui: It could not be started ({what}): install it again.\n")
    return SOFTWARE


def _find_libraries() -> None:
    """Do what Python itself does before anything else, where it was told to leave that out (`-S`)."""
    if sys.flags.no_site and "site" not in sys.modules:
        import site  # noqa: PLC0415 - after the first picture

        site.main()


if __name__ == "__main__":
    if not __package__:  # started as a file, isolated: nothing is imported from anywhere else
        root = __file__.rpartition("/kiosk_tui/")[0]
        if root not in sys.path:
            sys.path.insert(0, root)
    sys.exit(start())
