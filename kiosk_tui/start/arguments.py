"""The command lines that mean the full screen, read without the parser.

Building the parser for every command costs a tenth of the first picture. What is not one of these few
plain forms is the parser's, which reads each of these the same (a test holds the two together).
"""

_MODES = ("kiosk", "lane", "technician")


def full_screen(arguments: list[str]) -> dict[str, str | bool | None] | None:
    """Read `run`, `--demo`, `--mode MODE`, `--config FILE` in any order; None for anything else."""
    told: dict[str, str | bool | None] = {"config": None, "mode": None, "demo": False}
    rest, commands = arguments[:], ["run"]
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        if option in commands and not equals:
            commands.clear()
            continue
        if option == "--demo" and not equals:
            told["demo"] = True
            continue
        if option not in ("--mode", "--config") or not (equals or rest):
            return None
        value = value if equals else rest.pop(0)
        if option == "--mode" and value in _MODES:
            told["mode"] = value
        elif option == "--config" and value and not value.startswith("-"):
            told["config"] = value
        else:
            return None
    return told
