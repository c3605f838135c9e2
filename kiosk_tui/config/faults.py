"""How a fault in the configuration is told."""

from __future__ import annotations

_HEAD, _TAIL = 400, 200


class ConfigError(ValueError):
    """A configuration that cannot be used; its text is one sentence (exit code 78).

    What a file or a variable holds is quoted so that it stays on its line, and not for ever.
    """

    def __init__(self, sentence: str) -> None:
        quoted = "".join(map(_visible, sentence))
        if len(quoted) > _HEAD + _TAIL:
            quoted = f"{quoted[:_HEAD]} ... {quoted[-_TAIL:]}"
        super().__init__(quoted)


def _visible(one: str) -> str:
    return one if one.isprintable() else one.encode("unicode_escape").decode("ascii")
