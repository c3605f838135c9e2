"""How a fault in the configuration is told."""

from __future__ import annotations

from collections.abc import Mapping

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


def fault(key: str, what: str, sources: Mapping[str, str]) -> ConfigError:
    """Name the key, where its value came from, what is wrong, and an example."""
    from kiosk_tui.config.shape import EXAMPLES  # noqa: PLC0415 - only when there is a fault to tell

    where = f" (from {sources[key]})" if key in sources else ""
    name = key.rpartition(".")[2]
    example = EXAMPLES.get(key)
    shown = f" Example: {name} = {example}" if example else ""
    return ConfigError(f"{key}{where}: {what}.{shown}")
